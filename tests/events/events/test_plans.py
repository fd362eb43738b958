"""How lists of events are answered inside the database, on either engine: by their indexes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert
from sqlalchemy.event import listen, remove

from klaster_events.events import operations
from klaster_events.events.models import Event
from klaster_events.events.schemas import EventListParameters
from klaster_events.events.viewers import ANYBODY, OFFICE, Viewer
from klaster_shared.identifiers import new_id
from tests.events.conftest import FOUNDATION, NOW

ZONE = "Europe/Warsaw"
SORTED = ("'Sort'", "Incremental Sort", "TEMP B-TREE")
SCANNED = ("Seq Scan", "SCAN events'", 'SCAN events"')


@pytest.fixture
async def many(app: FastAPI, office: httpx.AsyncClient) -> FastAPI:
    """Two thousand events of six years."""
    first = datetime(2021, 1, 1, 9, tzinfo=UTC)
    rows = []
    for number in range(2_000):
        begins = first + timedelta(days=number)
        row: dict[str, Any] = {"type": "networking", "organiser_id": FOUNDATION, "zone": ZONE, "online": False}
        row |= {"title_pl": f"{number}", "title_en": f"{number}", "sort_title": f"{number:04}", "search_text": ""}
        row |= {
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=2),
            "source": "test",
            "source_key": f"{number}",
        }
        row |= dict.fromkeys(("confirmed", "held", "waiting", "tickets", "present", "sequence"), 0)
        row |= {"state": "completed", "visibility": "public", "demonstration": False, "approval": False, "version": 1}
        rows.append({"id": new_id(), **row, "published_at": begins, "created_at": NOW, "updated_at": NOW})
    async with app.state.database.write() as session:
        await session.execute(insert(Event), rows)
        await (await session.connection()).exec_driver_sql("ANALYZE")
    return app


async def plan_of(app: FastAPI, ask: Any) -> str:
    """The plan of the statement on events that `ask(session)` runs."""
    database, asked = app.state.database, []
    engine = database._reader.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    listen(engine, "before_cursor_execute", note)
    async with database.read() as session:
        await ask(session)
    remove(engine, "before_cursor_execute", note)
    statement, parameters = next(one for one in asked if "FROM events" in one[0])
    async with database._reader.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if database.dialect == "sqlite":
            return str([row[3] for row in await driver.execute_fetchall(f"EXPLAIN QUERY PLAN {statement}", parameters)])
        await driver.execute("SET enable_seqscan = off")  # two thousand rows are read faster than any index
        [row] = await driver.fetch(f"EXPLAIN (FORMAT JSON) {statement}", *parameters)
        return str(row[0])


class TestPlans:
    @pytest.mark.parametrize(
        "viewer",
        [ANYBODY, OFFICE, Viewer(partner=True, own=frozenset({FOUNDATION}), groups=frozenset({"talents"}))],
        ids=["anybody", "office", "partner"],
    )
    async def test_of_pages_walk_along_the_index_of_their_order(self, many: FastAPI, viewer: Viewer) -> None:
        for sort, index in (
            ("starts_at", "starts_at_id"),
            ("-title", "sort_title_id"),
            ("updated_at", "updated_at_id"),
        ):
            parameters = EventListParameters(sort=sort)
            order = operations.order_of(parameters)
            plan = await plan_of(
                many,
                lambda session, asked=parameters, by=order: operations.list_events(
                    session, parameters=asked, order=by, zone=ZONE, viewer=viewer
                ),
            )
            assert f"ix_events_{index}" in plan
            assert not any(found in plan for found in SORTED)

    async def test_of_figures_look_at_what_ended_in_the_period(self, many: FastAPI) -> None:
        asked = EventListParameters(state=["completed"], ended_from=date(2025, 1, 1), ended_to=date(2025, 1, 31))
        plan = await plan_of(
            many, lambda session: operations.count_events(session, parameters=asked, zone=ZONE, viewer=OFFICE)
        )
        assert "ix_events_state_ends_at" in plan
        assert not any(found in plan for found in SCANNED)

    async def test_of_the_feed_read_the_newest_alone(self, many: FastAPI) -> None:
        plan = await plan_of(
            many,
            lambda session: operations.newest_events(session, parameters=EventListParameters(), zone=ZONE, limit=50),
        )
        assert "ix_events_published_at_id" in plan
        assert not any(found in plan for found in SORTED)
