"""What bodies hold is taken as it is written: a text is no truth and no number, in any service."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from tests.services import NAMES, build

TEXTS: tuple[Any, ...] = ("true", "1", "2025", ["1"], ["true"])


def models_in(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """The shapes that an annotation names, with all that they hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation, seen)
    for part in get_args(annotation):
        yield from models_in(part, seen)


def taken_for_more(field: FieldInfo) -> list[Any]:
    """The texts that a field makes truths or numbers of."""
    described = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(described)
    found = []
    for text in TEXTS:
        try:
            value = adapter.validate_python(text)
        except ValidationError:
            continue
        if any(isinstance(one, bool | int | float) for one in (value if isinstance(value, list) else [value])):
            found.append(text)
    return found


class TestBodies:
    @pytest.mark.parametrize("name", NAMES)
    def test_hold_no_texts_for_truths_and_numbers(self, name: str) -> None:
        routes = [route for route in build(name).routes if isinstance(route, APIRoute) and route.body_field]
        seen: set[type[BaseModel]] = set()
        shapes = [
            shape
            for route in routes
            if route.body_field is not None
            for shape in models_in(route.body_field.field_info.annotation, seen)
        ]
        assert len(shapes) > 2
        assert {
            f"{shape.__module__}.{shape.__name__}.{at}": texts
            for shape in shapes
            for at, field in shape.model_fields.items()
            if (texts := taken_for_more(field))
        } == {}
