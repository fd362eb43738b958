"""Each service serves what its committed contract says. `make openapi` repairs a drift."""

import json
from collections import Counter
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from klaster_gateway.forwarding.head import MAX_TARGET
from klaster_shared.contract import contract_text
from tests.services import INNER, NAMES, ROOT, build, committed, operations

ROOM = 4096  # bytes of an address: for its path, and a few parameters beside the longest


def written(name: str, schema: dict[str, Any]) -> int:
    """Bytes of an address that the longest plain value takes, and each of as many as may be given."""
    if "$ref" in schema:
        schema = committed("gateway")["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        return max(written(name, choice) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        return int(schema["maxItems"]) * written(name, schema["items"])
    words = schema.get("enum", [schema["const"]] if "const" in schema else [])
    longest = max((len(str(word)) for word in words), default=40)
    return len(f"&{name}=") + (longest if words else int(schema.get("maxLength", longest)))


@pytest.mark.parametrize("name", NAMES)
class TestContract:
    def test_is_what_the_service_serves(self, name: str) -> None:
        if name == "gateway":
            pytest.skip("the gateway's is merged from the others: see the merged contract below")
        assert contract_text(build(name)) == (ROOT / "services" / name / "openapi.json").read_text(encoding="utf-8")

    def test_is_valid_openapi(self, name: str) -> None:
        OpenAPIV31SpecValidator(committed(name)).validate()

    def test_names_every_operation_once(self, name: str) -> None:
        counted = Counter(operation.id for operation in operations(name))
        assert [operation_id for operation_id, times in counted.items() if times > 1] == []

    def test_shows_problems_as_problem_documents(self, name: str) -> None:
        for operation in operations(name):
            for status, response in operation.document["responses"].items():
                if status.startswith(("4", "5")):
                    shared = response.get("$ref", "").rsplit("/", 1)[-1]
                    said = committed(name)["components"]["responses"][shared] if shared else response
                    assert list(said["content"]) == ["application/problem+json"], f"{operation} {status}"

    def test_says_what_every_operation_is(self, name: str) -> None:
        assert [str(operation) for operation in operations(name) if not operation.document.get("summary")] == []


class TestMergedContract:
    def test_holds_every_operation_of_every_service(self) -> None:
        merged = {(operation.method, operation.path): operation for operation in operations("gateway")}
        for name in INNER:
            for operation in operations(name):
                known = merged[operation.method, operation.path]
                assert (known.id, known.role, known.scope) == (operation.id, operation.role, operation.scope)
                assert known.service == name

    def test_is_what_the_gateway_would_merge_today(self) -> None:
        from klaster_gateway.openapi import merged_text

        folders = [ROOT / "services" / name / "openapi.json" for name in INNER]
        path = ROOT / "services" / "gateway" / "openapi.json"
        assert merged_text(folders) == path.read_text(encoding="utf-8")
        assert json.loads(path.read_text(encoding="utf-8"))["openapi"].startswith("3.1")

    def test_promises_no_parameter_that_is_longer_than_an_address(self) -> None:
        longest = {
            f"{operation}: {parameter['name']}": size
            for operation in operations("gateway")
            for parameter in operation.document.get("parameters", ())
            if parameter["in"] == "query"
            and (size := written(parameter["name"], parameter["schema"])) + ROOM > MAX_TARGET
        }
        assert longest == {}
