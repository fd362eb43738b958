"""One's own agenda: what one does from when to when, on one page, as JSON and in one's calendar."""

from typing import Any

import httpx
from fastapi import FastAPI
from icalendar import Calendar

from klaster_events.resources.copying import apply_changes
from klaster_shared.following import FeedChange
from tests.events.bookings.conftest import BOOKINGS, LAB, RESOURCES, booking_body, lab, rules
from tests.events.conftest import NOW, Add, FakeRegistry, ada
from tests.events.editions.conftest import FORUM
from tests.events.my_agenda.conftest import BROWSER, PROFILE, Come, Forum


async def session_of(office: httpx.AsyncClient, event: dict[str, Any], title: str, hour: int, **more: Any) -> str:
    body = {
        "title": {"pl": title, "en": title},
        "starts_at": f"2026-11-25T{hour:02}:00:00Z",
        "ends_at": f"2026-11-25T{hour + 1:02}:00:00Z",
        **more,
    }
    answer = await office.post(f"/v1/events/{event['id']}/sessions", json=body)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


class TestAgenda:
    async def test_holds_the_sessions_that_one_is_in_and_those_for_everybody(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        event = forum.event
        chosen = await session_of(office, event, "Warsztat", 11, capacity=1, room="Sala 2")
        await session_of(office, event, "Panel", 12, capacity=5)
        await session_of(office, event, "Otwarcie", 8)
        path = await come(event, sessions=[chosen])
        answer = await anybody.get(f"{path}/agenda", headers={"Accept-Language": "pl"})
        agenda = answer.json()
        assert [(one["title"], one["state"]) for one in agenda["items"]] == [
            ("Otwarcie", "open"),
            ("Warsztat", "taken"),
        ]
        assert (agenda["name"], agenda["items"][1]["place"]) == ("Ada Przykładowa", "Sala 2")
        assert answer.headers["cache-control"] == "private, no-store"
        entries = Calendar.from_ical((await anybody.get(agenda["calendar"])).content).events
        assert [str(entry["summary"]) for entry in entries] == ["LifeScience Open Space", "Warsztat"]
        assert str(entries[1]["uid"]) == f"{chosen}@events.klaster"
        page = await anybody.get(f"{path}/agenda?lang=pl", headers=BROWSER)
        assert "środa, 25 listopada 2026" in page.text
        assert "12:00 – 13:00" in page.text
        assert "script" not in page.text.lower()
        assert f"{path}/agenda" in (await anybody.get(path, headers=BROWSER)).text

    async def test_is_empty_before_there_is_anything_and_after_one_has_cancelled(
        self, add: Add, anybody: httpx.AsyncClient, come: Come
    ) -> None:
        path = await come(await add(**FORUM))
        assert (await anybody.get(f"{path}/agenda")).json()["items"] == []
        assert "There is nothing here" in (await anybody.get(f"{path}/agenda?lang=en", headers=BROWSER)).text
        await anybody.post(f"{path}/cancel")
        assert Calendar.from_ical((await anybody.get(f"{path}/agenda.ics")).content).events == []
        assert (await anybody.get("/v1/registration-links/made-up/agenda.ics")).json()["code"] == "link_refused"

    async def test_names_its_calendar_in_the_language_of_the_registration_or_the_one_asked_for(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        polish, english = [await come(forum.event, number, language=own) for number, own in ((1, "pl"), (2, "en"))]
        for path, name in (
            (f"{polish}/agenda.ics", "Mój program"),
            (f"{polish}/agenda.ics?lang=en", "My agenda"),
            (f"{english}/agenda.ics", "My agenda"),
        ):
            assert f"\r\nNAME:{name}\r\n" in (await anybody.get(path)).text

    async def test_holds_meetings_and_bookings_in_the_order_of_time_and_says_what_overlaps(
        self,
        app: FastAPI,
        office: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        registry: FakeRegistry,
        forum: Forum,
        come: Come,
    ) -> None:
        first, second = [await come(forum.event, number) for number in (1, 2)]
        for path in (first, second):
            assert (await anybody.post(f"{path}/participation", json=PROFILE)).status_code == 200
        [_own, other] = (await anybody.get(f"{first}/participants")).json()["items"]
        asked = (await anybody.post(f"{first}/meetings", json={"asked": other["id"]})).json()
        assert (await anybody.post(f"{second}/meetings/{asked['id']}/accept")).status_code == 200
        slot = {"starts_at": "2026-11-25T10:30:00Z"}
        placed = await anybody.post(f"{second}/meetings/{asked['id']}/schedule", json=slot)
        assert placed.status_code == 200, placed.text
        change = FeedChange(position=1, kind="created", collection="labs", id=str(LAB), record=lab())
        async with app.state.database.write() as session:
            await apply_changes(session, [change], NOW)
        ruled = await office.put(f"{RESOURCES}/{LAB}/booking-rules", json=rules(), headers={"If-Match": "*"})
        assert ruled.status_code == 200, ruled.text
        body = booking_body(11, hours=2, person=ada(1))
        booked = await office.post(BOOKINGS, json=body)
        assert booked.status_code == 201, booked.text

        agenda = (await anybody.get(f"{first}/agenda?lang=en")).json()
        assert [(one["kind"], one["title"], one["state"]) for one in agenda["items"]] == [
            ("booking", "NMR laboratory", "requested"),
            ("meeting", "Meeting: Ada Przykładowa", "scheduled"),
        ]
        assert agenda["items"][1]["place"] == "T01"
        others = (await anybody.get(f"{second}/agenda")).json()["items"]
        assert [one["kind"] for one in others] == ["meeting"]
        entries = Calendar.from_ical((await anybody.get(agenda["calendar"])).content).events
        assert [str(entry["status"]) for entry in entries] == ["CONFIRMED", "TENTATIVE", "CONFIRMED"]
        page = (await anybody.get(f"{first}/agenda?lang=en", headers=BROWSER)).text
        assert "more than one thing at this time" not in page
        step = f"{BOOKINGS}/{booked.json()['id']}/approve"
        assert (await office.post(step, headers={"If-Match": "*"})).status_code == 200
        page = (await anybody.get(f"{first}/agenda?lang=en", headers=BROWSER)).text
        assert "more than one thing at this time" in page
