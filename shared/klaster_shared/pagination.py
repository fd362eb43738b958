"""Keyset pages: stable under inserts, and as cheap at page 1,000 as at page 1."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field
from pydantic_core import from_json, to_json
from sqlalchemy import BigInteger, ColumnElement, Select, TypeDecorator, and_, bindparam, or_, tuple_
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from klaster_shared.decimals import ExactDecimal
from klaster_shared.errors import Invalid

Item = TypeVar("Item")
_ANY = DefaultDialect()  # our types mean the same on every engine


class Page(BaseModel, Generic[Item]):  # generic syntax of 3.12 is not in 3.11
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(description="Send as `cursor` to read on; null at the end")
    total: int | None = Field(None, description="How many there are in all; only with `count=true`")


class PageParameters(BaseModel):
    """Query parameters that every list takes: subclass it with the list's own filters."""

    # The route refuses unknown names, for it also knows those that its dependencies read (`lang`); this shape does not.
    model_config = {"extra": "ignore"}

    cursor: str | None = Field(None, max_length=2000, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=500, description="How many items a page holds")
    count: bool = Field(False, description="Also count the whole list")


@dataclass(frozen=True, slots=True)
class Order:
    """One column of a list's order. The last one must be unique; none may be null."""

    name: str
    column: ColumnElement[Any]
    descending: bool = False


_READERS: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
}


def _writable(value: Any) -> Any:
    if isinstance(value, str | int | float) or value is None:
        return value
    for name, kind in (("uuid", UUID), ("datetime", datetime), ("date", date), ("decimal", Decimal)):
        if isinstance(value, kind):
            return {name: value.isoformat() if isinstance(value, date) else str(value)}
    raise TypeError(f"no cursor can hold {type(value).__name__}")


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        [(name, text)] = value.items()
        return _READERS[name](text)
    return value


def encode_cursor(order: Sequence[Order], values: Sequence[Any]) -> str:
    """An opaque cursor: the order it belongs to, and the last row's values in it."""
    shape = [f"{'-' if part.descending else ''}{part.name}" for part in order]
    raw = to_json([shape, [_writable(value) for value in values]])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(order: Sequence[Order], cursor: str) -> list[Any]:
    """The values that a cursor holds; raises Invalid when it is no cursor of a list in this order."""
    try:
        shape, values = from_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        decoded = [_readable(value) for value in values]
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
        raise Invalid.field("query/cursor", "cursor", "This is not a cursor of ours") from error
    if shape != [f"{'-' if part.descending else ''}{part.name}" for part in order] or len(decoded) != len(order):
        raise Invalid.field("query/cursor", "cursor", "This cursor belongs to a list in another order")
    if not all(_fits(part.column, value) for part, value in zip(order, decoded, strict=True)):
        raise Invalid.field("query/cursor", "cursor", "This is not a cursor of ours")
    return decoded


def _fits(column: ColumnElement[Any], value: Any) -> bool:
    """Whether a value can be compared with a column: drivers fail on anything else, each in its own way."""
    kind = _kind(column.type)
    if isinstance(value, bool) or not isinstance(value, kind):
        return isinstance(value, bool) and kind is bool
    if isinstance(value, int):
        return abs(value) < (2**63 if isinstance(column.type, BigInteger) else 2**31)
    if isinstance(value, str):
        return "\0" not in value
    return not isinstance(column.type, TypeDecorator) or _is_taken(column.type, value)


def _kind(stored: TypeEngine[Any]) -> type:
    if isinstance(stored, ExactDecimal):
        return Decimal
    # A type of ours or of SQLModel says nothing of itself, but what it is made of does.
    return stored.impl_instance.python_type if isinstance(stored, TypeDecorator) else stored.python_type


def _is_taken(stored: TypeDecorator[Any], value: Any) -> bool:
    """Whether a type takes a value: those of times want a zone, those of decimals so many places."""
    try:
        stored.process_bind_param(value, _ANY)
    except (ValueError, ArithmeticError):
        return False
    return True


def after(statement: Select[Any], order: Sequence[Order], cursor: str | None) -> Select[Any]:
    """`statement` in `order`, from behind `cursor` on (row values where directions agree: one index range)."""
    values = decode_cursor(order, cursor) if cursor else []
    return _in_order(statement, order, values)


def cursor_parameters(order: Sequence[Order], cursor: str | None) -> dict[str, Any]:
    """The values of a cursor under the names by which a statement of `after_named` takes them."""
    values = decode_cursor(order, cursor) if cursor else ()
    return {f"cursor_{position}": value for position, value in enumerate(values)}


def after_named(statement: Select[Any], order: Sequence[Order], given: Mapping[str, Any]) -> Select[Any]:
    """As `after`, for a statement that is kept: the cursor's values are named parameters, and may change."""
    parts = zip(given.items(), order, strict=False)
    return _in_order(statement, order, [bindparam(name, value, part.column.type) for (name, value), part in parts])


def _in_order(statement: Select[Any], order: Sequence[Order], values: Sequence[Any]) -> Select[Any]:
    if values:
        statement = statement.where(_behind(order, values))
    return statement.order_by(*(part.column.desc() if part.descending else part.column.asc() for part in order))


def _behind(order: Sequence[Order], values: Sequence[Any]) -> ColumnElement[bool]:
    if len({part.descending for part in order}) == 1:
        left = tuple_(*(part.column for part in order))
        right = tuple_(*values, types=[part.column.type for part in order])
        return left < right if order[0].descending else left > right
    clauses = []
    for depth, part in enumerate(order):
        equal = [before.column == value for before, value in zip(order[:depth], values[:depth], strict=True)]
        step = part.column < values[depth] if part.descending else part.column > values[depth]
        clauses.append(and_(*equal, step))
    return or_(*clauses)


def next_cursor(
    rows: Sequence[Any], *, limit: int, order: Sequence[Order], key: Callable[[Any], Sequence[Any]]
) -> str | None:
    """The cursor behind the last row of the page, where the query read `limit + 1` rows and there is more."""
    return encode_cursor(order, key(rows[limit - 1])) if len(rows) > limit else None


def next_link(request: Request, cursor: str | None) -> dict[str, str]:
    """The `Link` header to the next page, on the path as the caller wrote it."""
    if cursor is None:
        return {}
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return {"Link": f'<{request.scope["path"]}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'}


Sort = Annotated[str | None, Query(description="Columns in order, `-` for descending: `name,-founded_on`")]


def parse_sort(sort: str | None, *, columns: dict[str, ColumnElement[Any]], default: str, unique: Order) -> list[Order]:
    """The order that `sort` names, made unique by `unique`; raises Invalid on a column that the list lacks."""
    order: list[Order] = []
    for part in (sort or default).split(","):
        name = part.strip().removeprefix("-")
        if name not in columns:
            raise Invalid.field("query/sort", "sort", f"Sort by one of: {', '.join(sorted(columns))}")
        if name not in {known.name for known in order}:
            order.append(Order(name, columns[name], descending=part.strip().startswith("-")))
    # A tie-breaker in the same direction keeps one index range for the whole comparison.
    return [*order, Order(unique.name, unique.column, descending=order[-1].descending)]
