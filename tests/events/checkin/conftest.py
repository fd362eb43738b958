"""A door: an event of this morning, people with codes, and devices with keys of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_shared.testing.servers import calling
from tests.events.conftest import NOW, STARTUP, Add, ada

TODAY = {"starts_at": "2026-11-24T08:00:00Z", "ends_at": "2026-11-24T12:00:00Z"}
TOMORROW = {"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T12:00:00Z"}
KEYS = [UUID(f"01900000-0000-7000-8000-0000000000d{number}") for number in range(6)]


def at(minutes: float = 0) -> str:
    """So many minutes after nine."""
    return (NOW + timedelta(minutes=minutes)).isoformat()


@dataclass
class Place:
    """An event with its people's codes, and how to reach its door."""

    id: str
    office: httpx.AsyncClient
    app: FastAPI
    codes: list[str] = field(default_factory=list)
    registrations: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/events/{self.id}"

    @property
    def lists(self) -> str:
        return f"{self.path}/checkin/lists"

    @property
    def own(self) -> str:
        """The event's own list."""
        return self.id

    def scan(self, who: int | str, nonce: str, **more: Any) -> dict[str, Any]:
        """A scan of somebody's code."""
        secret = who if isinstance(who, str) else self.codes[who]
        return {"list": self.own, "secret": secret, "datetime": at(), "nonce": nonce, **more}

    async def send(self, client: httpx.AsyncClient, who: int | str, nonce: str, **more: Any) -> dict[str, Any]:
        """The verdict on a scan."""
        answer = await client.post(f"{self.path}/checkin/scans", json=self.scan(who, nonce, **more))
        assert answer.status_code == 200, answer.text
        verdict: dict[str, Any] = answer.json()
        return verdict

    async def batch(self, client: httpx.AsyncClient, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The verdicts on a batch."""
        answer = await client.post(f"{self.path}/checkin/scans/batch", json={"scans": scans})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def undo(self, client: httpx.AsyncClient, nonce: str) -> httpx.Response:
        return await client.post(f"{self.path}/checkin/scans/undo", json={"list": self.own, "nonce": nonce})

    async def count(self, client: httpx.AsyncClient | None = None) -> dict[str, Any]:
        answer = await (client or self.office).get(f"{self.path}/checkin/count")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def numbers(self) -> tuple[int, int, int]:
        """Present at the event; entered and inside at its own list."""
        found = await self.count()
        own = next(one for one in found["lists"] if one["id"] == self.id)
        return found["present"], own["entered"], own["inside"]

    async def change_list(self, **change: Any) -> None:
        answer = await self.office.patch(f"{self.lists}/{self.own}", json=change, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text

    async def let(self, state: str, who: int = 0) -> None:
        """Bring a registration into a state."""
        async with self.app.state.database.write() as session:
            statement = text("UPDATE registrations SET state = :state WHERE code = :code")
            await session.execute(statement, {"state": state, "code": self.codes[who]})


Open = Callable[..., Awaitable[Place]]


@pytest.fixture
def open_door(app: FastAPI, office: httpx.AsyncClient, add: Add) -> Open:
    """Opens the door of an event of this morning, for so many registered people."""

    async def opened(people: int = 3, **properties: Any) -> Place:
        event = await add(**{**TOMORROW, **properties})
        place = Place(event["id"], office, app)
        for number in range(people):
            body = {**ada(number), "name": f"Ada Ćwiklińska {number}", "entity_id": str(STARTUP)}
            answer = await office.post(f"{place.path}/registrations", json=body)
            assert answer.status_code == 201, answer.text
            place.registrations.append(answer.json()["id"])
        # Registered the day before; now it is the morning of the event.
        await _move(app, event["id"], "published")
        async with app.state.database.read() as session:
            rows = await session.execute(text("SELECT id, code FROM registrations"))
            codes = {UUID(str(row.id)): row.code for row in rows}
        place.codes = [codes[UUID(one)] for one in place.registrations]
        assert (await office.get(place.lists)).status_code == 200
        return place

    return opened


async def _move(app: FastAPI, event_id: str, state: str) -> None:
    async with app.state.database.write() as session:
        times = {name: datetime.fromisoformat(value) for name, value in TODAY.items()}
        database = app.state.database.dialect
        given: dict[str, Any] = {"id": UUID(event_id) if database == "postgresql" else UUID(event_id).hex, **times}
        if database == "sqlite":
            given |= {name: value.strftime("%Y-%m-%d %H:%M:%S.%f") for name, value in times.items()}
        statement = text("UPDATE events SET starts_at = :starts_at, ends_at = :ends_at, state = :state WHERE id = :id")
        await session.execute(statement, {**given, "state": state})


@pytest.fixture
async def place(open_door: Open) -> Place:
    """A door with three registered people."""
    return await open_door()


Give = Callable[[Place, int], Awaitable[list[httpx.AsyncClient]]]


@pytest.fixture
async def give(base_url: str, app: FastAPI, office: httpx.AsyncClient) -> AsyncIterator[Give]:
    """Gives a door's own list to so many devices."""
    async with AsyncExitStack() as stack:

        async def given(place: Place, devices: int) -> list[httpx.AsyncClient]:
            clients = []
            for key in KEYS[:devices]:
                answer = await office.put(f"{place.lists}/{place.own}/devices/{key}", json={"name": "Tablet"})
                assert answer.status_code == 200, answer.text
                clients.append(await stack.enter_async_context(calling(base_url, app, "device", subject=f"key:{key}")))
            return clients

        yield given


@pytest.fixture
async def tablet(place: Place, give: Give) -> httpx.AsyncClient:
    """A device at the door."""
    [client] = await give(place, 1)
    return client
