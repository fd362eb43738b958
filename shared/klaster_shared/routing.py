"""The route class of every service: unknown parameters are refused by name, first answers are kept for replays."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cached_property
from inspect import signature
from typing import Any, get_args, get_origin

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.utils import create_model_field
from pydantic import BaseModel, ValidationError

from klaster_shared.errors import FieldError, Invalid, NotFound
from klaster_shared.idempotency import check_key, store_answer

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
MAX_VALUE = 1000  # characters of one query parameter
MAX_VALUES = 100  # times that one may be repeated
# Characters of each value of one that may be repeated: as many as are allowed, as long as allowed, fit into an address.
MAX_LISTED = 300


class ServiceRoute(APIRoute):
    """A route that knows its query parameters and closes a writing request properly."""

    max_value = MAX_VALUE
    ignores_unknown = False  # of parameters: True where a protocol of others lets clients add their own

    def __init__(self, path: str, endpoint: Callable[..., Any], **stated: Any) -> None:
        """A handler that answers with bytes of its own needs no serializer of what its contract says it answers.

        Hundreds of them were made at each start, and never used: a sixth of its processor time, and megabytes.
        """
        self._answer = stated.get("response_model") if _answers_itself(endpoint) else None
        super().__init__(path, endpoint, **{**stated, "response_model": None} if self._answer else stated)

    def state_answer(self) -> None:
        """Make what the contract says of the answer: whoever writes the contract asks for it."""
        if self._answer and self.response_field is None:
            self.response_model = self._answer
            name = f"Response_{self.unique_id}"
            self.response_field = create_model_field(name=name, type_=self._answer, mode="serialization")

    @cached_property
    def query_names(self) -> frozenset[str]:
        """Every query parameter that this route, or a dependency of it, reads."""
        return frozenset(_query_fields(self.dependant))

    @cached_property
    def listed_names(self) -> frozenset[str]:
        """Those of them that may be repeated."""
        return frozenset(name for name, annotation in _query_fields(self.dependant).items() if _is_list(annotation))

    def get_route_handler(self) -> Handler:
        handle = self._framework_handler()
        secret = bool((self.openapi_extra or {}).get("x-klaster-secret"))

        async def handler(request: Request) -> Response:
            # SQLite takes a NUL for a letter, PostgreSQL fails on it: nothing of ours contains one.
            if "\0" in request.scope["path"]:
                raise NotFound("There is nothing with a NUL character in its name")
            if b"%00" in request.scope["query_string"]:
                _refuse_nul(request)
            if (
                len(request.scope["query_string"]) > MAX_VALUES * 2
            ):  # shorter, it can hold neither too many nor too long
                _check_sizes(request, self.listed_names, self.max_value)
            if request.method == "POST":
                check_key(request)
            unknown = sorted(set(request.query_params.keys()) - self.query_names)
            if unknown and not self.ignores_unknown:
                raise _unknown_parameters(unknown, self.query_names)
            response = await handle(request)
            # The transaction is still open here: FastAPI commits it when this handler has returned.
            await store_answer(request, response, secret=secret)
            return response

        return handler

    def _framework_handler(self) -> Handler:
        """The framework's own handler; one shape of query parameters is read by `_reading`, at a tenth of the cost.

        The framework looks for every field of the shape by itself, each time: 300 us for the list of entities. What
        the contract says is still made from the declaration, which stays as it is.
        """
        declared, shape = self.dependant, _only_query_shape(self.dependant)
        if shape is None:
            return super().get_route_handler()
        name, model = shape
        read = get_dependant(path=self.path_format, call=_reading(model), name=name)
        self.dependant = replace(declared, query_params=[], dependencies=[*declared.dependencies, read])
        try:
            return super().get_route_handler()
        finally:
            self.dependant = declared


def _answers_itself(endpoint: Callable[..., Any]) -> bool:
    returned = signature(endpoint).return_annotation
    return isinstance(returned, type) and issubclass(returned, Response)


def _only_query_shape(dependant: Dependant) -> tuple[str, type[BaseModel]] | None:
    """Name and class of the shape that holds all of an operation's own parameters."""
    others = dependant.path_params + dependant.header_params + dependant.cookie_params + dependant.body_params
    if others or len(dependant.query_params) != 1:
        return None
    [field] = dependant.query_params
    shape = field.field_info.annotation
    return (field.name, shape) if isinstance(shape, type) and issubclass(shape, BaseModel) else None


def _reading(model: type[BaseModel]) -> Callable[[Request], Coroutine[Any, Any, BaseModel]]:
    """Reads query parameters as the framework does: all values of lists, the last one of anything else."""
    lists = frozenset(info.alias or name for name, info in model.model_fields.items() if _is_list(info.annotation))

    async def read(request: Request) -> BaseModel:
        given: dict[str, Any] = {}
        for name, value in request.query_params.multi_items():
            if name in lists:
                given.setdefault(name, []).append(value)
            else:
                given[name] = value
        try:
            return model.model_validate(given)
        except ValidationError as error:
            found = error.errors(include_url=False)
            raise RequestValidationError([{**one, "loc": ("query", *one["loc"])} for one in found]) from error

    return read


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(get_origin(part) is list for part in get_args(annotation))


def _query_fields(dependant: Dependant) -> dict[str, Any]:
    """Names and types of the query parameters."""
    fields: dict[str, Any] = {}
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields |= {info.alias or name: info.annotation for name, info in annotation.model_fields.items()}
        else:
            fields[field.alias] = annotation
    for child in dependant.dependencies:
        fields |= _query_fields(child)
    return fields


def _refuse_nul(request: Request) -> None:
    wrong = [
        FieldError(pointer=f"query/{name}", code="nul", detail="A NUL character means nothing here")
        for name, value in request.query_params.multi_items()
        if "\0" in name + value
    ]
    if wrong:
        raise Invalid("A query parameter holds a NUL character", errors=wrong)


def _check_sizes(request: Request, listed: frozenset[str], max_value: int) -> None:
    """Refuse, by name, a query parameter that is longer, or repeated more often, than any is read."""
    times = Counter(name for name, _value in request.query_params.multi_items())
    wrong = [
        FieldError(pointer=f"query/{name}", code="too_long", detail=f"At most {MAX_VALUES} values are read")
        for name, count in times.items()
        if count > MAX_VALUES
    ]
    wrong += [
        FieldError(pointer=f"query/{name}", code="string_too_long", detail=f"At most {most} characters are read")
        for name, value in request.query_params.multi_items()
        if len(value) > (most := MAX_LISTED if name in listed else max_value)
    ]
    if wrong:
        raise Invalid("A query parameter is longer, or repeated more often, than it is read", errors=wrong)


def _unknown_parameters(unknown: list[str], known: frozenset[str]) -> Invalid:
    hint = f"This operation knows: {', '.join(sorted(known))}" if known else "This operation takes no parameters"
    return Invalid(
        f"Unknown query parameter: {', '.join(unknown)}",
        errors=[FieldError(pointer=f"query/{name}", code="unknown_parameter", detail=hint) for name in unknown],
    )


def api_router(tag: str) -> APIRouter:
    """A router whose routes follow the conventions; `tag` groups them in the contract."""
    # Handlers are named verb_noun, which is what generated clients should call them.
    return APIRouter(tags=[tag], route_class=ServiceRoute, generate_unique_id_function=lambda route: route.name)
