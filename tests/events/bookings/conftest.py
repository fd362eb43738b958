"""A laboratory of the foundation that takes bookings, and somebody who speaks for each side."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.resources.following import follow_registry
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, STARTUP, FakeRegistry

LAB = UUID("01900000-0000-7000-8000-0000000000a1")
SERVICE = UUID("01900000-0000-7000-8000-0000000000a2")
HOSPITAL = UUID("01900000-0000-7000-8000-000000000003")
RESOURCES, BOOKINGS = "/v1/lsos/resources", "/v1/lsos/bookings"
Book = Callable[..., Awaitable[dict[str, Any]]]


def lab(**properties: Any) -> dict[str, Any]:
    """A shared laboratory, as the registry's feed tells it."""
    record = {
        "id": str(LAB),
        "name": {"pl": "Pracownia NMR", "en": "NMR laboratory"},
        "owner": {"id": str(FOUNDATION), "name": "Fundacja"},
        "kind": "scientific",
        "fields": ["medicine"],
        "shared": {"from": "2022-06-01", "to": None},
        "terms": {"pl": "Po uzgodnieniu", "en": "By appointment"},
        "partners_only": False,
        "demonstration": False,
        "version": 1,
    }
    return {**record, **properties}


def service(**properties: Any) -> dict[str, Any]:
    """A service of that laboratory."""
    words = {"name": {"pl": "Widma NMR", "en": "NMR spectra"}, "price": "od 180 PLN"}
    return lab(id=str(SERVICE), lab={"id": str(LAB), "name": None}, **{**words, **properties})


def rules(**properties: Any) -> dict[str, Any]:
    """Open on weekdays from eight to four, in hours; each is approved by the owner."""
    hours = [{"weekday": day, "from": "08:00", "to": "16:00"} for day in range(1, 6)]
    terms = {"pl": "Szkolenie na miejscu", "en": "Training on site"}
    return {"hours": hours, "slot_minutes": 60, "most_slots": 4, "terms": terms, **properties}


def booking_body(hour: int = 9, *, hours: int = 1, **properties: Any) -> dict[str, Any]:
    """A booking of tomorrow, Wednesday, on the laboratory's own clock."""
    times = {"starts_at": f"2026-11-25T{hour:02}:00:00+01:00", "ends_at": f"2026-11-25T{hour + hours:02}:00:00+01:00"}
    person = {"name": "Ada Przykładowa", "email": "ada@example.org"}
    return {"resource": str(LAB), "entity": str(STARTUP), "person": person, "accepts_terms": 1, **times, **properties}


@pytest.fixture
async def shared(app: FastAPI, office: httpx.AsyncClient, registry: FakeRegistry) -> httpx.AsyncClient:
    """The office of a cluster whose registry shows one laboratory and one service as shared."""
    registry.knows(FOUNDATION, "Fundacja")
    registry.knows(STARTUP, "Cardiomatics", startup=True)
    registry.knows(HOSPITAL, "Szpital")
    registry.shares(lab())
    registry.shares(service(), "lab_services")
    await follow_registry(app.state.database, app.state.registry)
    return office


@pytest.fixture
async def startup(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the startup, which books."""
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client


@pytest.fixture
async def owner(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the foundation, whose laboratory it is."""
    async with calling(base_url, app, "partner", entity=FOUNDATION) as client:
        yield client


@pytest.fixture
async def stranger(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the hospital, which has no part in it."""
    async with calling(base_url, app, "partner", entity=HOSPITAL) as client:
        yield client


async def rule(owner: httpx.AsyncClient, resource: UUID = LAB, **properties: Any) -> dict[str, Any]:
    """The owner says how it is booked."""
    answer = await owner.put(
        f"{RESOURCES}/{resource}/booking-rules", json=rules(**properties), headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
async def ruled(shared: httpx.AsyncClient, owner: httpx.AsyncClient) -> httpx.AsyncClient:
    """The office; the laboratory takes bookings, which its owner approves."""
    contact = {"name": "Ola Opiekunka", "email": "ola@example.org"}
    await rule(owner, contact=contact)
    return shared


@pytest.fixture
def book(ruled: httpx.AsyncClient, startup: httpx.AsyncClient) -> Book:
    """Books an hour of tomorrow for the startup."""

    async def book_it(hour: int = 9, **properties: Any) -> dict[str, Any]:
        answer = await startup.post(BOOKINGS, json=booking_body(hour, **properties))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return book_it


async def step(client: httpx.AsyncClient, booking: dict[str, Any], verb: str, **body: Any) -> httpx.Response:
    """Take a booking a step on."""
    path = f"{BOOKINGS}/{booking['id']}/{verb}"
    return await client.post(path, json=body or None, headers={"If-Match": "*"})


async def wrong(answer: httpx.Response) -> tuple[int, str]:
    """What a refusal says: its status, and the field or the code."""
    found = answer.json()
    return answer.status_code, found["errors"][0]["pointer"] if found["errors"] else found["code"]
