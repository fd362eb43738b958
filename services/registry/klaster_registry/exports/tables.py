"""Collections as tables: entities have columns of their own, others those that the shape of their records gives."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import to_json

from klaster_registry.entities.lines import BETWEEN, COLUMNS, Column, Kind
from klaster_registry.exports.collections import ENTITIES, shape_of

_KINDS: tuple[tuple[type, Kind], ...] = (
    (bool, "flag"),
    (int, "number"),
    (float, "number"),
    (Decimal, "number"),
    (datetime, "instant"),
    (date, "day"),
)


@cache
def columns_of(collection: str) -> Sequence[Column]:
    """The columns of a collection's table."""
    return COLUMNS if collection == ENTITIES else tuple(_columns(shape_of(collection), ()))


def _columns(shape: type[BaseModel], above: tuple[str, ...]) -> Iterator[Column]:
    for name, info in shape.model_fields.items():
        path = (*above, info.alias or name)
        kinds = _meant(info.annotation)
        nested = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if nested is not None:
            yield from _columns(nested, path)
        else:
            yield Column(".".join(path), _kind_of(kinds), _reader(path))


def _meant(annotation: Any) -> list[Any]:
    """What a property may hold: unions and annotations taken apart. A label is both its languages."""
    if get_origin(annotation) is Annotated:
        return _meant(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _meant(part) if kind is not NoneType]
    return [annotation]


def _kind_of(kinds: Sequence[Any]) -> Kind:
    for plain, kind in _KINDS:
        if kinds == [plain]:
            return kind
    return "text"


def _reader(path: tuple[str, ...]) -> Any:
    def read(record: Mapping[str, Any]) -> Any:
        value: Any = record
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return _plain(value)

    return read


def _plain(value: Any) -> Any:
    """What a cell can hold: short lists joined, anything deeper as JSON."""
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return BETWEEN.join(value) or None
        return to_json(value).decode() if value else None
    if isinstance(value, str | int | float | Decimal | date | NoneType):
        return value
    return to_json(value).decode() if isinstance(value, Mapping) else str(value)
