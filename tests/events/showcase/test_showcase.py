"""Results of projects are promoted: by whoever takes part, from a day to a day, with an audience in numbers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from klaster_events.database import METADATA
from klaster_events.privacy.operations import erase_people
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling
from tests.events.bookings.conftest import wrong
from tests.events.conftest import FOUNDATION, NOW, STARTUP, FakeRegistry
from tests.events.figures.test_figures import figure, rows

SHOWCASE = "/v1/lsos/showcase"
PROJECT = "01900000-0000-7000-8000-0000000000b1"
ADA = {"name": "Ada Przykładowa", "email": "ada@example.org"}
EWA = {"name": "Ewa Pytająca", "email": "ewa@example.org"}


def result_body(title: str = "Elektrody z grafenu", **properties: Any) -> dict[str, Any]:
    """A result of the startup's project, on show from today on."""
    both = {"pl": title, "en": title}
    return {"project": PROJECT, "contact": ADA, "title": both, "text": both, "state": "published", **properties}


@pytest.fixture
async def startup(
    base_url: str, app: FastAPI, office: httpx.AsyncClient, registry: FakeRegistry
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the startup, which takes part in a project of the registry."""
    partners = [{"entity": {"id": str(STARTUP), "name": "Cardiomatics"}, "name": None}, {"entity": None, "name": "X"}]
    registry.records[f"/v1/projects/{PROJECT}"] = {"id": PROJECT, "partners": partners}
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client


@pytest.fixture
async def foundation(base_url: str, app: FastAPI, office: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(base_url, app, "partner", entity=FOUNDATION) as client:
        yield client


async def show(client: httpx.AsyncClient, title: str = "Elektrody z grafenu", **properties: Any) -> dict[str, Any]:
    answer = await client.post(SHOWCASE, json=result_body(title, **properties))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def step(client: httpx.AsyncClient, result: dict[str, Any], verb: str) -> httpx.Response:
    return await client.post(f"{SHOWCASE}/{result['id']}/{verb}", headers={"If-Match": "*"})


async def titles(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    answer = await client.get(SHOWCASE, params={"lang": "pl", **asked})
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


class TestShow:
    async def test_begins_as_a_draft_that_others_do_not_see(
        self, startup: httpx.AsyncClient, anybody: httpx.AsyncClient, foundation: httpx.AsyncClient
    ) -> None:
        draft = await show(startup, state="draft")
        path = f"{SHOWCASE}/{draft['id']}"
        assert (draft["on_show"], await titles(startup), await titles(anybody)) == (False, ["Elektrody z grafenu"], [])
        assert await wrong(await anybody.get(path)) == (404, "result_not_found")
        published = await step(startup, draft, "publish")
        assert (published.status_code, published.json()["on_show"]) == (200, True)
        seen = (await anybody.get(path)).json()
        assert (seen["entity"]["name"], seen["project"]["path"]) == ("Cardiomatics", f"/v1/projects/{PROJECT}")
        assert "ada@example.org" not in str(seen)
        assert await wrong(await step(foundation, draft, "withdraw")) == (403, "not_your_result")
        assert await wrong(await step(startup, draft, "publish")) == (409, "wrong_result_state")

    async def test_is_for_projects_in_which_the_entity_takes_part(
        self,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        office: httpx.AsyncClient,
        registry: FakeRegistry,
    ) -> None:
        assert await wrong(await foundation.post(SHOWCASE, json=result_body())) == (422, "/project")
        assert await wrong(await startup.post(SHOWCASE, json=result_body(project=str(new_id())))) == (422, "/project")
        for client in (startup, foundation):
            other = result_body(entity=str(new_id()))
            assert await wrong(await client.post(SHOWCASE, json=other)) == (403, "not_your_result")
        assert await wrong(await office.post(SHOWCASE, json=result_body())) == (422, "/entity")
        backwards = result_body(shown_from="2026-12-02", shown_until="2026-12-01")
        assert await wrong(await startup.post(SHOWCASE, json=backwards)) == (422, "/shown_until")
        over = result_body(shown_until="2026-11-23")
        assert await wrong(await startup.post(SHOWCASE, json=over)) == (422, "/shown_until")
        await show(office, entity=str(FOUNDATION), source="board", source_key="1")
        again = result_body(entity=str(FOUNDATION), source="board", source_key="1")
        assert await wrong(await office.post(SHOWCASE, json=again)) == (409, "result_exists")
        registry.away = True
        assert (await startup.post(SHOWCASE, json=result_body())).status_code == 503
        assert await titles(office) == ["Elektrody z grafenu"]

    async def test_changes_by_merge_patch_and_not_once_it_is_withdrawn(
        self, startup: httpx.AsyncClient, follower: httpx.AsyncClient
    ) -> None:
        result = await show(startup)
        path = f"{SHOWCASE}/{result['id']}"
        link = {"url": "https://example.org/", "label": {"pl": "Opis", "en": "Description"}}
        said = {"title": {"pl": "Nowe", "en": "New"}, "links": [link], "contact": EWA}
        assert (await startup.patch(path, json=said)).status_code == 428
        changed = await startup.patch(path, json=said, headers={"If-Match": '"1"'})
        assert (changed.json()["title"], changed.json()["version"]) == ("New", 2)
        assert (await startup.patch(path, json=said, headers={"If-Match": '"1"'})).status_code == 412
        early = await startup.patch(path, json={"shown_until": "2026-01-01"}, headers={"If-Match": "*"})
        assert await wrong(early) == (422, "/shown_until")
        await step(startup, result, "withdraw")
        late = await startup.patch(path, json={"shown_until": None}, headers={"If-Match": "*"})
        assert await wrong(late) == (409, "wrong_result_state")
        assert await wrong(await startup.delete(path, headers={"If-Match": "*"})) == (409, "result_was_shown")
        told = (await follower.get("/v1/events/changes", params={"after": 0, "limit": 1000})).json()["items"]
        kinds = [(one["kind"], one["changed"]) for one in told if one["collection"] == "showcase"]
        assert kinds == [
            ("created", []),
            ("updated", ["contact", "links", "title"]),
            ("updated", ["shown_until", "state"]),
        ]

    async def test_drafts_are_deleted(self, startup: httpx.AsyncClient) -> None:
        draft = await show(startup, state="draft")
        assert (await startup.delete(f"{SHOWCASE}/{draft['id']}", headers={"If-Match": "*"})).status_code == 204
        assert await titles(startup) == []

    async def test_reads_on_page_by_page(self, startup: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        for number in range(3):
            await show(startup, f"Wynik {number}", shown_from=f"2026-10-0{number + 1}")
        first = (await anybody.get(SHOWCASE, params={"limit": 2, "count": "true", "lang": "pl"})).json()
        rest = await titles(anybody, limit=2, cursor=first["next"])
        assert ([one["title"] for one in first["items"]] + rest, first["total"]) == (
            ["Wynik 2", "Wynik 1", "Wynik 0"],
            3,
        )
        assert await titles(anybody, q="wynik 1", entity=str(STARTUP), project=PROJECT) == ["Wynik 1"]


class TestFigure:
    async def test_counts_what_is_on_show_on_the_day(
        self, app: FastAPI, startup: httpx.AsyncClient, anybody: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        await show(startup, "Stary", shown_from="2025-01-01", shown_until="2025-12-31")
        withdrawn = await show(startup, "Wycofany", shown_from="2025-06-01")
        await show(office, "Pokaz", entity=str(STARTUP), demonstration=True)
        await show(startup, "Szkic", state="draft")
        await step(startup, withdrawn, "withdraw")
        assert (await anybody.get(f"{SHOWCASE}/{withdrawn['id']}")).json()["shown_until"] == "2026-11-23"
        for day, expected in (("2025-07-01", 2), ("2026-11-23", 1), ("2026-11-24", 1), ("2024-12-31", 0)):
            found = await figure(anybody, "events.lsos.results_promoted", as_of=day)
            assert found["value"] == expected == len(await rows(anybody, found["rows"])), day
        assert found["demonstration"] == 0
        assert (await figure(anybody, "events.lsos.results_promoted"))["demonstration"] == 1


class TestAudience:
    async def test_counts_looks_in_batches_and_keeps_nothing_of_who_looked(
        self, app: FastAPI, startup: httpx.AsyncClient, anybody: httpx.AsyncClient, follower: httpx.AsyncClient
    ) -> None:
        one, other, draft = await show(startup), await show(startup, "Inny"), await show(startup, state="draft")
        looks = [(one["id"], 3), (other["id"], 1), (one["id"], 2), (draft["id"], 9), (str(new_id()), 9)]
        batch = {"views": [{"result": result, "count": count} for result, count in looks]}
        again = {"Idempotency-Key": "batch"}
        wishes = [follower.post(f"{SHOWCASE}/views", json=batch) for _ in range(9)]
        answers = await asyncio.gather(*wishes)
        answers += [await follower.post(f"{SHOWCASE}/views", json=batch, headers=again) for _ in range(3)]
        assert {answer.text for answer in answers} == {'{"counted":6}'}
        assert (await anybody.get(f"{SHOWCASE}/{one['id']}")).json()["views"] == 50
        table = METADATA.tables["showcase_views"]
        async with app.state.database.read() as session:
            kept = (await session.execute(select(table))).all()
        assert sorted((str(row.item_id), row.day, row.views) for row in kept) == sorted(
            [(one["id"], NOW.date(), 50), (other["id"], NOW.date(), 10)]
        )
        app.state.clock = lambda: NOW + timedelta(days=1)
        await follower.post(f"{SHOWCASE}/views", json=batch)
        assert (await anybody.get(f"{SHOWCASE}/{one['id']}")).json()["views"] == 55
        assert await wrong(await follower.post(f"{SHOWCASE}/views", json={"views": []})) == (422, "/views")
        assert (await anybody.post(f"{SHOWCASE}/views", json=batch)).status_code == 403

    async def test_names_both_sides_to_each_other_once_somebody_asks(
        self,
        app: FastAPI,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        office: httpx.AsyncClient,
    ) -> None:
        result = await show(startup)
        path = f"{SHOWCASE}/{result['id']}"
        said = {"person": EWA, "message": "Chętnie wypróbujemy."}
        assert await wrong(await foundation.get(f"{path}/contact")) == (403, "contact_not_asked")
        assert (await anybody.post(f"{path}/contacts", json=said)).status_code == 403
        asked = await foundation.post(f"{path}/contacts", json=said)
        assert (asked.status_code, "Ewa" in asked.text) == (201, False)
        assert (await foundation.get(f"{path}/contact")).json()["name"] == "Ada Przykładowa"
        assert await wrong(await foundation.post(f"{path}/contacts", json=said)) == (409, "contact_asked")
        assert await wrong(await startup.post(f"{path}/contacts", json=said)) == (409, "conflict")
        assert await wrong(await foundation.get(f"{path}/contacts")) == (403, "not_your_result")
        listed = (await startup.get(f"{path}/contacts", params={"count": "true"})).json()
        [one] = listed["items"]
        assert (one["person"]["name"], one["message"], listed["total"]) == ("Ewa Pytająca", "Chętnie wypróbujemy.", 1)
        assert (await anybody.get(path)).json()["contacts"] == 1

        held = (await office.get(f"/v1/privacy/people/{one['person']['id']}", params={"reason": "asked"})).json()
        assert [row["message"] for row in held["asked_contacts"]] == ["Chętnie wypróbujemy."]
        async with app.state.database.write() as session:
            await erase_people(session, ids=[UUID(one["person"]["id"])], reason="asked", now=NOW)
        [left] = (await startup.get(f"{path}/contacts")).json()["items"]
        assert (left["person"]["name"], left["message"]) == (None, None)
        assert (await anybody.get(path)).json()["contacts"] == 1

    async def test_is_not_asked_of_what_is_not_on_show(
        self, startup: httpx.AsyncClient, foundation: httpx.AsyncClient
    ) -> None:
        result = await show(startup)
        await step(startup, result, "withdraw")
        said = {"person": EWA, "message": "Chętnie."}
        refused = await foundation.post(f"{SHOWCASE}/{result['id']}/contacts", json=said)
        assert await wrong(refused) == (409, "wrong_result_state")
