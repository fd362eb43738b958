"""Loading the demonstration through the API, and taking it away again."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.demonstration.load import (
    clear_demonstration,
    load_consents,
    load_demonstration,
    load_post_kinds,
    load_types,
)
from klaster_events.demonstration.plan import programme
from klaster_events.demonstration.sharing import SOURCE
from klaster_events.privacy.ledger import Ledger
from klaster_events.resources.following import follow_registry
from klaster_events.retention.operations import forget_in_batches
from klaster_shared.seeding import Gateway, SeedError
from tests.events.bookings.conftest import lab
from tests.events.conftest import NOW, FakeRegistry
from tests.events.figures.test_figures import figure, rows

THIS_YEAR = range(2026, 2027)


class TwoServices(httpx.AsyncBaseTransport):
    """What the gateway does for a seed: entities come from the registry, all the rest from events."""

    def __init__(self, events: httpx.AsyncClient, registry: dict[str, list[dict[str, Any]]]) -> None:
        self._events = events
        self._registry = registry

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path in self._registry:
            return httpx.Response(200, json={"items": self._registry[request.url.path], "next": None})
        answer = await self._events.request(
            request.method, str(request.url.raw_path, "ascii"), content=await request.aread(), headers=request.headers
        )
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture
def entities(registry: FakeRegistry) -> list[dict[str, Any]]:
    """The registry's demonstration, as far as the programme names it, and two startups."""
    keys = [programme()["coordinator"], *programme()["partners"], "cardiomatics", "mediprintic"]
    found = []
    for key in keys:
        source, _, ror = key.rpartition(":")
        startup = key in {"cardiomatics", "mediprintic"}
        keyed = {"source": source or "strategy", "source_key": ror, "demonstration": True}
        found.append(registry.knows(uuid4(), key, startup=startup, **keyed))
    return found


@pytest.fixture
async def labs(app: FastAPI, registry: FakeRegistry, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two laboratories of the registry's demonstration, whose copies are here."""
    found = []
    for key in ("lab-uj", "lab-if-pan"):
        owner = {"id": entities[5]["id"], "name": "x"}
        found.append(lab(id=str(uuid4()), owner=owner, source=SOURCE, source_key=key, demonstration=True))
        registry.shares(found[-1])
    await follow_registry(app.state.database, app.state.registry)
    return found


@pytest.fixture
def projects(registry: FakeRegistry) -> list[dict[str, Any]]:
    """Two projects of the registry's demonstration."""
    found = []
    for key in ("telemonitoring", "swiatlo-w-stomatologii"):
        record = {"id": str(uuid4()), "partners": [], "source": SOURCE, "source_key": key}
        registry.records[f"/v1/projects/{record['id']}"] = record
        found.append(record)
    return found


@pytest.fixture
async def gateway(
    empty: httpx.AsyncClient,
    entities: list[dict[str, Any]],
    labs: list[dict[str, Any]],
    projects: list[dict[str, Any]],
) -> AsyncIterator[Gateway]:
    """A client of both services in the office's role."""
    registry = {"/v1/entities": entities, "/v1/labs": labs, "/v1/projects": projects}
    async with httpx.AsyncClient(base_url="http://gateway", transport=TwoServices(empty, registry)) as client:
        yield Gateway(client)


class TestLoadConsents:
    async def test_asks_for_nothing_that_is_required_and_leaves_what_the_office_changed(
        self, gateway: Gateway, empty: httpx.AsyncClient
    ) -> None:
        await load_consents(gateway)
        texts = (await empty.get("/v1/consent-texts")).json()["items"]
        assert {text["purpose"] for text in texts} == {"newsletter", "photos", "participant-list"}
        assert not any(text["required"] for text in texts)
        await empty.post("/v1/consent-texts/photos/retire")
        changed = {"purpose": "newsletter", "text": {"pl": "Inaczej", "en": "Other"}}
        await empty.post("/v1/consent-texts", json=changed)
        await load_consents(gateway)
        after = (await empty.get("/v1/consent-texts")).json()["items"]
        assert {(text["purpose"], text["version"]) for text in after} == {("newsletter", 2), ("participant-list", 1)}


class TestLoad:
    async def test_makes_figures_say_something_changes_nothing_twice_and_goes_away_whole(
        self, app: FastAPI, gateway: Gateway, empty: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        await load_types(gateway)
        await load_post_kinds(gateway)
        await load_demonstration(gateway, now=NOW, years=THIS_YEAR)
        done = dict(gateway.done)
        assert done["events added"] > 100
        assert done["sessions added"] > 0
        assert done["interests shown"] > 3
        [edition] = (await anybody.get("/v1/lsos/editions", params={"state": "open"})).json()["items"]
        taking_part = await empty.get(f"/v1/lsos/editions/{edition['id']}/participants", params={"count": "true"})
        assert taking_part.json()["total"] == done["participants added"] == 16
        meetings = (await empty.get(f"/v1/lsos/editions/{edition['id']}/meetings")).json()["items"]
        assert Counter(one["state"] for one in meetings) == {"accepted": 6, "declined": 1, "requested": 1}
        found = await figure(anybody, "events.networking.count", as_of="2026-06-30")
        assert found["value"] == found["demonstration"] > 40
        people = await figure(anybody, "events.networking.attendance", as_of="2026-06-30")
        assert people["participations"] == people["demonstration"] > people["value"] > 300
        startups = await figure(anybody, "events.programmes.startups_supported", as_of="2026-06-30")
        assert 0 < startups["value"] <= 2
        assert await rows(empty, found["rows"])
        offers = await figure(anybody, "events.lsos.international_offers", as_of="2026-06-30")
        assert offers["value"] == offers["demonstration"] > 20
        assert len(await rows(empty, offers["rows"])) == offers["value"]
        users = await figure(anybody, "events.lsos.resource_users", as_of="2026-06-30")
        assert users["participations"] == users["demonstration"] > users["value"] > 1
        shown = await figure(anybody, "events.lsos.results_promoted")
        assert shown["value"] == shown["demonstration"] == 1
        assert done["bookings approved"] == 2
        coming = (await anybody.get("/v1/events", params={"state": "published"})).json()["items"]
        assert sum(1 for item in coming if item["seats"]["confirmed"]) >= len(coming) - 1 > 0

        await load_demonstration(gateway, now=NOW, years=THIS_YEAR)
        assert dict(gateway.done) == done

        later = NOW + timedelta(days=60)
        app.state.clock = lambda: later
        await load_demonstration(gateway, now=later, years=THIS_YEAR)
        assert gateway.done["events completed"] == len(coming) - 1  # the forum is yet to come

        await clear_demonstration(gateway)
        lsos = ("board", "editions", "bookings", "showcase")
        for path in ("/v1/events", "/v1/series", *(f"/v1/lsos/{part}" for part in lsos)):
            assert (await empty.get(path)).json()["items"] == []
        await forget_in_batches(app.state.database, ledger=Ledger(None), months=24, now=NOW)
        assert (await figure(anybody, "events.networking.attendance", as_of="2026-06-30"))["value"] == 0

    async def test_says_whom_the_registry_lacks(self, gateway: Gateway, entities: list[dict[str, Any]]) -> None:
        entities.pop(0)
        with pytest.raises(SeedError, match=programme()["coordinator"]):
            await load_demonstration(gateway, now=NOW, years=THIS_YEAR)
