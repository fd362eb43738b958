"""The registry as a file: complete, from one moment, with its place in the feed, the same on both engines."""

import csv
import gzip
import json
from io import StringIO
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_registry.exports.operations import keep_lines
from klaster_registry.exports.streaming import Places
from tests.registry.conftest import Add, As

EXPORT = "/v1/registry/export"
KRAKOW = {"city": "Kraków", "country": "PL", "subdivision": "PL-12", "latitude": 50.06, "longitude": 19.94}


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text, newline="")))


def lines(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def make_older(app: FastAPI) -> None:
    """As a program of before leaves rows: written, and without a line."""
    async with app.state.database.write() as session:
        await session.execute(text("UPDATE entities SET csv_line = '', csv_version = 0"))


class TestCsv:
    async def test_holds_a_line_for_each_entity(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("Zakład, „Łódź”", seat=KRAKOW, identifiers=[{"scheme": "krs", "value": "0000458418"}])
        await add("Zeta")
        answer = await api.get(EXPORT, params={"format": "csv"})
        first, second = rows(answer)
        assert (first["name"], first["krs"], first["latitude"]) == ("Zakład, „Łódź”", "0000458418", "50.06")
        assert (second["name"], second["city"], second["startup"]) == ("Zeta", "", "false")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"

    async def test_ends_every_line_as_the_standard_says(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("Alfa")
        content = (await api.get(EXPORT, params={"format": "csv"})).content
        assert content.count(b"\r\n") == content.count(b"\n") == 2
        assert content.endswith(b"\r\n")
        assert not content.startswith(b"\xef\xbb\xbf")

    async def test_is_a_header_where_there_is_nothing(self, empty: httpx.AsyncClient) -> None:
        answer = await empty.get(EXPORT, params={"format": "csv"})
        assert answer.text.startswith("id,rbw_number,name,")
        assert rows(answer) == []
        assert answer.headers["klaster-position"] == "0"

    async def test_marks_texts_that_spreadsheets_take_for_formulas(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("=HYPERLINK(1)", seat={**KRAKOW, "longitude": -19.5})
        [row] = rows(await api.get(EXPORT, params={"format": "csv"}))
        assert (row["name"], row["longitude"]) == ("'=HYPERLINK(1)", "-19.5")

    async def test_leaves_out_who_was_merged(self, api: httpx.AsyncClient, add: Add) -> None:
        one, other = await add("Jedna"), await add("Druga")
        merged = await api.post(f"/v1/entities/{one['id']}/merge", json={"into": other["id"], "kind": "duplicate"})
        assert merged.status_code == 200, merged.text
        assert [row["name"] for row in rows(await api.get(EXPORT, params={"format": "csv"}))] == ["Druga"]

    async def test_says_what_a_record_says_after_a_change(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Alfa")
        path = f"/v1/entities/{entity['id']}"
        await api.patch(path, json={"legal_form": "S.A."}, headers={"If-Match": "*"})
        [row] = rows(await api.get(EXPORT, params={"format": "csv"}))
        assert (row["legal_form"], row["version"]) == ("S.A.", "2")

    async def test_makes_lines_that_a_program_of_before_did_not(
        self, app: FastAPI, api: httpx.AsyncClient, add: Add
    ) -> None:
        for number in range(40):
            await add(f"Żółw {number:02d} " + "ł" * 400)
        whole = await api.get(EXPORT, params={"format": "csv"})
        await make_older(app)
        assert (await api.get(EXPORT, params={"format": "csv"})).text == whole.text
        assert await keep_lines(app.state.database) == 40
        assert await keep_lines(app.state.database) == 0
        assert (await api.get(EXPORT, params={"format": "csv"})).text == whole.text

    async def test_of_another_collection_has_its_own_columns(self, api: httpx.AsyncClient) -> None:
        found = rows(await api.get(EXPORT, params={"format": "csv", "collection": "interest_groups"}))
        assert next((row["code"], row["name.pl"], row["flags"]) for row in found) == (
            "MED",
            "MED po polsku",
            "health_care",
        )

    async def test_refuses_several_tables_in_one(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(EXPORT, params={"format": "csv", "collection": ["labs", "entities"]})
        assert answer.status_code == 422
        assert answer.json()["errors"][0] == {
            "pointer": "query/collection",
            "code": "one_table",
            "detail": "A CSV holds one table: name one collection",
        }


class TestNdjson:
    async def test_holds_every_collection_and_says_that_it_is_complete(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Alfa")
        head, *records, foot = lines(await api.get(EXPORT))
        assert head["export"] == "registry"
        assert records[0] == {"collection": "entities", "record": entity}
        assert {"interest_groups", "networks", "kinds"} <= {one["collection"] for one in records}
        assert foot == {"complete": True}

    async def test_holds_the_collections_that_were_asked_for(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("Alfa")
        head, *records, _ = lines(await api.get(EXPORT, params={"collection": ["networks", "groups"]}))
        assert head["collections"] == ["networks", "groups"]
        assert [one["record"]["code"] for one in records] == ["CEBR", "KKK", "talents", "funding"]

    async def test_is_read_beyond_one_page(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        for number in range(505):
            name = {"pl": f"Dziedzina {number}", "en": f"Field {number}"}
            await api.post("/v1/sectors", json={"code": f"S{number}", "name": name})
        found = lines(await api.get(EXPORT, params={"collection": "sectors"}))
        assert len({one["record"]["code"] for one in found[1:-1]}) == 505


class TestJsonLd:
    async def test_says_who_organisations_are_in_the_words_of_schema_org(
        self, api: httpx.AsyncClient, add: Add
    ) -> None:
        await add(
            "Alfa",
            seat=KRAKOW,
            founded_on="1999",
            links=[{"url": "https://alfa.pl/"}],
            identifiers=[{"scheme": "nip", "value": "6762464304"}, {"scheme": "ror", "value": "03bqmcz70"}],
        )
        answer = await api.get(EXPORT, headers={"Accept": "application/ld+json"})
        document = answer.json()
        [organization] = document["@graph"]
        assert answer.headers["content-type"] == "application/ld+json"
        assert document["position"] == answer.headers["klaster-position"]
        assert organization["@type"] == "Organization"
        assert organization["taxID"] == "6762464304"
        assert organization["sameAs"] == ["https://ror.org/03bqmcz70"]
        assert organization["address"]["addressLocality"] == "Kraków"

    async def test_is_a_document_where_there_is_nothing(self, empty: httpx.AsyncClient) -> None:
        assert (await empty.get(EXPORT, params={"format": "jsonld"})).json()["@graph"] == []

    async def test_refuses_what_is_no_organisation(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(EXPORT, params={"format": "jsonld", "collection": "labs"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "entities_alone")


class TestAnswer:
    async def test_is_304_as_long_as_nothing_has_changed(self, api: httpx.AsyncClient, add: Add) -> None:
        await add("Alfa")
        asked = {"params": {"format": "csv"}}
        etag = (await api.get(EXPORT, **asked)).headers["etag"]
        again = await api.get(EXPORT, **asked, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        await add("Beta")
        assert (await api.get(EXPORT, **asked, headers={"If-None-Match": etag})).status_code == 200
        other = await api.get(EXPORT, params={"format": "ndjson"}, headers={"If-None-Match": etag})
        assert other.status_code == 200

    @pytest.mark.parametrize("asked", ["csv", "ndjson", "jsonld"])
    async def test_comes_compressed_where_that_is_accepted(self, api: httpx.AsyncClient, add: Add, asked: str) -> None:
        await add("Alfa")
        plain = await api.get(EXPORT, params={"format": asked}, headers={"Accept-Encoding": "identity"})
        async with api.stream("GET", EXPORT, params={"format": asked}, headers={"Accept-Encoding": "gzip"}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert "content-encoding" not in plain.headers
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["etag"] != plain.headers["etag"]
        _first, *rest = gzip.decompress(raw).splitlines()
        assert rest == plain.content.splitlines()[1:]
        assert answer.headers["vary"] == "Accept, Accept-Encoding"

    @pytest.mark.parametrize(
        ("accept", "media"),
        [
            ("text/csv", "text/csv"),
            ("application/ld+json;q=0.5, text/csv;q=0.1", "application/ld+json"),
            ("text/html, */*;q=0.1", "application/x-ndjson"),
        ],
    )
    async def test_is_in_the_format_that_is_accepted(self, api: httpx.AsyncClient, accept: str, media: str) -> None:
        answer = await api.get(EXPORT, headers={"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == media

    async def test_says_which_formats_there_are_where_none_is_accepted(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(EXPORT, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")

    @pytest.mark.parametrize(
        "asked", [{"format": "pdf"}, {"collection": "people"}, {"collection": "survey_answers"}, {"colection": "labs"}]
    )
    async def test_names_what_there_is_not(self, api: httpx.AsyncClient, asked: dict[str, str]) -> None:
        answer = await api.get(EXPORT, params=asked)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("query/")

    async def test_is_for_integrators(self, api: httpx.AsyncClient, speaking: As, anybody: httpx.AsyncClient) -> None:
        assert (await (await speaking("integrator")).get(EXPORT)).status_code == 200
        assert (await anybody.get(EXPORT)).status_code == 403

    async def test_is_refused_where_too_many_are_written(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        there_were, app.state.export_places = app.state.export_places, Places(0)
        answer = await api.get(EXPORT)
        app.state.export_places = there_were
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"] == "10"
