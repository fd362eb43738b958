"""Attendance from the door: who came, who did not, for how long; the figures of the strategy move by exactly that."""

from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from klaster_shared.testing.servers import calling
from tests.events.checkin.conftest import Give, Open, Place, at
from tests.events.conftest import FOUNDATION, STARTUP


async def lines(place: Place, **params: Any) -> dict[str | None, dict[str, Any]]:
    answer = await place.office.get(f"{place.path}/attendance", params=params)
    assert answer.status_code == 200, answer.text
    return {item["registration_id"]: item for item in answer.json()["items"]}


async def complete(app: FastAPI, place: Place) -> None:
    """The day after."""
    app.state.clock = lambda: datetime.fromisoformat("2026-11-25T09:00:00Z")
    assert (await place.office.post(f"{place.path}/complete", json={})).status_code == 200


class TestStatus:
    async def test_tells_who_came_who_is_expected_and_who_never_came(
        self, app: FastAPI, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        first, second, third = place.registrations
        await place.send(tablet, 0, "a")
        absent = {"people": [{"registration_id": second, "present": False}]}
        assert (await place.office.post(f"{place.path}/attendance", json=absent)).status_code == 200
        found = await lines(place)
        assert [found[one]["status"] for one in (first, second, third)] == ["present", "absent", "expected"]
        assert [found[one]["origin"] for one in (first, second, third)] == ["checkin", "sheet", None]
        assert found[first]["person"]["email"] == "ada0@example.org"
        await complete(app, place)
        found = await lines(place)
        assert [found[one]["status"] for one in (first, second, third)] == ["present", "no_show", "no_show"]
        assert set(await lines(place, status="no_show")) == {second, third}
        page = (await place.office.get(f"{place.path}/attendance?status=no_show&count=true&limit=1")).json()
        assert (page["total"], len(page["items"])) == (2, 1)
        rest = (await place.office.get(f"{place.path}/attendance?status=no_show&cursor={page['next']}")).json()
        assert {page["items"][0]["registration_id"], rest["items"][0]["registration_id"]} == {second, third}

    async def test_is_the_same_whether_sheet_or_scan_comes_first(self, open_door: Open, give: Give) -> None:
        place = await open_door(2)
        [tablet] = await give(place, 1)
        absent = {"people": [{"registration_id": one, "present": False} for one in place.registrations]}
        await place.send(tablet, 0, "a")
        await place.office.post(f"{place.path}/attendance", json=absent)
        await place.send(tablet, 1, "b")
        one, other = [(await lines(place))[registration] for registration in place.registrations]
        for said in (one, other):
            assert (said["present"], said["on_sheet"], said["origin"]) == (True, False, "checkin")
        assert await place.numbers() == (2, 2, 2)
        for nonce in ("a", "b"):
            await place.undo(tablet, nonce)
        found = await lines(place)
        assert {(said["present"], said["origin"]) for said in found.values()} == {(False, "sheet")}

    async def test_is_for_the_office_and_the_organiser(self, base_url: str, app: FastAPI, place: Place) -> None:
        async with calling(base_url, app, "partner", entity=FOUNDATION) as organiser:
            assert (await organiser.get(f"{place.path}/attendance")).status_code == 200
        async with calling(base_url, app, "partner", entity=STARTUP) as other:
            for answer in (
                await other.get(f"{place.path}/attendance"),
                await other.post(f"{place.path}/attendance", json={"people": [{"registration_id": place.id}]}),
            ):
                assert (answer.status_code, answer.json()["code"]) == (403, "not_your_event")
        async with app.state.database.read() as session:
            statement = text("SELECT actor_role FROM personal_data_reads WHERE list_name = 'attendance'")
            assert list((await session.scalars(statement)).all()) == ["partner"]


class TestMinutes:
    async def test_come_from_scans_a_sheet_or_the_event_and_say_so(
        self, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        await place.change_list(exits=True)
        await place.send(tablet, 0, "in", datetime=at(0))
        await place.send(tablet, 0, "out", type="exit", datetime=at(45))
        await place.send(tablet, 1, "only-in", datetime=at(0))
        sheet = {"people": [{"registration_id": place.registrations[2], "minutes": 90}]}
        await place.office.post(f"{place.path}/attendance", json=sheet)
        found = await lines(place)
        told = [(found[one]["minutes"], found[one]["minutes_source"]) for one in place.registrations]
        assert told == [(45, "scans"), (240, "event"), (90, "sheet")]


class TestSession:
    async def test_list_lets_in_those_with_a_seat_and_counts_its_hours(
        self, app: FastAPI, place: Place, office: httpx.AsyncClient
    ) -> None:
        body = {
            "title": {"pl": "Warsztat", "en": "Workshop"},
            "starts_at": "2026-11-24T09:00:00Z",
            "ends_at": "2026-11-24T10:00:00Z",
            "capacity": 5,
        }
        answer = await office.post(f"{place.path}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        session_id = answer.json()["id"]
        given = {"name": {"pl": "Warsztat", "en": "Workshop"}, "session": session_id}
        made = await office.post(place.lists, json=given)
        assert made.status_code == 201, made.text
        door = made.json()["id"]
        assert made.json()["opens_at"] == "2026-11-23T21:00:00Z"
        async with app.state.database.write() as session:
            statement = text(
                "INSERT INTO session_seats (session_id, registration_id, state, created_at) "
                "SELECT s.id, r.id, 'taken', r.created_at FROM agenda_sessions s, registrations r WHERE r.code = :code"
            )
            await session.execute(statement, {"code": place.codes[0]})
        assert (await place.send(office, 0, "a", list=door))["accepted"]
        assert (await place.send(office, 1, "b", list=door))["reason"] == "rules"
        found = (await lines(place))[place.registrations[0]]
        assert (found["present"], found["minutes"], found["minutes_source"]) == (True, 60, "sessions")
        people = (await office.get(f"{place.lists}/{door}/people")).json()["items"]
        assert [one["reason"] for one in people] == [None, "rules", "rules"]
        version = {"If-Match": "*"}
        assert (await office.delete(f"{place.path}/sessions/{session_id}", headers=version)).status_code == 204
        kept = (await office.get(f"{place.lists}/{door}")).json()
        assert kept["session_id"] is None
        history = (await office.get(f"{place.path}/checkin/scans", params={"list": door})).json()["items"]
        assert [scan["nonce"] for scan in history] == ["a", "b"]
        assert (await place.count())["present"] == 1
        wrong = {**given, "session": place.id}
        assert (await office.post(place.lists, json=wrong)).json()["errors"][0]["pointer"] == "/session"


class TestFigures:
    async def test_move_by_exactly_the_check_ins_and_survive_erasure(
        self, app: FastAPI, open_door: Open, give: Give, anybody: httpx.AsyncClient
    ) -> None:
        async def figure(name: str) -> tuple[int, int]:
            params = {"name": name, "as_of": "2026-12-31"}
            [found] = (await anybody.get("/v1/events/figures", params=params)).json()["items"]
            return found["value"], found["participations"]

        place = await open_door(4)
        training = await open_door(3, type="training")
        [tablet] = await give(place, 1)
        await place.send(tablet, 0, "a")
        await place.send(tablet, 1, "b")
        await place.send(tablet, 1, "c")
        await training.send(training.office, 0, "a")
        assert await figure("events.networking.attendance") == (0, 0)
        await complete(app, place)
        await complete(app, training)
        assert await figure("events.networking.attendance") == (2, 2)
        assert await figure("events.training.attendance") == (1, 1)
        await place.batch(tablet, [place.scan(2, "late", force=True)])
        assert await figure("events.networking.attendance") == (3, 3)
        await place.undo(tablet, "a")
        assert await figure("events.networking.attendance") == (2, 2)
        async with app.state.database.write() as session:
            await session.execute(text("DELETE FROM people"))
        assert await figure("events.networking.attendance") == (2, 2)
        assert await figure("events.training.attendance") == (1, 1)
        [found] = (await anybody.get("/v1/events/figures?name=events.networking.attendance&as_of=2026-12-31")).json()[
            "items"
        ]
        rows = (await place.office.get(found["rows"])).json()["items"]
        assert {row["event_id"] for row in rows} == {place.id}
        assert len({row["person_id"] for row in rows}) == 2

    async def test_are_told_by_the_feed_without_names(
        self, follower: httpx.AsyncClient, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        await place.send(tablet, 0, "a")
        changes = (await place.office.get("/v1/events/changes", params={"after": "0", "limit": "500"})).json()["items"]
        [came] = [change for change in changes if change["collection"] == "attendance"]
        assert set(came["record"]) == {"id", "event_id", "present"}
        assert came["actor"].startswith("key:")
        seen = (await follower.get("/v1/events/changes", params={"after": "0", "limit": "500"})).text
        assert "attendance" not in seen
