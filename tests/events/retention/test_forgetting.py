"""Personal data goes when nothing needs it any more, by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.consents.operations import give
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.database import METADATA
from klaster_events.privacy.ledger import Ledger
from klaster_events.retention.operations import forget_in_batches, months_before, tidy
from klaster_shared.identifiers import new_id
from tests.events.board.conftest import post_body
from tests.events.conftest import FOUNDATION, NOW, Add, ada
from tests.events.privacy.test_erasing import numbers
from tests.events.privacy.test_replaying import id_of, people_in

MONTHS = 24


async def forget(app: FastAPI, ledger: Ledger | None = None, now: datetime = NOW) -> int:
    return await forget_in_batches(app.state.database, ledger=ledger or Ledger(None), months=MONTHS, now=now)


class TestMonthsBefore:
    @pytest.mark.parametrize(
        ("day", "months", "before"),
        [
            ((2026, 11, 24), 24, (2024, 11, 24)),
            ((2026, 2, 28), 24, (2024, 2, 28)),
            ((2024, 2, 29), 12, (2023, 2, 28)),
            ((2026, 1, 31), 2, (2025, 11, 30)),
        ],
    )
    def test_counts_as_people_do(self, day: tuple[int, int, int], months: int, before: tuple[int, int, int]) -> None:
        assert months_before(datetime(*day, tzinfo=UTC), months) == datetime(*before, tzinfo=UTC)


class TestForget:
    async def test_erases_people_whom_no_event_needs_and_no_other(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        paths = [f"/v1/events/{(await add(demonstration=True))['id']}" for _ in range(2)]
        for number, path in ((1, paths[0]), (2, paths[0]), (2, paths[1])):
            await anybody.post(f"{path}/registrations", json=ada(number))
        assert await forget(app) == 0
        await office.delete(paths[0], headers={"If-Match": "*"})
        assert await forget(app) == 1
        assert await people_in(app.state.database) == ["ada2@example.org"]

    async def test_erases_people_whose_last_event_is_long_over_and_leaves_the_figures(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add, held: Add, tmp_path: Path
    ) -> None:
        await held("2024-11-20", "gone@example.org", "stays@example.org")
        await held("2024-11-26", "lately@example.org")
        await held("2026-03-01", "stays@example.org")
        event = await add()
        await held("2024-11-20", "ada@example.org")
        await anybody.post(f"/v1/events/{event['id']}/registrations", json=ada())
        before, ledger = await numbers(anybody), Ledger(tmp_path / "erasures.jsonl")
        assert await forget(app, ledger) == 1
        assert await people_in(app.state.database) == [
            "ada@example.org",
            "lately@example.org",
            "stays@example.org",
        ]
        assert await numbers(anybody) == before
        assert len(await ledger.erased()) == 1
        assert await forget(app, ledger, NOW + timedelta(days=3)) == 1
        assert await forget(app, ledger, NOW + timedelta(days=3)) == 0

    async def test_keeps_whom_a_post_names_until_it_has_been_over_for_as_long(
        self, app: FastAPI, office: httpx.AsyncClient
    ) -> None:
        kind = {"code": "technology", "name": {"pl": "Technologia", "en": "Technology"}}
        assert (await office.post("/v1/lsos/post-kinds", json=kind)).status_code == 201
        post = (await office.post("/v1/lsos/board", json=post_body(valid_until="2027-06-30"))).json()
        said = {"entity": str(FOUNDATION), "contact": ada(1), "message": "Porozmawiajmy."}
        assert (await office.post(f"/v1/lsos/board/{post['id']}/interests", json=said)).status_code == 201
        assert await forget(app, now=datetime(2029, 6, 29, tzinfo=UTC)) == 0
        assert await forget(app, now=datetime(2029, 7, 2, tzinfo=UTC)) == 2

    async def test_erases_whoever_never_confirmed_the_address_a_week_after_it_lapsed(
        self, app: FastAPI, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        path = f"/v1/events/{(await add())['id']}/registrations"
        for number in (1, 2, 3):
            await anybody.post(path, json=ada(number))
        async with app.state.database.write() as session:
            ended = "UPDATE registrations SET state = 'cancelled' WHERE person_id = :id"
            confirmed = "UPDATE registrations SET verified_at = created_at WHERE person_id = :id"
            lapsed, left = [await id_of(app.state.database, f"ada{number}@example.org") for number in (1, 2)]
            for person_id, statements in ((lapsed, [ended]), (left, [ended, confirmed])):
                given = {"id": person_id.hex if app.state.database.dialect == "sqlite" else person_id}
                for statement in statements:
                    await session.execute(text(statement), given)
        assert await forget(app, now=NOW + timedelta(days=6)) == 0
        assert await forget(app, now=NOW + timedelta(days=8)) == 1
        assert await people_in(app.state.database) == ["ada2@example.org", "ada3@example.org"]

    async def test_goes_through_all_of_them_in_batches(self, app: FastAPI, office: httpx.AsyncClient) -> None:
        rows = [
            {"id": new_id(), "name": "A", "email": f"a{n}@x.pl", "email_key": f"a{n}@x.pl", "created_at": NOW}
            for n in range(1001)
        ]
        async with app.state.database.write() as session:
            await session.execute(METADATA.tables["people"].insert(), rows)
        assert await forget(app) == 1001
        assert await people_in(app.state.database) == []


class TestTidy:
    async def test_deletes_what_has_done_its_time_and_nothing_else(
        self, app: FastAPI, office: httpx.AsyncClient
    ) -> None:
        def message(state: str, year: int) -> dict[str, Any]:
            at = NOW.replace(year=year)
            return {
                "id": new_id(),
                "kind": "privacy_link",
                "person_id": FOUNDATION,
                "language": "pl",
                "context": {},
                "state": state,
                "due_at": at,
                "attempts": 0,
                "created_at": at,
            }

        def look(year: int) -> dict[str, Any]:
            at = NOW.replace(year=year)
            return {"id": new_id(), "at": at, "actor": "a", "actor_role": "office", "list_name": "attendance"}

        async with app.state.database.write() as session:
            messages = [message("sent", 2023), message("waiting", 2023), message("sent", 2025)]
            await session.execute(METADATA.tables["messages"].insert(), messages)
            await session.execute(METADATA.tables["personal_data_reads"].insert(), [look(2022), look(2024)])
        done = await tidy(app.state.database, months=MONTHS, now=NOW)
        assert done == {"messages": 1, "looks": 1, "consents": 0, "answers": 0}
        assert await tidy(app.state.database, months=MONTHS, now=NOW) == dict.fromkeys(done, 0)

    async def test_drops_consents_of_somebody_who_never_confirmed_the_address(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        await office.post("/v1/consent-texts", json={"purpose": "photos", "text": {"pl": "Tak", "en": "Yes"}})
        event = await add()
        path = f"/v1/events/{event['id']}/registrations"
        for number in (1, 2):
            assert (await anybody.post(path, json=ada(number))).status_code == 201
        people = [await id_of(app.state.database, f"ada{number}@example.org") for number in (1, 2)]
        async with app.state.database.write() as session:
            agreed = [ConsentGiven(purpose="photos", version=1)]
            await give(session, pairs=[(one, agreed) for one in people], event_id=UUID(event["id"]), now=NOW)
            await session.execute(
                text(
                    "UPDATE registrations SET state = 'cancelled', ended_by = 'expired' WHERE person_id ="
                    " (SELECT id FROM people WHERE email = 'ada1@example.org')"
                )
            )
        assert (await tidy(app.state.database, months=MONTHS, now=NOW))["consents"] == 1
        async with app.state.database.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM consents")) == 1
