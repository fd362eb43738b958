"""Events of the first release, with people in them, brought to the newest: nothing is lost, all that is new works."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from klaster_events.database import open_database
from klaster_shared.identifiers import new_id
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import cloned_database, make_template
from tests.events.conftest import FOUNDATION, ada

FIRST_RELEASE = "51fb94e9917b"
THEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
EVENT = new_id()
PEOPLE = [new_id() for _ in range(3)]
REGISTRATIONS = [new_id() for _ in range(3)]
TYPES: dict[type, Any] = {UUID: sa.Uuid(), bool: sa.Boolean(), datetime: sa.DateTime(timezone=True), list: sa.JSON()}
STAMPS = {"created_at": THEN, "updated_at": THEN}


def _person(number: int) -> dict[str, Any]:
    address = ada(number)["email"]
    return {"id": PEOPLE[number], "name": f"Ada {number}", "email": address, "email_key": address, "created_at": THEN}


def _registration(number: int, state: str) -> dict[str, Any]:
    who = {"id": REGISTRATIONS[number], "event_id": EVENT, "person_id": PEOPLE[number]}
    return {**who, "state": state, "ticket": number + 1, **STAMPS}


EVENT_ROW = {
    "id": EVENT,
    "type": "networking",
    "organiser_id": FOUNDATION,
    "title_pl": "Śniadanie",
    "title_en": "Breakfast",
    "sort_title": "sniadanie",
    "search_text": "sniadanie|breakfast",
    "starts_at": datetime(2026, 11, 24, 16, tzinfo=UTC),
    "ends_at": datetime(2026, 11, 24, 19, tzinfo=UTC),
    "zone": "Europe/Warsaw",
    "online": False,
    "capacity": 2,
    "confirmed": 2,
    "waiting": 1,
    "tickets": 3,
    "present": 1,
    "state": "published",
    "demonstration": False,
    "source": "office",
    "source_key": str(EVENT),
    "version": 1,
    **STAMPS,
}
ROWS: list[tuple[str, dict[str, Any]]] = [
    (
        "event_types",
        {
            "code": "networking",
            "name_pl": "Spotkanie",
            "name_en": "Meeting",
            "counts_as": ["networking"],
            "retired": False,
            "version": 1,
            "updated_at": THEN,
        },
    ),
    ("feed_cursors", {"feed": "registry", "position": 41, "moved_at": THEN}),
    ("events", EVENT_ROW),
    *(("people", _person(number)) for number in range(3)),
    *(("registrations", _registration(n, state)) for n, state in enumerate(("confirmed", "confirmed", "waiting"))),
    (
        "attendance",
        {
            "id": new_id(),
            "event_id": EVENT,
            "person_id": PEOPLE[0],
            "registration_id": REGISTRATIONS[0],
            "present": True,
            "recorded_at": THEN,
        },
    ),
]


async def _fill(url: str) -> None:
    """The first release's tables with rows, then all migrations since."""
    await upgrade(url, "klaster_events", to=FIRST_RELEASE)
    database = open_database(url)
    async with database.write() as session:
        for name, row in ROWS:
            table = sa.table(name, *(sa.column(key, TYPES.get(type(value))) for key, value in row.items()))
            await session.execute(sa.insert(table).values(**row))
    await database.dispose()
    await upgrade(url, "klaster_events")


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> AsyncIterator[str]:
    """A database that the first release filled, brought to the newest."""
    async with AsyncExitStack() as stack:
        if engine == "postgresql":
            server = request.getfixturevalue("postgresql")
            template = await make_template(server, "events_upgraded", _fill)
            yield await stack.enter_async_context(cloned_database(server, template))
        else:
            url = f"sqlite+aiosqlite:///{tmp_path / 'upgraded.db'}"
            await _fill(url)
            yield url


class TestUpgrade:
    async def test_keeps_what_was_there_and_lets_it_do_what_is_new(self, empty: httpx.AsyncClient) -> None:
        event = (await empty.get(f"/v1/events/{EVENT}")).json()
        assert event["seats"] == {"confirmed": 2, "held": 0, "waiting": 1, "free": 0}
        assert (event["visibility"], event["present"]) == ("public", 1)
        people = (await empty.get(f"/v1/events/{EVENT}/registrations")).json()["items"]
        assert [(one["person"]["name"], one["state"]) for one in people] == [
            ("Ada 0", "confirmed"),
            ("Ada 1", "confirmed"),
            ("Ada 2", "waiting"),
        ]
        codes = [one["code"] for one in people]
        assert len({code for code in codes if code and len(code) == 16}) == 3

        left = await empty.post(f"/v1/events/{EVENT}/registrations/{REGISTRATIONS[0]}/cancel")
        assert left.json()["state"] == "cancelled", left.text
        moved = (await empty.get(f"/v1/events/{EVENT}/registrations")).json()["items"][2]
        assert moved["state"] == "confirmed"  # believed before, and so now

        scan = {"list": str(EVENT), "secret": codes[1], "nonce": "one", "datetime": "2026-11-24T09:00:00Z"}
        scanned = await empty.post(f"/v1/events/{EVENT}/checkin/scans", json=scan)
        assert (scanned.status_code, scanned.json()["accepted"]) == (200, True), scanned.text
        count = (await empty.get(f"/v1/events/{EVENT}/checkin/count")).json()
        assert count["present"] == 2  # who was written down by a sheet before, and who comes now
