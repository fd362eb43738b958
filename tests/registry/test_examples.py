"""Every example of the contract is one that its own shape accepts."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import klaster_registry


def shapes_with_examples() -> Iterator[Any]:
    for found in pkgutil.walk_packages(klaster_registry.__path__, "klaster_registry."):
        if not found.name.endswith(".schemas"):
            continue
        module = importlib.import_module(found.name)
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__ == module.__name__:
                extra: Any = shape.model_config.get("json_schema_extra") or {}
                for number, example in enumerate(extra.get("examples", ()), start=1):
                    yield pytest.param(shape, example, id=f"{shape.__name__}-{number}")


class TestExamples:
    @pytest.mark.parametrize(("shape", "example"), [*shapes_with_examples()])
    def test_are_accepted_by_their_shape(self, shape: type[BaseModel], example: Any) -> None:
        assert shape.model_validate(example) is not None
