"""Entities as records of ROR: what its schema allows and nothing else, and read again as what they were."""

from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema import Draft7Validator

from tests.registry.conftest import Add
from tests.registry.exports.ror_rules import RECORD
from tests.registry.loading.test_files import load, polish

ROR = {"format": "ror"}
IN_ROR: dict[str, Any] = {
    "identifiers": [{"scheme": "ror", "value": "03bqmcz70"}],
    "seat": {"city": "Kraków", "country": "PL", "subdivision": "PL-12", "geonames_id": 3094802},
}
VALIDATOR = Draft7Validator(RECORD, format_checker=Draft7Validator.FORMAT_CHECKER)


async def exported(api: httpx.AsyncClient) -> tuple[list[dict[str, Any]], str]:
    answer = await api.get("/v1/registry/export", params=ROR)
    assert answer.status_code == 200, answer.text
    records: list[dict[str, Any]] = answer.json()
    wrong = [f"{record['id']} {error.message}" for record in records for error in VALIDATOR.iter_errors(record)]
    assert wrong == []
    for record in records:
        shown = [name for name in record["names"] if "ror_display" in name["types"]]
        assert len(shown) == 1
    return records, answer.headers["klaster-left-out"]


class TestRor:
    async def test_holds_whoever_has_an_id_and_a_place(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("Uniwersytet", **IN_ROR, founded_on="1364-05-12", kinds=[{"code": "company"}, {"code": "bank"}])
        await add("Bez miejsca", identifiers=[{"scheme": "ror", "value": "000025p04"}])
        await add("Bez numeru", seat=IN_ROR["seat"])
        [record], left_out = await exported(api)
        assert left_out == "2"
        assert record["id"] == "https://ror.org/03bqmcz70"
        assert (record["established"], record["types"]) == (1364, ["company"])
        assert record["locations"] == [
            {
                "geonames_id": 3094802,
                "geonames_details": {
                    "name": "Kraków",
                    "continent_code": "EU",
                    "continent_name": "Europe",
                    "country_code": "PL",
                    "country_name": "Poland",
                    "country_subdivision_name": "Lesser Poland",
                },
            }
        ]
        assert {stamp["schema_version"] for stamp in record["admin"].values()} == {"2.0"}

    async def test_is_a_list_where_there_is_nothing(self, empty: httpx.AsyncClient) -> None:
        assert await exported(empty) == ([], "0")

    async def test_says_each_name_once_with_all_that_it_is(self, api: httpx.AsyncClient, add: Add) -> None:
        names = [
            {"value": "Alfa", "lang": "pl"},
            {"value": "ALF", "role": "acronym"},
            {"value": "Alfa", "lang": "pl", "role": "short"},
            {"value": "Alpha", "lang": "sgs"},
        ]
        await add("unused", **IN_ROR, names=names)
        [record], _ = await exported(api)
        assert record["names"] == [
            {"value": "Alfa", "types": ["ror_display", "label", "alias"], "lang": "pl"},
            {"value": "ALF", "types": ["acronym"], "lang": None},
            {"value": "Alpha", "types": ["label"], "lang": None},
        ]

    async def test_leaves_out_relations_that_name_nobody_in_ror(self, api: httpx.AsyncClient, add: Add) -> None:
        relations = [
            {"kind": "parent", "label": "Góra", "scheme": "ror", "value": "000025p04"},
            {"kind": "parent", "label": "Góra", "scheme": "ror", "value": "000025p04"},
            {"kind": "related", "label": "Ktoś"},
            {"kind": "branch", "label": "Oddział", "scheme": "ror", "value": "000025p04"},
        ]
        await add("Alfa", **IN_ROR, relations=relations)
        [record], _ = await exported(api)
        assert record["relationships"] == [{"type": "parent", "id": "https://ror.org/000025p04", "label": "Góra"}]

    async def test_is_read_again_as_what_it_was(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        outcome, _ = await load(app, polish())
        records, left_out = await exported(api)
        assert (len(records), left_out) == (outcome.created, "0")
        known = {record["id"]: record for record in polish()}
        for record in records:
            before = known[record["id"]]
            assert {name["value"] for name in record["names"]} == {name["value"].strip() for name in before["names"]}
            assert sorted(record["types"]) == sorted(before["types"])
            said, there = record["locations"][0], before["locations"][0]
            assert said["geonames_id"] == there["geonames_id"]
            assert said["geonames_details"].keys() >= {"lat", "lng", "country_code", "continent_code"}
