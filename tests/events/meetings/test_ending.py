"""What ends by itself: requests that nobody answers in time, and meetings of an event that is cancelled."""

from datetime import datetime, timedelta

from klaster_events.meetings.expiring import call_off_meetings, expire_requests
from tests.events.conftest import NOW
from tests.events.meetings.conftest import HALF_PAST_TEN, TEN, Forum


async def cancel_event(forum: Forum) -> None:
    path = f"/v1/events/{forum.event_id}"
    version = (await forum.office.get(path)).headers["etag"]
    answer = await forum.office.post(f"{path}/cancel", headers={"If-Match": version})
    assert answer.status_code == 200, answer.text


class TestRequest:
    async def test_expires_and_who_asked_is_told(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        made = await forum.ask(ada, ewa)
        database, later = forum.app.state.database, NOW + timedelta(hours=48)
        assert await expire_requests(database, now=NOW) == 0
        forum.app.state.clock = lambda: NOW + timedelta(hours=30)
        assert await expire_requests(database, now=later) == 1
        assert [one["state"] for one in await forum.meetings()] == ["expired"]
        assert await forum.told("meeting_expired") == [ada.person]
        assert (await forum.step(ewa, made, "accept")).json()["code"] == "wrong_meeting_state"


class TestCancelledEvent:
    async def test_takes_its_meetings_along_and_writes_no_letter_for_each(self, forum: Forum) -> None:
        ada, ewa, jan = [await forum.guest(name) for name in ("Ada", "Ewa", "Jan")]
        await forum.ask(ada, jan)
        await forum.agreed(jan, ewa)
        met = await forum.agreed(ada, ewa)
        assert (await forum.step(ada, met, "schedule", starts_at=TEN)).status_code == 200
        database = forum.app.state.database
        assert await call_off_meetings(database, now=NOW) == 0
        await cancel_event(forum)
        assert await call_off_meetings(database, now=NOW) == 3
        assert await call_off_meetings(database, now=NOW) == 0
        found = await forum.meetings()
        assert {(one["state"], one["ended_by"], one["starts_at"], one["table"]) for one in found} == {
            ("cancelled", "event", None, None)
        }
        assert await forum.told("meeting_cancelled") == []
        seen = (await forum.anybody.get(ada.meetings)).json()["items"]
        assert {one["state"] for one in seen} == {"cancelled"}

    async def test_leaves_meetings_that_have_begun(self, forum: Forum) -> None:
        ada, ewa, jan = [await forum.guest(name) for name in ("Ada", "Ewa", "Jan")]
        early, late = await forum.agreed(ada, ewa), await forum.agreed(ada, jan)
        assert (await forum.step(ada, early, "schedule", starts_at=TEN)).status_code == 200
        assert (await forum.step(ada, late, "schedule", starts_at=HALF_PAST_TEN)).status_code == 200
        await cancel_event(forum)
        assert await call_off_meetings(forum.app.state.database, now=datetime.fromisoformat(TEN)) == 1
        assert [one["state"] for one in await forum.meetings()] == ["scheduled", "cancelled"]
