"""Every resource of registry and indicators is shown by an example, for what is sent and for what comes back."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.services import committed, operations

CONTRACTS = {name: committed(name) for name in ("registry", "indicators")}
JSON = "application/json"


def resolved(contract: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """The shape behind a reference; of a body that may be missing, the shape where it is there."""
    found: Any = next((one for one in shape.get("anyOf", ()) if "$ref" in one), shape)
    while "$ref" in found:
        found = contract["components"]["schemas"][found["$ref"].rsplit("/", 1)[-1]]
    return dict(found)


def shown(contract: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """The shape that carries the examples: a page is shown by what it is a page of."""
    found = resolved(contract, shape)
    items = found.get("properties", {}).get("items", {}).get("items")
    return resolved(contract, items) if "examples" not in found and items is not None else found


def bodies(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of a request and of a good answer, with where it stands."""
    for operation in operations(service):
        document = operation.document
        places = {"request": document.get("requestBody", {})}
        places |= {status: document["responses"].get(status, {}) for status in ("200", "201")}
        for place, holder in places.items():
            shape = holder.get("content", {}).get(JSON, {}).get("schema")
            if shape is not None:
                yield f"{operation} {place}", shown(CONTRACTS[service], shape)


@pytest.mark.parametrize("service", CONTRACTS)
class TestExamples:
    def test_show_every_body(self, service: str) -> None:
        assert [where for where, shape in bodies(service) if not shape.get("examples")] == []

    def test_are_what_their_shapes_say(self, service: str) -> None:
        wrong = []
        for where, shape in bodies(service):
            schema = {**shape, "components": CONTRACTS[service]["components"]}
            validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
            wrong += [f"{where}: {error.message}" for one in shape["examples"] for error in validator.iter_errors(one)]
        assert wrong == []
