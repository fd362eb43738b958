"""What cannot be is refused, with the place and the reason, and nothing is half-written."""

from typing import Any

import httpx
import pytest

from tests.registry.conftest import Add

NAMES = [{"value": "Ala"}]
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"names": []}, "/names", "too_short"),
    ({"names": [{"value": "x" * 10_000}]}, "/names/0/value", "string_too_long"),
    ({"names": [{"value": "Ala\u0007"}]}, "/names/0/value", "value_error"),
    ({"names": [{"value": "   "}]}, "/names/0/value", "string_too_short"),
    ({"names": [{"value": "Ala", "lang": "xx"}]}, "/names/0/lang", "value_error"),
    ({"names": [{"value": "Ala", "lang": "polski"}]}, "/names/0/lang", "string_pattern_mismatch"),
    ({"names": NAMES, "interest_group": "NOBODY"}, "/interest_group", "unknown_code"),
    ({"names": NAMES, "fields": ["medicine", "alchemy"]}, "/fields/1", "unknown_code"),
    ({"names": NAMES, "sectors": ["99.99.Z"]}, "/sectors/0", "unknown_code"),
    ({"names": NAMES, "kinds": [{"code": "guild"}]}, "/kinds/0/code", "unknown_code"),
    ({"names": NAMES, "markets": [{"code": "EU", "from": "2022-01-02", "to": "2022-01-01"}]}, "/markets/0/to", "dates"),
    ({"names": NAMES, "founded_on": "2020", "closed_on": "2019-12-31"}, "/closed_on", "dates"),
    ({"names": NAMES, "founded_on": "2020-13"}, "/founded_on", "value_error"),
    ({"names": NAMES, "seat": {"country": "XX"}}, "/seat/country", "value_error"),
    ({"names": NAMES, "seat": {"country": "PL", "subdivision": "DE-BY"}}, "/seat/subdivision", "other_country"),
    ({"names": NAMES, "seat": {"latitude": 91}}, "/seat/latitude", "less_than_equal"),
    ({"names": NAMES, "branches": [{"name": "Nigdzie"}]}, "/branches/0/city", "missing"),
    (
        {"names": NAMES, "branches": [{"city": "Tarnów", "from": "2022-01-02", "to": "2022-01-01"}]},
        "/branches/0/to",
        "dates",
    ),
    ({"names": NAMES, "links": [{"url": "javascript:alert(1)"}]}, "/links/0/url", "string_pattern_mismatch"),
    ({"names": NAMES, "identifiers": [{"scheme": "nip", "value": "6762464305"}]}, "/identifiers/0/value", "checksum"),
    ({"names": NAMES, "identifiers": [{"scheme": "krs", "value": "458418"}]}, "/identifiers/0/value", "length"),
    ({"names": NAMES, "identifiers": [{"scheme": "NIP!", "value": "1"}]}, "/identifiers/0/scheme", "value_error"),
    ({"names": NAMES, "relations": [{"kind": "friend", "label": "Bela"}]}, "/relations/0/kind", "literal_error"),
    ({"names": NAMES, "relations": [{"kind": "parent"}]}, "/relations/0/label", "missing"),
    ({"names": NAMES, "rank": 1}, "/rank", "extra_forbidden"),
]


class TestCreate:
    async def test_refuses_what_cannot_be_and_writes_nothing(self, api: httpx.AsyncClient) -> None:
        for body, pointer, code in WRONG:
            answer = await api.post("/v1/entities", json=body)
            assert answer.status_code == 422, (body, answer.text)
            errors = answer.json()["errors"]
            assert (errors[0]["pointer"], errors[0]["code"]) == (pointer, code), (body, errors)
            assert errors[0]["detail"]
        assert (await api.get("/v1/entities?count=true")).json()["total"] == 0
        assert (await api.get("/v1/registry/search?q=ala")).json()["items"] == []

    async def test_keeps_and_marks_what_an_outside_source_got_wrong(self, add: Add) -> None:
        entity = await add(
            "Ala", source="ror", source_key="1", identifiers=[{"scheme": "nip", "value": "676-246-43-05"}]
        )
        [identifier] = entity["identifiers"]
        assert (identifier["value"], identifier["verdict"], identifier["reason"]) == (
            "676-246-43-05",
            "invalid",
            "checksum",
        )


class TestMembership:
    @pytest.mark.parametrize("path", ["/v1/groups/talents/members", "/v1/networks/CEBR/members"])
    async def test_never_begins_before_the_entity(self, api: httpx.AsyncClient, add: Add, path: str) -> None:
        entity = await add("Ala", founded_on="2020-05")
        answer = await api.post(path, json={"entity": entity["id"], "from": "2020-04-30"})
        assert (answer.status_code, answer.json()["rule"]) == (409, "before_founded")
        again = await api.post(path, json={"entity": entity["id"], "from": "2020-05-01"})
        assert again.status_code == 201


class TestList:
    async def test_reads_no_more_of_a_repeated_parameter_than_an_address_holds(self, api: httpx.AsyncClient) -> None:
        assert (await api.get("/v1/entities", params={"source": ["x" * 300] * 50})).status_code == 200
        assert (await api.get("/v1/entities", params={"source_key": ["x" * 300] * 100})).status_code == 200
        for params, pointer, code in (
            ({"source": "x" * 301}, "query/source", "string_too_long"),
            ({"source": ["x" * 301, "y"]}, "query/source", "string_too_long"),
            ({"source_key": ["x"] * 101}, "query/source_key", "too_long"),
        ):
            answer = await api.get("/v1/entities", params=params)
            assert answer.status_code == 422, params
            assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
