"""People who register, what they are told, and the links they follow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.registrations.operations import verify_address
from klaster_shared.testing.servers import calling
from tests.events.conftest import NOW, STARTUP


@pytest.fixture
async def partner(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the startup."""
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client


class People:
    """The registrations of one event as the office sees them, and what is done with them from outside."""

    def __init__(self, app: FastAPI, office: httpx.AsyncClient, event_id: str) -> None:
        self.app = app
        self.path = f"/v1/events/{event_id}/registrations"
        self.event_id = event_id
        self._office = office

    async def items(self, **query: Any) -> list[dict[str, Any]]:
        """The list, in the order of arrival."""
        found = (await self._office.get(self.path, params={"limit": 500, **query})).json()
        items: list[dict[str, Any]] = found["items"]
        return items

    async def states(self) -> list[str]:
        """Their states, in the order of arrival."""
        return [item["state"] for item in await self.items()]

    async def seats(self) -> dict[str, Any]:
        """The counters of the event."""
        found: dict[str, Any] = (await self._office.get(f"/v1/events/{self.event_id}")).json()["seats"]
        return found

    async def one(self, email: str) -> dict[str, Any]:
        """Somebody's registration."""
        [found] = [item for item in await self.items() if item["person"]["email"] == email]
        return found

    async def do(self, email: str, step: str, **body: Any) -> httpx.Response:
        """The office takes somebody's registration a step on."""
        registration = await self.one(email)
        return await self._office.post(f"{self.path}/{registration['id']}/{step}", json=body or None)

    async def confirm(self, email: str, *, now: datetime = NOW) -> None:
        """Somebody follows the link."""
        registration = await self.one(email)
        async with self.app.state.database.write() as session:
            await verify_address(session, registration_id=UUID(registration["id"]), now=now)

    async def told(self, email: str) -> list[str]:
        """What somebody is told, in order."""
        registration = await self.one(email)
        async with self.app.state.database.read() as session:
            rows = await session.execute(text("SELECT registration_id, kind FROM messages ORDER BY created_at, id"))
            return [kind for about, kind in rows if UUID(str(about)) == UUID(registration["id"])]

    async def all_sent(self, at: datetime = NOW) -> None:
        """Every message goes out at a moment."""
        async with self.app.state.database.write() as session:
            statement = text("UPDATE messages SET state = 'sent', sent_at = :at WHERE state = 'waiting'")
            stamp: Any = at if self.app.state.database.dialect == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")
            await session.execute(statement, {"at": stamp})


Crowd = Callable[[dict[str, Any]], People]


@pytest.fixture
def crowd(app: FastAPI, office: httpx.AsyncClient) -> Crowd:
    """The people of an event."""
    return lambda event: People(app, office, event["id"])


Later = Callable[..., Awaitable[datetime]]


@pytest.fixture
def later(app: FastAPI) -> Callable[..., datetime]:
    """Time goes by."""

    def go(**by: float) -> datetime:
        moment = app.state.clock() + timedelta(**by)
        app.state.clock = lambda: moment
        return moment

    return go
