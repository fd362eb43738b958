"""What reconciliation clients send: parameters and forms, read leniently, refused clearly."""

from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from klaster_registry.reconciliation.schemas import ExtendQuery, ReconciliationQuery
from klaster_shared.errors import FieldError, Invalid, Malformed, UnsupportedMediaType
from klaster_shared.routing import ServiceRoute

Parsed = TypeVar("Parsed")
_FORM = "application/x-www-form-urlencoded"
_FIELDS = 20  # of one form: clients add a few of their own
_QUERIES = TypeAdapter(dict[str, ReconciliationQuery])
_EXTEND = TypeAdapter(ExtendQuery)


class LenientRoute(ServiceRoute):
    """Clients of this protocol add parameters of their own (`callback`, `_`): what is not known is passed over."""

    max_value = 8000  # rows to match, written into the address
    ignores_unknown = True


class Sent(BaseModel):
    """The two parts that mean something; both may be absent."""

    queries: str | None = None
    extend: str | None = None


async def form_of(request: Request) -> Sent:
    """The form of a POST; raises UnsupportedMediaType for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise UnsupportedMediaType(f"Send {_FORM}, with `queries` or `extend`")
    body = await request.body()
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError as error:
        raise Malformed("The form cannot be read: percent-encoded UTF-8, a few fields") from error
    return Sent(queries=fields.get("queries"), extend=fields.get("extend"))


def queries_of(text: str) -> dict[str, ReconciliationQuery]:
    """The batch; raises Invalid with pointers where it is no JSON, or says something else."""
    return _parsed(_QUERIES, text, "queries")


def extend_of(text: str) -> ExtendQuery:
    """What is to be told; raises as `queries_of` does."""
    return _parsed(_EXTEND, text, "extend")


def _parsed(shape: TypeAdapter[Parsed], text: str, name: str) -> Parsed:
    try:
        return shape.validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False)
        errors = [_field_error(item, name) for item in found[:_FIELDS]]
        if any(item["type"] == "json_invalid" for item in found):
            raise Invalid(f"`{name}` is not valid JSON", errors=errors) from error
        raise Invalid(f"`{name}` holds values that cannot be accepted: see errors", errors=errors) from error


def _field_error(item: Any, name: str) -> FieldError:
    field = (item.get("ctx") or {}).get("field")
    steps = [name, *map(str, item["loc"]), *([field] if field else [])]
    pointer = "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
    return FieldError(pointer=pointer, code=str(item["type"]), detail=str(item["msg"]))
