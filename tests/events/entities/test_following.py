"""The local copy follows the registry's feed, at its own pace, over real HTTP."""

from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from klaster_events.database import METADATA
from klaster_events.entities import operations
from klaster_events.resources.following import follow_registry
from tests.events.conftest import FOUNDATION, STARTUP, Add, FakeRegistry, event_body
from tests.events.figures.test_figures import figure


async def named(app: FastAPI, entity_id: UUID) -> str | None:
    """What the copy calls an entity."""
    async with app.state.database.read() as session:
        found = await operations.names(session, ids=[entity_id])
    name: str | None = found[entity_id]["name"]
    return name


async def position(app: FastAPI) -> int:
    async with app.state.database.read() as session:
        cursors = METADATA.tables["feed_cursors"]
        return int(await session.scalar(select(cursors.c.position)) or 0)


class TestFollow:
    async def test_reads_the_feed_to_its_end_page_by_page(self, app: FastAPI, registry: FakeRegistry) -> None:
        ids = [uuid4() for _ in range(600)]
        for entity_id in ids:
            registry.knows(entity_id, f"Podmiot {entity_id}")
        done = await follow_registry(app.state.database, app.state.registry)
        assert (done, await position(app)) == ({"changes": 600, "touched": 600}, 600)
        assert await named(app, ids[-1]) == f"Podmiot {ids[-1]}"
        assert await follow_registry(app.state.database, app.state.registry) == {"changes": 0, "touched": 0}

    async def test_keeps_what_was_said_last(self, app: FastAPI, registry: FakeRegistry) -> None:
        entity_id = uuid4()
        for name in ("Przed", "Potem"):
            registry.knows(entity_id, name)
        await follow_registry(app.state.database, app.state.registry)
        assert await named(app, entity_id) == "Potem"

    async def test_waits_for_a_registry_that_is_away_and_goes_on_from_its_cursor(
        self, app: FastAPI, registry: FakeRegistry
    ) -> None:
        first, second = uuid4(), uuid4()
        registry.knows(first, "Pierwszy")
        await follow_registry(app.state.database, app.state.registry)
        registry.knows(second, "Drugi")
        registry.away = True
        assert "away" in await follow_registry(app.state.database, app.state.registry)
        assert (await position(app), await named(app, first), await named(app, second)) == (1, "Pierwszy", None)
        registry.away = False
        assert await follow_registry(app.state.database, app.state.registry) == {"changes": 1, "touched": 1}
        assert await named(app, second) == "Drugi"

    async def test_begins_anew_where_the_registry_came_back_from_an_older_copy(
        self, app: FastAPI, registry: FakeRegistry
    ) -> None:
        first, second = uuid4(), uuid4()
        for entity_id in (first, second):
            registry.knows(entity_id, "Przed")
        await follow_registry(app.state.database, app.state.registry)
        registry.feed.clear()
        registry.knows(first, "Po odtworzeniu")
        assert await follow_registry(app.state.database, app.state.registry) == {"changes": 1, "touched": 1}
        assert (await position(app), await named(app, first)) == (1, "Po odtworzeniu")

    async def test_passes_over_a_record_that_it_cannot_read(self, app: FastAPI, registry: FakeRegistry) -> None:
        registry.tell("created", uuid4(), {"id": "no id at all"})
        good = uuid4()
        registry.knows(good, "Dobry")
        await follow_registry(app.state.database, app.state.registry)
        assert (await position(app), await named(app, good)) == (2, "Dobry")

    async def test_follows_merges_to_their_end(
        self,
        app: FastAPI,
        registry: FakeRegistry,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        held: Add,
    ) -> None:
        old, middle = uuid4(), uuid4()
        for entity_id in (old, middle, STARTUP):
            registry.knows(entity_id, f"Startup {entity_id}", startup=True)
        await follow_registry(app.state.database, app.state.registry)
        await held("2025-05-05", "eryk@example.org", entity=old, series="accelerator", organiser=str(old))
        await held("2025-05-06", "olga@example.org", entity=STARTUP, series="accelerator")
        assert (await figure(anybody, "events.programmes.startups_supported"))["value"] == 2
        registry.tell("merged", old, None, merged_into=str(middle))
        registry.tell("merged", middle, None, merged_into=str(STARTUP))
        await follow_registry(app.state.database, app.state.registry)
        assert (await figure(anybody, "events.programmes.startups_supported"))["value"] == 1
        found = (await office.get("/v1/events", params={"organiser": str(STARTUP)})).json()["items"]
        assert [item["organiser"]["id"] for item in found] == [str(STARTUP)]

    async def test_keeps_the_name_of_a_deleted_entity_and_takes_no_new_events_from_it(
        self, app: FastAPI, registry: FakeRegistry, office: httpx.AsyncClient
    ) -> None:
        event = (await office.post("/v1/events", json=event_body())).json()
        registry.tell("deleted", FOUNDATION, None)
        await follow_registry(app.state.database, app.state.registry)
        record = (await office.get(f"/v1/events/{event['id']}")).json()
        assert record["organiser"]["name"] == "Fundacja"
        assert (await office.post("/v1/events", json=event_body())).status_code == 422
