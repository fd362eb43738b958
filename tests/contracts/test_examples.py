"""Every resource of the registry is shown by an example, for what is sent and for what comes back."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from tests.services import committed, operations

CONTRACT = committed("registry")
JSON = "application/json"


def resolved(shape: dict[str, Any]) -> dict[str, Any]:
    """The shape behind a reference."""
    found: Any = shape
    while "$ref" in found:
        found = CONTRACT["components"]["schemas"][found["$ref"].rsplit("/", 1)[-1]]
    return dict(found)


def shown(shape: dict[str, Any]) -> dict[str, Any]:
    """The shape that carries the examples: a page is shown by what it is a page of."""
    found = resolved(shape)
    items = found.get("properties", {}).get("items", {}).get("items")
    return resolved(items) if "examples" not in found and items is not None else found


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of a request and of a good answer, with where it stands."""
    for operation in operations("registry"):
        document = operation.document
        places = {"request": document.get("requestBody", {})}
        places |= {status: document["responses"].get(status, {}) for status in ("200", "201")}
        for place, holder in places.items():
            shape = holder.get("content", {}).get(JSON, {}).get("schema")
            if shape is not None:
                yield f"{operation} {place}", shown(shape)


class TestExamples:
    def test_show_every_body(self) -> None:
        assert [where for where, shape in bodies() if not shape.get("examples")] == []

    def test_are_what_their_shapes_say(self) -> None:
        wrong = []
        for where, shape in bodies():
            schema = {**shape, "components": CONTRACT["components"]}
            validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
            wrong += [f"{where}: {error.message}" for one in shape["examples"] for error in validator.iter_errors(one)]
        assert wrong == []
