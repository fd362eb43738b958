"""Certificates: for all who were present, each under a number of its own that nothing moves."""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, STARTUP, Add, ada


class TestIssue:
    async def test_gives_everybody_present_a_number_once(
        self, office: httpx.AsyncClient, held: Add, app: FastAPI
    ) -> None:
        event = await held("2026-11-20", "ada@example.org", "jan@example.org", type="training")
        path = f"/v1/events/{event['id']}"
        absent = {"people": [{"person": ada(3), "present": False}]}
        await office.post(f"{path}/attendance", json=absent)
        issued = (await office.post(f"{path}/certificates")).json()
        assert issued == {"event_id": event["id"], "issued": 2, "already": 0, "erased": 0}
        listed = (await office.get(f"{path}/certificates", params={"count": "true"})).json()
        assert [one["number"] for one in listed["items"]] == ["2026-00001", "2026-00002"]
        assert listed["total"] == 2
        assert {(one["minutes"], one["hours"], one["valid"]) for one in listed["items"]} == {(120, 2.0, True)}
        again = (await office.post(f"{path}/certificates")).json()
        assert (again["issued"], again["already"]) == (0, 2)
        other = await held("2026-11-21", "ada@example.org")
        await office.post(f"/v1/events/{other['id']}/certificates")
        [third] = (await office.get(f"/v1/events/{other['id']}/certificates")).json()["items"]
        assert third["number"] == "2026-00003"
        async with app.state.database.read() as session:
            statement = text("SELECT count(*) FROM personal_data_reads WHERE list_name = 'certificates'")
            assert await session.scalar(statement) == 2

    async def test_keeps_number_and_hours_whatever_is_corrected(self, office: httpx.AsyncClient, held: Add) -> None:
        event = await held("2026-11-20", "ada@example.org")
        path = f"/v1/events/{event['id']}"
        await office.post(f"{path}/certificates")
        [before] = (await office.get(f"{path}/certificates")).json()["items"]
        person = {"name": "Ada Przykładowa", "email": "ada@example.org"}
        lines = {"people": [{"person": person, "present": False, "minutes": 30}]}
        assert (await office.post(f"{path}/attendance", json=lines)).json()["corrected"] == 1
        [after] = (await office.get(f"{path}/certificates")).json()["items"]
        assert after == {**before, "valid": False}

    async def test_never_uses_a_number_twice_even_at_once_or_after_deletion(
        self, office: httpx.AsyncClient, held: Add, app: FastAPI
    ) -> None:
        days = [f"2026-11-{day}" for day in range(10, 16)]
        events = [await held(day, "ada@example.org", "jan@example.org", demonstration=True) for day in days]
        answers = await asyncio.gather(*(office.post(f"/v1/events/{one['id']}/certificates") for one in events))
        assert {answer.status_code for answer in answers} == {200}
        numbers = [
            one["number"]
            for event in events
            for one in (await office.get(f"/v1/events/{event['id']}/certificates")).json()["items"]
        ]
        assert sorted(numbers) == [f"2026-{number:05d}" for number in range(1, 13)]
        gone = f"/v1/events/{events[0]['id']}"
        assert (await office.delete(gone, headers={"If-Match": "*"})).status_code == 204
        later = await held("2026-11-16", "ada@example.org")
        await office.post(f"/v1/events/{later['id']}/certificates")
        [one] = (await office.get(f"/v1/events/{later['id']}/certificates")).json()["items"]
        assert one["number"] == "2026-00013"

    async def test_waits_until_the_event_is_completed(self, office: httpx.AsyncClient, add: Add) -> None:
        path = f"/v1/events/{(await add())['id']}/certificates"
        answer = await office.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "event_not_completed")
        assert (await office.get(path)).json() == {"items": [], "next": None}

    async def test_leaves_out_who_has_been_erased_and_keeps_what_was_issued(
        self, office: httpx.AsyncClient, held: Add, app: FastAPI
    ) -> None:
        event = await held("2026-11-20", "ada@example.org", "jan@example.org")
        path = f"/v1/events/{event['id']}/certificates"
        async with app.state.database.write() as session:
            await session.execute(text("DELETE FROM people WHERE email = 'jan@example.org'"))
        assert (await office.post(path)).json() == {
            "event_id": event["id"],
            "issued": 1,
            "already": 0,
            "erased": 1,
        }
        async with app.state.database.write() as session:
            await session.execute(text("DELETE FROM people"))
        [kept] = (await office.get(path)).json()["items"]
        assert (kept["number"], kept["person"]["name"]) == ("2026-00001", None)


class TestRead:
    async def test_prints_a_page_that_loads_nothing(self, office: httpx.AsyncClient, held: Add) -> None:
        event = await held("2026-11-20", "ada@example.org")
        path = f"/v1/events/{event['id']}/certificates"
        await office.post(path)
        [one] = (await office.get(path)).json()["items"]
        assert (await office.get(f"{path}/{one['id']}")).json() == one
        page = await office.get(f"{path}/{one['id']}", headers={"Accept": "text/html", "Accept-Language": "pl"})
        assert page.headers["content-type"].startswith("text/html")
        for said in ("Zaświadczenie", "Ada Przykładowa", "2026-00001", "2026-11-20", "Fundacja", "2 godz."):
            assert said in page.text
        assert "http" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]

    async def test_of_another_event_finds_nothing(self, office: httpx.AsyncClient, held: Add) -> None:
        first, second = [await held(day, "ada@example.org") for day in ("2026-11-20", "2026-11-21")]
        await office.post(f"/v1/events/{first['id']}/certificates")
        [one] = (await office.get(f"/v1/events/{first['id']}/certificates")).json()["items"]
        answer = await office.get(f"/v1/events/{second['id']}/certificates/{one['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate_not_found")

    async def test_pages_by_number(self, office: httpx.AsyncClient, held: Add) -> None:
        event = await held("2026-11-20", *(f"ada{number}@example.org" for number in range(5)))
        path = f"/v1/events/{event['id']}/certificates"
        await office.post(path)
        numbers: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await office.get(path, params={"limit": "2", **cursor})).json()
            numbers += [one["number"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert numbers == [f"2026-{number:05d}" for number in range(1, 6)]

    async def test_is_for_the_organiser_and_the_office(self, base_url: str, app: FastAPI, held: Add) -> None:
        event = await held("2026-11-20", "ada@example.org")
        path = f"/v1/events/{event['id']}/certificates"
        async with calling(base_url, app, "partner", entity=FOUNDATION) as organiser:
            assert (await organiser.post(path)).json()["issued"] == 1
        async with calling(base_url, app, "partner", entity=STARTUP) as other:
            for answer in (await other.post(path), await other.get(path)):
                assert (answer.status_code, answer.json()["code"]) == (403, "not_your_event")
