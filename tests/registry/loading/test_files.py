"""Loading files of records: everything is kept, nothing is written twice, one bad record stands in nobody's way."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic_core import to_json

from klaster_registry.loading.files import BATCH, lines_of, load_lines
from klaster_registry.loading.operations import Outcome, Rejection
from klaster_registry.loading.ror import entity_of
from klaster_registry.seeding.files import ror_records

ISNI = "0000 0001 1541 0713"


def record(key: str, name: str, **properties: Any) -> dict[str, Any]:
    """An organisation as ROR writes it."""
    label = {"value": name, "types": ["label", "ror_display"], "lang": "en"}
    return {"id": f"https://ror.org/{key}", "status": "active", "types": ["company"], "names": [label], **properties}


def claiming(*values: str) -> dict[str, Any]:
    return {"external_ids": [{"type": "isni", "all": list(values), "preferred": values[0]}]}


def polish() -> list[dict[str, Any]]:
    """The Polish organisations of the demonstration, written out as ROR writes them."""
    return [_whole(short) for short in ror_records().values()]


def _whole(short: Mapping[str, Any]) -> dict[str, Any]:
    place = short["location"]
    details = {"name": place["name"], "country_code": place["country"], "country_name": "Poland"}
    if place["subdivision"]:
        details["country_subdivision_code"] = place["subdivision"][3:]
    return {
        **short,
        "id": f"https://ror.org/{short['id']}",
        "locations": [
            {
                "geonames_id": place["geonames_id"],
                "geonames_details": {**details, "lat": place["lat"], "lng": place["lng"]},
            }
        ],
        "external_ids": [{"type": one["scheme"], "all": [one["value"]]} for one in short["external_ids"]],
        "relationships": [{**one, "id": f"https://ror.org/{one['id']}"} for one in short["relationships"]],
    }


def lines(records: Iterable[Any]) -> Iterator[tuple[int, bytes]]:
    return ((at, to_json(one) if isinstance(one, dict) else one) for at, one in enumerate(records, start=1))


async def load(app: FastAPI, records: Iterable[Any]) -> tuple[Outcome, list[Rejection]]:
    rejected: list[Rejection] = []
    outcome = await load_lines(app.state.database, lines(records), read=entity_of, report=rejected.append)
    return outcome, rejected


async def read(api: httpx.AsyncClient, reference: str) -> dict[str, Any]:
    answer = await api.get(f"/v1/entities/{reference}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def changes(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.get("/v1/registry/changes", params={"limit": 1000})).json()["items"]
    return found


class TestLoad:
    async def test_keeps_everything_and_changes_nothing_the_second_time(
        self, app: FastAPI, api: httpx.AsyncClient
    ) -> None:
        records = polish()
        first, rejected = await load(app, records)
        assert (first.created, rejected) == (len(records), [])
        assert {"education", "facility"} <= first.kinds
        listed = (await api.get("/v1/entities", params={"count": "true"})).json()
        assert listed["total"] == len(records) > BATCH
        closed = [one for one in records if one["status"] == "withdrawn"]
        shown = (await api.get("/v1/entities", params={"existence": "withdrawn", "count": "true"})).json()
        assert shown["total"] == len(closed)
        for one in records[::40]:
            entity = await read(api, f"ror:{one['id'][-9:]}")
            assert sorted(name["value"] for name in entity["names"]) == sorted(name["value"] for name in one["names"])
            assert len(entity["relations"]) == len(one["relationships"])
            assert len(entity["links"]) == len(one["links"]) + len(one["domains"])
            assert len(entity["identifiers"]) == 1 + len(one["external_ids"])
            assert (entity["existence"], entity["registration"]) == (one["status"], "none")
        figures = (await api.get("/v1/registry/figures", params={"name": "registry.entities.registered"})).json()
        assert figures["items"][0]["value"] == 0
        hits = (await api.get("/v1/registry/search", params={"q": "jagiellonski"})).json()["items"]
        assert "Jagielloński" in hits[0]["title"] or "Jagiellonian" in hits[0]["title"]
        known = await changes(api)
        second, _ = await load(app, records)
        assert (second.created, second.updated, second.unchanged) == (0, 0, len(records))
        assert await changes(api) == known

    async def test_goes_on_after_an_interruption(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        def broken() -> Iterator[dict[str, Any]]:
            yield from polish()[: BATCH + 10]
            raise OSError("the disk is gone")

        with pytest.raises(OSError, match="gone"):
            await load(app, broken())
        outcome, _ = await load(app, polish())
        assert (outcome.unchanged, outcome.created) == (BATCH, len(polish()) - BATCH)

    async def test_marks_conflicts_on_both_sides_and_takes_the_marks_away(
        self, app: FastAPI, api: httpx.AsyncClient
    ) -> None:
        async def contested() -> list[bool]:
            keys = ("05gq02987", "02jx3x895", "03vek6s52")
            found = [await read(api, f"ror:{key}") for key in keys]
            return [any(one["conflict"] for one in entity["identifiers"]) for entity in found]

        brown = record("05gq02987", "Brown", **claiming(ISNI))
        await load(app, [brown])
        london = record("02jx3x895", "London", **claiming(ISNI))
        await load(app, [london, record("03vek6s52", "Harvard", **claiming("0000 0001 1541 0714"))])
        assert await contested() == [True, True, False]
        assert (await read(api, "ror:03vek6s52"))["identifiers"][1]["verdict"] == "invalid"
        outcome, _ = await load(app, [brown, record("02jx3x895", "London")])
        assert (outcome.updated, outcome.unchanged) == (1, 1)
        assert await contested() == [False, False, False]
        twins = [record("042nb2s44", "One", **claiming("0000000121032683")), record("013meh722", "Two")]
        twins[1] |= claiming("0000000121032683")
        await load(app, twins)
        listed = (await api.get("/v1/entities", params={"conflict": "true"})).json()["items"]
        assert {entity["name"] for entity in listed} == {"One", "Two"}

    async def test_rejects_what_cannot_be_kept_and_writes_its_neighbours(
        self, app: FastAPI, api: httpx.AsyncClient
    ) -> None:
        def named(value: str, lang: str | None = None) -> dict[str, Any]:
            return {"names": [{"value": value, "types": ["label"], "lang": lang}]}

        def placed(country: str) -> dict[str, Any]:
            return {"locations": [{"geonames_details": {"name": "Town", "country_code": country}}]}

        wrong: list[tuple[Any, str]] = [
            (b"{not json", ""),
            (b"[1, 2]", ""),
            (record("05gq02987", "x") | {"names": []}, "/names"),
            (record("05gq02987", "x", **named("a" * 10_000)), "/names/0/value"),
            (record("05gq02987", "x", **named("bell \x07")), "/names/0/value"),
            (b'{"id": "1", "status": "active", "names": [{"value": "\\ud800", "types": []}]}', ""),
            (record("05gq02987", "x", **named("ok", "zzz")), "/names/0/lang"),
            (record("05gq02987", "x", **placed("ZZ")), "/seat/country"),
            (record("05gq02987", "x", status="asleep"), "/existence"),
            (record("05gq02987", "x", established=123456), "/founded_on"),
            (record("05gq02987", "x", relationships=[{"type": "friend", "label": "y"}]), "/relations/0/kind"),
        ]
        good = record("02jx3x895", "Good", links=[{"type": "website", "value": f"https://x.org/{'a' * 900}"}])
        outcome, rejected = await load(app, [*(one for one, _ in wrong), good])
        assert outcome.created == 1
        assert [(one.line, one.errors[0]["pointer"]) for one in rejected] == [
            (at, pointer) for at, (_, pointer) in enumerate(wrong, start=1)
        ]
        assert len((await read(api, "ror:02jx3x895"))["links"][0]["url"]) > 900

    async def test_changes_what_the_source_changed_and_leaves_what_others_added(
        self, app: FastAPI, api: httpx.AsyncClient
    ) -> None:
        old = record("05gq02987", "Old", relationships=[{"type": "related", "label": "Other"}])
        await load(app, [old])
        entity = await read(api, "ror:05gq02987")
        path, kept = f"/v1/entities/{entity['id']}", [{"scheme": "ror", "value": "05gq02987", "source": "ror"}]
        change = {"identifiers": [*kept, {"scheme": "nip", "value": "6762464304"}], "markets": [{"code": "EU"}]}
        await api.patch(path, json=change, headers={"If-Match": '"1"'})
        outcome, _ = await load(app, [record("05gq02987", "New", types=["company", "funder"], established=1764)])
        assert outcome.updated == 1
        changed = await read(api, entity["id"])
        assert (changed["name"], changed["founded_on"], changed["relations"]) == ("New", "1764", [])
        assert [one["scheme"] for one in changed["identifiers"]] == ["ror", "nip"]
        assert [one["code"] for one in changed["kinds"]] == ["company", "funder"]
        assert [one["code"] for one in changed["markets"]] == ["EU"]

    async def test_leaves_alone_what_was_written_here(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        body = {"names": [{"value": "Ours"}], "source": "ror", "source_key": "05gq02987"}
        entity = (await api.post("/v1/entities", json=body)).json()
        outcome, _ = await load(app, [record("05gq02987", "Theirs")])
        assert (outcome.kept, outcome.created) == (1, 0)
        assert (await read(api, entity["id"]))["name"] == "Ours"

    async def test_keeps_relations_that_cannot_be_and_shows_them(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        def above(key: str) -> dict[str, Any]:
            return {"relationships": [{"type": "parent", "label": "Above", "id": f"https://ror.org/{key}"}]}

        await load(
            app, [record("05gq02987", "One", **above("02jx3x895")), record("02jx3x895", "Two", **above("05gq02987"))]
        )
        await load(app, [record("03vek6s52", "Three", **above("042nb2s44"))])
        listed = (await api.get("/v1/entities", params={"relation_issue": "parent_cycle"})).json()["items"]
        assert {entity["name"] for entity in listed} == {"One", "Two"}
        assert (await read(api, "ror:03vek6s52"))["relations"][0]["value"] == "042nb2s44"


class TestLines:
    def test_are_read_from_compressed_files_too(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(b'{"a":1}\n\n{"a":2}\n')
        (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"a":1}\n\n{"a":2}\n'))
        expected = [(1, b'{"a":1}\n'), (3, b'{"a":2}\n')]
        assert list(lines_of(tmp_path / "a.jsonl")) == list(lines_of(tmp_path / "a.jsonl.gz")) == expected
