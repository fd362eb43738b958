"""What the merged contract says of every operation: the door's answers, sizes, and the ways in."""

from typing import Any

import pytest

from klaster_gateway.contract.answers import complete_answers
from klaster_gateway.contract.bounds import bound_sizes
from klaster_gateway.contract.ways_in import name_tags, name_ways_in
from tests.services import committed


def document(**operation: Any) -> dict[str, Any]:
    told = {"responses": {"200": {}}, "tags": ["b", "a"], "x-klaster-scope": "a:read", "x-klaster-role": "office"}
    return {
        "paths": {"/a": {"get": {**told, **operation}}},
        "components": {"schemas": {}},
        "tags": [{"name": "a", "description": "of a"}],
    }


def bounded(schema: dict[str, Any]) -> dict[str, Any]:
    made = document()
    made["components"]["schemas"] = {"Shape": {"type": "object", "properties": {"one": schema}}}
    bound_sizes(made)
    found: dict[str, Any] = made["components"]["schemas"]["Shape"]["properties"]["one"]
    return found


class TestAnswers:
    def test_the_doors_own_are_named_by_reference(self) -> None:
        made = document(requestBody={})
        complete_answers(made)
        responses = made["paths"]["/a"]["get"]["responses"]
        assert responses["429"] == {"$ref": "#/components/responses/TooManyRequests"}
        assert {"400", "401", "413", "415", "500", "503"} <= responses.keys()
        assert {"RateLimit", "Retry-After"} <= made["components"]["responses"]["TooManyRequests"]["headers"].keys()

    def test_good_ones_carry_the_quota_beside_headers_of_their_own(self) -> None:
        made = document(responses={"200": {"headers": {"ETag": {}}}})
        complete_answers(made)
        assert {"RateLimit", "ETag"} <= made["paths"]["/a"]["get"]["responses"]["200"]["headers"].keys()

    def test_without_a_body_none_is_too_large(self) -> None:
        made = document()
        complete_answers(made)
        assert "413" not in made["paths"]["/a"]["get"]["responses"]


class TestSizes:
    @pytest.mark.parametrize(
        ("schema", "key", "value"),
        [
            ({"type": "string", "format": "uuid"}, "maxLength", 36),
            ({"type": "string", "pattern": "^[a-z]{2,3}$"}, "maxLength", 3),
            ({"type": "string", "pattern": "^a+$"}, "maxLength", 1024 * 1024),
            ({"type": "string", "maxLength": 7}, "maxLength", 7),
            ({"type": "array"}, "maxItems", 100_000),
            ({"type": "integer", "minimum": 0}, "maximum", 2**31 - 1),
            ({"type": "integer", "maximum": 2**40}, "format", "int64"),
            ({"type": "integer", "exclusiveMinimum": 0}, "format", "int32"),
        ],
    )
    def test_close_what_is_open(self, schema: dict[str, Any], key: str, value: object) -> None:
        assert bounded(schema)[key] == value

    def test_leave_what_lists_its_values(self) -> None:
        assert bounded({"type": "string", "enum": ["a"]}) == {"type": "string", "enum": ["a"]}


class TestWaysIn:
    def test_name_the_scope_for_each_scheme(self) -> None:
        made = document()
        name_ways_in(made)
        assert made["paths"]["/a"]["get"]["security"] == [{"ApiKey": ["a:read"]}, {"AccessToken": ["a:read"]}]

    def test_public_operations_need_none(self) -> None:
        made = document(**{"x-klaster-role": "anonymous"})
        name_ways_in(made)
        assert made["paths"]["/a"]["get"]["security"][0] == {}

    def test_only_schemes_that_are_there_are_named(self) -> None:
        contract = committed("gateway")
        schemes = contract["components"]["securitySchemes"].keys()
        operations = [operation for item in contract["paths"].values() for operation in item.values()]
        assert all(needed.keys() <= schemes for operation in operations for needed in operation["security"])


def test_tags_are_told_once_in_order() -> None:
    made = document()
    name_tags(made)
    assert made["tags"] == [{"name": "a", "description": "of a"}, {"name": "b"}]
