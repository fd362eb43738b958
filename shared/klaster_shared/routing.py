"""The route class of every service: unknown parameters are refused by name, first answers are kept for replays."""

from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from klaster_shared.errors import FieldError, Invalid, Malformed
from klaster_shared.idempotency import store_answer

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ServiceRoute(APIRoute):
    """A route that knows its query parameters and closes a writing request properly."""

    @cached_property
    def query_names(self) -> frozenset[str]:
        """Every query parameter that this route, or a dependency of it, reads."""
        return frozenset(_query_names(self.dependant))

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        secret = bool((self.openapi_extra or {}).get("x-klaster-secret"))

        async def handler(request: Request) -> Response:
            if "\0" in request.url.path or b"%00" in request.scope["query_string"]:
                # SQLite takes it for a letter, PostgreSQL fails on it: nothing of ours contains one.
                raise Malformed("A path or query with a NUL character means nothing here")
            unknown = sorted(set(request.query_params.keys()) - self.query_names)
            if unknown:
                raise _unknown_parameters(unknown, self.query_names)
            response = await handle(request)
            # The transaction is still open here: FastAPI commits it when this handler has returned.
            await store_answer(request, response, secret=secret)
            return response

        return handler


def _query_names(dependant: Dependant) -> set[str]:
    names: set[str] = set()
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names |= {info.alias or name for name, info in annotation.model_fields.items()}
        else:
            names.add(field.alias)
    for child in dependant.dependencies:
        names |= _query_names(child)
    return names


def _unknown_parameters(unknown: list[str], known: frozenset[str]) -> Invalid:
    hint = f"This operation knows: {', '.join(sorted(known))}" if known else "This operation takes no parameters"
    return Invalid(
        f"Unknown query parameter: {', '.join(unknown)}",
        errors=[FieldError(pointer=f"query/{name}", code="unknown_parameter", detail=hint) for name in unknown],
    )


def api_router(tag: str) -> APIRouter:
    """A router whose routes follow the conventions; `tag` groups them in the contract."""
    return APIRouter(tags=[tag], route_class=ServiceRoute)
