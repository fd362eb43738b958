"""An open edition with tables, people who take part, and each of them by the link of their registration."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.links.operations import signing_links
from klaster_events.participants.models import Participant
from klaster_events.people.operations import find_or_add_people
from klaster_events.people.schemas import PersonGiven
from klaster_events.registrations.models import Registration
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, NOW, STARTUP, Add
from tests.events.editions.conftest import EDITIONS, FORUM, MATCH, edition_body

TEN, HALF_PAST_TEN, ELEVEN, HALF_PAST_ELEVEN = (
    f"2026-11-25T{time}:00Z" for time in ("09:00", "09:30", "10:00", "10:30")
)


@dataclass(frozen=True)
class Guest:
    """Somebody who takes part, with the path that their link opens."""

    id: UUID
    registration: UUID
    person: UUID
    link: str

    @property
    def meetings(self) -> str:
        """Where their meetings are."""
        return f"{self.link}/meetings"


@dataclass
class Forum:
    """An edition, and whoever may act on it."""

    app: FastAPI
    path: str
    event_id: UUID
    office: httpx.AsyncClient
    anybody: httpx.AsyncClient
    tables: list[str]

    @property
    def edition_id(self) -> UUID:
        """The id of the edition."""
        return UUID(self.path.rpartition("/")[2])

    async def guest(
        self, name: str, kind: str = "company", *, entity: UUID | None = None, origin: str = "partner", **said: Any
    ) -> Guest:
        """Somebody with a seat at the event takes part, registered by their entity unless said otherwise."""
        async with self.app.state.database.write() as session:
            given = PersonGiven(name=name, email=f"{name.lower()}@example.org")
            [person] = await find_or_add_people(session, given=[given], now=NOW)
            registration_id, participant_id = new_id(), new_id()
            moment: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
            session.add(
                Registration(
                    id=registration_id,
                    event_id=self.event_id,
                    person_id=person,
                    entity_id=entity,
                    origin=origin if entity else "self",
                    state="confirmed",
                    ticket=1,
                    verified_at=NOW,
                    **moment,
                )
            )
            await session.flush()
            lists: dict[str, Any] = {"languages": ["pl"], "fields": [], "seeks": [], "offers": []}
            values = {**lists, "listed": True, **said}
            session.add(
                Participant(
                    id=participant_id,
                    edition_id=self.edition_id,
                    registration_id=registration_id,
                    entity_id=entity,
                    kind=kind,
                    version=1,
                    **values,
                    **moment,
                )
            )
            token = (await signing_links(session, now=NOW)).sign("registration", registration_id)
        return Guest(participant_id, registration_id, person, f"/v1/registration-links/{token}")

    async def change(self, table: type[Any], row_id: UUID, **values: Any) -> None:
        """Change a row behind everybody's back, as another noun would."""
        async with self.app.state.database.write() as session:
            row = await session.get(table, row_id)
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1

    async def ask(self, asker: Guest, asked: Guest, **given: Any) -> dict[str, Any]:
        """One asks another for a meeting."""
        answer = await self.anybody.post(asker.meetings, json={"asked": str(asked.id), **given})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def agreed(self, asker: Guest, asked: Guest, **given: Any) -> dict[str, Any]:
        """Two agree to meet."""
        meeting = await self.ask(asker, asked, **given)
        answer = await self.step(asked, meeting, "accept")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def step(self, guest: Guest, meeting: dict[str, Any], what: str, **body: Any) -> httpx.Response:
        """A guest does something with their meeting."""
        return await self.anybody.post(f"{guest.meetings}/{meeting['id']}/{what}", json=body or None)

    async def act(self, meeting: dict[str, Any], what: str, **body: Any) -> httpx.Response:
        """The office does something with a meeting."""
        path = f"/v1/lsos/meetings/{meeting['id']}/{what}"
        return await self.office.post(path, json=body or None, headers=MATCH)

    async def meetings(self, **asked: Any) -> list[dict[str, Any]]:
        """The meetings of the edition, the first first."""
        page = (await self.office.get(f"{self.path}/meetings", params={"limit": 500, **asked})).json()
        return list(reversed(page["items"]))

    async def told(self, kind: str) -> list[UUID]:
        """Whom the outbox tells something of a kind."""
        page = (await self.office.get("/v1/messages", params={"kind": kind, "limit": 500})).json()
        return [UUID(one["person_id"]) for one in page["items"]]


Opened = Callable[..., Awaitable[Forum]]


@pytest.fixture
def opened(app: FastAPI, add: Add, office: httpx.AsyncClient, anybody: httpx.AsyncClient) -> Opened:
    """Opens an edition with so many tables; other properties as the API takes them."""

    async def open_it(tables: int = 2, *, demonstration: bool = False, **properties: Any) -> Forum:
        event = await add("LifeScience Open Space", demonstration=demonstration, **FORUM)
        made = await office.post(EDITIONS, json=edition_body(event, **properties))
        assert made.status_code == 201, made.text
        path = f"{EDITIONS}/{made.json()['id']}"
        codes = [{"code": f"A{number + 1}"} for number in range(tables)]
        answer = await office.post(f"{path}/tables", json={"tables": codes})
        assert answer.status_code == 201, answer.text
        assert (await office.post(f"{path}/open", headers=MATCH)).status_code == 200
        ids = [one["id"] for one in (await office.get(f"{path}/tables")).json()["items"]]
        return Forum(app, path, UUID(event["id"]), office, anybody, ids)

    return open_it


@pytest.fixture
async def forum(opened: Opened) -> Forum:
    """Four slots of half an hour tomorrow morning, two tables."""
    return await opened()


@pytest.fixture
async def startup(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the startup."""
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client


@pytest.fixture
async def foundation(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the foundation."""
    async with calling(base_url, app, "partner", entity=FOUNDATION) as client:
        yield client
