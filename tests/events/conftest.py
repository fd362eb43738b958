"""Events on a real socket and a real database, on either engine, beside a registry that can be away."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.event_types.schemas import EventTypeCreate
from klaster_events.main import create_app
from klaster_events.openapi import NOWHERE
from klaster_events.series.operations import create_series
from klaster_events.series.schemas import SeriesCreate
from klaster_events.settings import Settings
from klaster_shared.contract import contract_of
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label
from klaster_shared.testing.servers import calling, serving
from klaster_shared.testing.servers import test_keys as keys_folder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FOUNDATION = UUID("01900000-0000-7000-8000-000000000001")
STARTUP = UUID("01900000-0000-7000-8000-000000000002")
TYPES = {
    "networking": ["networking"],
    "training": ["training"],
    "seminar": ["seminar"],
    "workshop": ["workshop"],
    "partner_event": ["partner_event"],
}
SERIES = {
    "biotech-basics": ["training"],
    "accelerator": ["startup_support"],
    "bridges": ["campaign"],
    "school": ["education"],
}


@cache
def contract() -> dict[str, Any]:
    """Made once: it takes longer than most tests."""
    return contract_of(create_app(NOWHERE))


@pytest.fixture
def service_package() -> str:
    return "klaster_events"


@dataclass
class FakeRegistry:
    """A registry of a few entities and a feed, on a real socket; `away` answers 503."""

    url: str = ""
    away: bool = False
    entities: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    feed: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    proposals: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusal: dict[str, Any] | None = None
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(self, kind: str, entity_id: UUID, record: dict[str, Any] | None, **more: Any) -> None:
        """Append a change to the feed."""
        change: dict[str, Any] = {
            "kind": kind,
            "collection": "entities",
            "id": str(entity_id),
            "record": record,
            "changed": [],
        }
        at = {"position": str(len(self.feed) + 1), "at": NOW.isoformat(), "actor": "test", "merged_into": None}
        self.feed.append({**change, **at, **more})

    def shares(self, record: dict[str, Any], collection: str = "labs") -> None:
        """Tell of a laboratory, or of a service of one, as it is now."""
        self.tell("updated", UUID(record["id"]), record, collection=collection)

    def knows(self, entity_id: UUID, name: str, **facts: Any) -> dict[str, Any]:
        """Have an entity, and tell it in the feed."""
        record = {"id": str(entity_id), "name": name, "startup": False, "registration": "registered", **facts}
        self.entities[entity_id] = record
        self.tell("created", entity_id, record)
        return record

    async def entity(self, request: Request) -> JSONResponse:
        self.asked.append(request.url.path)
        if self.away:
            return JSONResponse({}, 503)
        found = self.entities.get(request.path_params["entity_id"])
        return JSONResponse(found) if found else JSONResponse({}, 404)

    async def record(self, request: Request) -> JSONResponse:
        """A project or an organisation abroad, by its path."""
        if self.away:
            return JSONResponse({}, 503)
        found = self.records.get(request.url.path)
        return JSONResponse(found) if found else JSONResponse({}, 404)

    async def propose(self, request: Request) -> JSONResponse:
        """Takes a proposal once under its key; `refusal`: the problem that it is answered with instead."""
        if self.away:
            return JSONResponse({}, 503)
        if self.refusal is not None:
            return JSONResponse(self.refusal, self.refusal["status"])
        key = request.headers["idempotency-key"]
        if key not in self.proposals:
            token = jwt_claims(request)
            body = await request.json()
            target = {**body["target"], "id": body["target"]["id"] or str(new_id()), "name": None}
            told = {"id": str(new_id()), "target": target, "state": "pending"}
            self.proposals[key] = {"body": body, "told": told, "for": token["entity"], "role": token["role"]}
        return JSONResponse(self.proposals[key]["told"], 201)

    def decides(self, key: str, state: str, answer: str | None = None) -> None:
        """The office accepts or rejects what was proposed under a key."""
        told = self.proposals[key]["told"]
        told.update(state=state, answer=answer, decided_at=NOW.isoformat())

    async def proposal(self, request: Request) -> JSONResponse:
        """Where a proposal stands, for the entity that it was made for alone."""
        self.asked.append(request.url.path)
        if self.away:
            return JSONResponse({}, 503)
        token, wanted = jwt_claims(request), str(request.path_params["proposal_id"])
        assert token["role"] == "partner"
        found = [one for one in self.proposals.values() if (one["told"]["id"], one["for"]) == (wanted, token["entity"])]
        return (
            JSONResponse({"answer": None, "decided_at": None, **found[0]["told"]}) if found else JSONResponse({}, 404)
        )

    async def changes(self, request: Request) -> JSONResponse:
        if self.away:
            return JSONResponse({}, 503)
        after, limit = int(request.query_params["after"]), int(request.query_params["limit"])
        if after > len(self.feed):
            return JSONResponse({}, 410)
        items = self.feed[after : after + limit]
        return JSONResponse({"items": items, "next": str(after + len(items))})


def jwt_claims(request: Request) -> dict[str, Any]:
    """What the token of a request says; whether it is good is the registry's to check, and tested there."""
    part = request.headers["authorization"].removeprefix("Bearer ").split(".")[1]
    claims: dict[str, Any] = json.loads(b64decode(part + "=" * (-len(part) % 4), altchars=b"-_"))
    return claims


@pytest.fixture
async def registry() -> AsyncIterator[FakeRegistry]:
    """The registry next door."""
    fake = FakeRegistry()
    routes = [
        Route("/v1/entities/{entity_id:uuid}", fake.entity),
        Route("/v1/registry/changes", fake.changes),
        Route("/v1/projects/{record_id:uuid}", fake.record),
        Route("/v1/foreign-hqs/{record_id:uuid}", fake.record),
        Route("/v1/proposals", fake.propose, methods=["POST"]),
        Route("/v1/proposals/{proposal_id:uuid}", fake.proposal),
    ]
    async with serving(Starlette(routes=routes)) as url:
        fake.url = url
        yield fake


@pytest.fixture
async def app(database_url: str, registry: FakeRegistry) -> AsyncIterator[FastAPI]:
    """The service, at nine in the morning of 24 November 2026."""
    settings = Settings(
        database_url=database_url,
        jwks_file=keys_folder() / "jwks.json",
        private_key_file=keys_folder() / "events.jwk",
        port=1,
        registry_url=registry.url,
        run_jobs=False,
    )
    built = create_app(settings)
    built.state.clock = lambda: NOW
    built.openapi_schema = contract()
    yield built
    # Tests that serve no requests still ask the registry and the database.
    await built.state.registry.aclose()
    await built.state.database.dispose()


@pytest.fixture
async def base_url(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as url:
        yield url


@pytest.fixture
async def empty(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The office of a cluster that has entered nothing yet."""
    async with calling(base_url, app, "office") as client:
        yield client


@pytest.fixture
async def office(app: FastAPI, empty: httpx.AsyncClient) -> httpx.AsyncClient:
    """The office of a cluster with types, series and two entities in the local copy."""
    async with app.state.database.write() as session:
        for code, counts_as in TYPES.items():
            given = EventTypeCreate(code=code, name=Label(pl=code, en=code), counts_as=counts_as)
            await EVENT_TYPES.create(session, given=given, now=NOW)
        for code, counts_as in SERIES.items():
            series = SeriesCreate(
                code=code, name=Label(pl=code, en=code), counts_as=counts_as, starts_on=NOW.date().replace(year=2020)
            )
            await create_series(session, given=series, now=NOW)
        facts = [
            EntityFacts(id=FOUNDATION, name="Fundacja"),
            EntityFacts(id=STARTUP, name="Cardiomatics", startup=True),
        ]
        await keep(session, facts=facts, now=NOW)
    return empty


@pytest.fixture
async def anybody(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    async with calling(base_url, app, "anonymous") as client:
        yield client


@pytest.fixture
async def device(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A device at the door."""
    async with calling(base_url, app, "device") as client:
        yield client


@pytest.fixture
async def follower(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who follows the feed."""
    async with calling(base_url, app, "integrator") as client:
        yield client


Add = Callable[..., Awaitable[dict[str, Any]]]


def event_body(title: str = "Śniadanie naukowe", **properties: Any) -> dict[str, Any]:
    """An event of tomorrow, as the API takes it."""
    body = {
        "type": "networking",
        "organiser": str(FOUNDATION),
        "title": {"pl": title, "en": title},
        "starts_at": "2026-11-25T17:00:00+01:00",
        "ends_at": "2026-11-25T20:00:00+01:00",
        "state": "published",
    }
    return {**body, **properties}


@pytest.fixture
def add(office: httpx.AsyncClient) -> Add:
    """Adds an event of tomorrow; other properties as the API takes them."""

    async def add_event(title: str = "Śniadanie naukowe", **properties: Any) -> dict[str, Any]:
        answer = await office.post("/v1/events", json=event_body(title, **properties))
        assert answer.status_code == 201, answer.text
        event: dict[str, Any] = answer.json()
        return event

    return add_event


@pytest.fixture
def held(add: Add, office: httpx.AsyncClient) -> Add:
    """Adds an event that took place on a day, with the people who came (by address), from an entity where given."""

    async def add_held(day: str, *addresses: str, entity: UUID | None = None, **properties: Any) -> dict[str, Any]:
        times = {"starts_at": f"{day}T10:00:00+01:00", "ends_at": f"{day}T12:00:00+01:00"}
        event = await add(str(new_id()), **{**times, "state": "completed", **properties})
        lines = [
            {
                "person": {"name": "Ada Przykładowa", "email": address},
                "entity_id": str(entity) if entity else None,
            }
            for address in addresses
        ]
        if lines:
            answer = await office.post(f"/v1/events/{event['id']}/attendance", json={"people": lines})
            assert answer.status_code == 200, answer.text
        return event

    return add_held


def ada(number: int | str = "") -> dict[str, Any]:
    """A person who wants to come."""
    return {"name": "Ada Przykładowa", "email": f"ada{number}@example.org"}
