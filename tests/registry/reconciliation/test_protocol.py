"""Every answer has the shape that the protocol asks for, whichever of the shapes it allows the request had."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from klaster_registry.matching.features import FEATURES
from tests.registry.conftest import Served
from tests.registry.reconciliation.protocol import (
    EXTEND,
    EXTENSION,
    MANIFEST,
    PROPOSED,
    QUERIES,
    RESULTS,
    SUGGESTED,
    faults,
)
from tests.registry.shelves import ENGINES, Known, Shelf, filled, put

BASE = "/v1/registry/reconcile"
UNIVERSITY = "Uniwersytet Jagielloński"


async def fill(admin: httpx.AsyncClient) -> Known:
    university = await put(
        admin,
        UNIVERSITY,
        seat={"city": "Kraków", "country": "PL", "latitude": 50.0614, "postal_code": "31-007"},
        identifiers=[{"scheme": "nip", "value": "6750002236"}],
        links=[{"type": "website", "url": "https://www.uj.edu.pl/"}],
        founded_on="1364-05-12",
        kinds=[{"code": "coordinator"}],
    )
    hospital = await put(
        admin,
        "Szpital Uniwersytecki",
        relations=[{"kind": "parent", "label": UNIVERSITY, "entity": university["id"]}],
        seat={"city": "Kraków", "country": "PL"},
        existence="inactive",
    )
    return {"university": university, "hospital": hospital}


@pytest.fixture(scope="module", params=ENGINES)
async def filled_shelf(request: pytest.FixtureRequest, served: Served) -> AsyncIterator[Shelf]:
    async with filled(request, served, fill) as shelf:
        yield shelf


@pytest.fixture
def known(filled_shelf: Shelf) -> Known:
    return filled_shelf.opened().known


@pytest.fixture
def reader(filled_shelf: Shelf) -> httpx.AsyncClient:
    return filled_shelf.opened().anybody


async def results(client: httpx.AsyncClient, queries: Any) -> dict[str, Any]:
    answer = await client.post(BASE, data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert faults(found, RESULTS) == []
    assert list(found) == list(queries)
    return {key: one["result"] for key, one in found.items()}


async def matched(client: httpx.AsyncClient, query: dict[str, Any]) -> str | None:
    """As clients decide: whoever has the highest score, where it is a match."""
    result = (await results(client, {"q0": query}))["q0"]
    best = max(result, key=lambda one: one["score"], default=None)
    assert sum(one["match"] for one in result) == int(best is not None and best["match"])
    return best["id"] if best and best["match"] else None


def asking(**properties: Any) -> dict[str, Any]:
    return {"query": UNIVERSITY, "properties": [{"pid": pid, "v": v} for pid, v in properties.items()]}


class TestManifest:
    @pytest.mark.parametrize("language", ["pl", "en", "uk"])
    async def test_is_one(self, reader: httpx.AsyncClient, language: str) -> None:
        answer = await reader.get(BASE, headers={"Accept-Language": language})
        assert faults(answer.json(), MANIFEST) == []


class TestQueries:
    @pytest.mark.parametrize(
        "query",
        [
            {"query": UNIVERSITY},
            {"query": UNIVERSITY, "limit": 1, "type": "coordinator", "type_strict": "should"},
            {"query": UNIVERSITY, "type": ["bank", "coordinator"], "type_strict": "any", "limit": 2.0},
            {"query": UNIVERSITY, "type": [], "properties": []},
            {"query": UNIVERSITY, "type": ""},
            {"properties": [{"pid": "nip", "v": 6750002236}]},
            {"query": "", "properties": [{"pid": "nip", "v": "675-000-22-36"}]},
            asking(city="Kraków"),
            asking(city={"id": "Q31487", "name": "Kraków"}),
            asking(city=["Cracovia", "Kraków"]),
            asking(country={"id": "Q36", "name": "Polska"}),
            asking(country=[{"id": "PL"}, "Germany"]),
            asking(latitude=50.0614, unheard_of=True, another=[1, 2.5, False, "x", {"id": "y"}]),
            asking(founded_on=1364),
            asking(founded_on="1364-05-12"),
            asking(founded_on="1364-05-12T00:00:00Z"),
            asking(website="http://uj.edu.pl"),
            asking(postal_code="31007"),
            asking(nip="PL 675-000-22-36"),
            asking(city="", country=[]),
        ],
    )
    async def test_find_whom_they_mean_in_each_shape(
        self, reader: httpx.AsyncClient, known: Known, query: dict[str, Any]
    ) -> None:
        assert faults({"q0": query}, QUERIES) == []
        assert await matched(reader, query) == known["university"]["id"]

    @pytest.mark.parametrize(
        "query",
        [
            asking(city={"id": "Q270", "name": "Warszawa"}),
            asking(founded_on="1365-05-12"),
            asking(website="https://www.agh.edu.pl"),
            asking(latitude=52.2),
        ],
    )
    async def test_are_no_match_where_a_property_differs(
        self, reader: httpx.AsyncClient, known: Known, query: dict[str, Any]
    ) -> None:
        assert await matched(reader, query) is None

    async def test_that_name_an_identifier_are_a_match_whatever_else_differs(
        self, reader: httpx.AsyncClient, known: Known
    ) -> None:
        query = {"query": "Szpital Uniwersytecki", "properties": [{"pid": "nip", "v": "6750002236"}]}
        query["properties"] += [{"pid": "city", "v": "Radom"}, {"pid": "country", "v": "Germany"}]
        assert await matched(reader, query) == known["university"]["id"]

    async def test_of_a_whole_sheet_are_answered_though_cells_are_empty(self, reader: httpx.AsyncClient) -> None:
        batch = {f"q{at}": {"query": text} for at, text in enumerate(["", "   ", UNIVERSITY, "???", "\u200b", "0"])}
        assert faults(batch, QUERIES) == []
        found = await results(reader, batch)
        assert [bool(found[key]) for key in batch] == [False, False, True, False, False, False]

    async def test_may_be_none(self, reader: httpx.AsyncClient) -> None:
        assert await results(reader, {}) == {}

    @pytest.mark.parametrize(
        "query", [{}, {"properties": []}, {"query": 5}, {"properties": [{"id": "city", "v": "x"}]}, [], "x"]
    )
    async def test_that_are_none_are_refused(self, reader: httpx.AsyncClient, query: Any) -> None:
        assert faults({"q0": query}, QUERIES) != []
        answer = await reader.post(BASE, data={"queries": json.dumps({"q0": query})})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("/queries/q0")


class TestSuggestions:
    @pytest.mark.parametrize(
        ("what", "prefix"),
        [("entity", "uniw"), ("entity", ""), ("type", ""), ("type", "coord"), ("property", "c"), ("property", "zzz")],
    )
    async def test_are_such(self, reader: httpx.AsyncClient, known: Known, what: str, prefix: str) -> None:
        asked = {"prefix": prefix, "cursor": 0, "type": "coordinator", "limit": 5, "callback": "f", "spell": "always"}
        answer = await reader.get(f"{BASE}/suggest/{what}", params=asked)
        assert faults(answer.json(), SUGGESTED) == []


class TestExtension:
    async def test_proposals_are_such(self, reader: httpx.AsyncClient) -> None:
        for asked in ({}, {"type": ""}, {"type": "coordinator", "limit": 3, "callback": "f"}):
            answer = await reader.get(f"{BASE}/properties", params=asked)
            assert faults(answer.json(), PROPOSED) == []

    async def test_is_one_with_every_property(self, reader: httpx.AsyncClient, known: Known) -> None:
        proposed = (await reader.get(f"{BASE}/properties")).json()["properties"]
        properties = [{"id": one["id"], "settings": {"limit": 1}} for one in proposed]
        asked = {"ids": [known["university"]["id"], known["hospital"]["id"], "Q1"], "properties": properties}
        assert faults(asked, EXTEND) == []
        answer = await reader.post(BASE, data={"extend": json.dumps(asked)})
        assert faults(answer.json(), EXTENSION) == []
        rows = answer.json()["rows"]
        assert all(set(row) == {one["id"] for one in proposed} for row in rows.values())
        assert rows[asked["ids"][0]]["founded_on"] == [{"date": "1364-05-12T00:00:00Z"}]
        assert rows[asked["ids"][1]]["parent"] == [{"id": asked["ids"][0], "name": UNIVERSITY}]

    async def test_takes_settings_that_say_nothing(self, reader: httpx.AsyncClient, known: Known) -> None:
        asked = {"ids": [known["university"]["id"]], "properties": [{"id": "city", "settings": None}]}
        answer = await reader.post(BASE, data={"extend": json.dumps(asked)})
        assert faults(answer.json(), EXTENSION) == []


class TestFeatures:
    @pytest.mark.parametrize("language", ["pl", "en"])
    async def test_are_explained_where_the_manifest_says(
        self, reader: httpx.AsyncClient, known: Known, language: str
    ) -> None:
        headers = {"Accept-Language": language}
        where = (await reader.get(BASE)).json()["feature_view"]["url"].partition(BASE)[2]
        query = {**asking(city="Kraków", nip="6750002236"), "type": "coordinator"}
        named = {one["id"] for one in (await results(reader, {"q0": query}))["q0"][0]["features"]}
        assert {"identifier", "property_city", "type", *FEATURES} <= named
        for feature in named:
            page = await reader.get(BASE + where.replace("{{id}}", feature), headers=headers)
            assert page.status_code == 200, feature
            assert f'<html lang="{language}">' in page.text
        assert (await reader.get(f"{BASE}/features/nothing")).status_code == 404


class TestDescriptions:
    @pytest.mark.parametrize(("language", "text"), [("pl", "Kraków, PL · nie działa"), ("en", "Kraków, PL · inactive")])
    async def test_speak_the_language_asked_for(
        self, reader: httpx.AsyncClient, known: Known, language: str, text: str
    ) -> None:
        answer = await reader.get(
            f"{BASE}/suggest/entity",
            params={"prefix": known["hospital"]["id"]},
            headers={"Accept-Language": language},
        )
        assert answer.json()["result"][0]["description"] == text
