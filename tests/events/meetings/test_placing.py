"""Meetings by hand: a slot that is free for both, a table that is free, and whoever comes second is told why not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.database import METADATA
from klaster_events.participants.models import Participant
from klaster_shared.identifiers import new_id
from tests.events.conftest import NOW
from tests.events.meetings.conftest import ELEVEN, HALF_PAST_ELEVEN, HALF_PAST_TEN, TEN, Forum, Guest, Opened

BEFORE_ELEVEN = [{"day": 1, "from": "10:00", "until": "11:00"}]


async def codes(forum: Forum, guest: Guest, meeting: dict[str, Any], starts_at: str, **given: str) -> list[str]:
    """What stands in the way."""
    answer = await forum.step(guest, meeting, "schedule", starts_at=starts_at, **given)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_not_free"), answer.text
    return [error["code"] for error in answer.json()["errors"]]


async def taken(forum: Forum) -> tuple[int, int]:
    async with forum.app.state.database.read() as session:
        places, people = [
            len((await session.execute(select(METADATA.tables[name]))).all())
            for name in ("meeting_places", "meeting_people")
        ]
    return places, people


async def sits_in_a_session(forum: Forum, guest: Guest, starts_at: str) -> None:
    begin = datetime.fromisoformat(starts_at)
    async with forum.app.state.database.write() as session:
        one = AgendaSession(
            id=new_id(),
            event_id=forum.event_id,
            title_pl="Wykład",
            title_en="Lecture",
            starts_at=begin,
            ends_at=begin + timedelta(minutes=20),
            speakers=[],
            taken=1,
            version=1,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(one)
        await session.flush()
        registration = guest.registration
        session.add(SessionSeat(session_id=one.id, registration_id=registration, state="taken", created_at=NOW))


class TestFreeSlots:
    async def test_are_those_in_which_both_are_there_and_at_nothing_else(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa", availability=BEFORE_ELEVEN)
        agreed = await forum.agreed(ada, ewa)
        path = f"{ada.meetings}/{agreed['id']}/slots"
        found = (await forum.anybody.get(path)).json()["items"]
        assert [(one["starts_at"], len(one["tables"])) for one in found] == [(TEN, 2), (HALF_PAST_TEN, 2)]
        await sits_in_a_session(forum, ada, TEN)
        other = await forum.agreed(ewa, await forum.guest("Jan"))
        assert (await forum.step(ewa, other, "schedule", starts_at=HALF_PAST_TEN)).status_code == 200
        assert (await forum.anybody.get(path)).json()["items"] == []
        office = await forum.office.get(f"/v1/lsos/meetings/{agreed['id']}/slots")
        assert office.json()["items"] == []


class TestSchedule:
    async def test_gives_slot_and_table_and_tells_both(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        agreed = await forum.agreed(ada, ewa)
        made = (await forum.step(ada, agreed, "schedule", starts_at=TEN)).json()
        assert (made["state"], made["starts_at"], made["ends_at"]) == ("scheduled", TEN, HALF_PAST_TEN)
        assert (made["table"]["code"], made["planned_by"]) == ("A1", "hand")
        assert sorted(await forum.told("meeting_scheduled")) == sorted([ada.person, ewa.person])
        moved = (await forum.step(ewa, agreed, "schedule", starts_at=TEN, table=forum.tables[1])).json()
        assert (moved["table"]["code"], moved["starts_at"]) == ("A2", TEN)
        assert sorted(await forum.told("meeting_moved")) == sorted([ada.person, ewa.person])
        same = (await forum.step(ewa, agreed, "schedule", starts_at=TEN)).json()
        assert (same["version"], same["table"]["code"]) == (moved["version"], "A2")
        assert await taken(forum) == (1, 2)
        assert (await forum.step(ada, agreed, "cancel")).json()["starts_at"] is None
        assert await taken(forum) == (0, 0)

    async def test_names_everything_that_stands_in_the_way(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada", cap=1), await forum.guest("Ewa", availability=BEFORE_ELEVEN)
        jan, iga = await forum.guest("Jan"), await forum.guest("Iga")
        asked = await forum.ask(ada, iga)
        answer = await forum.step(ada, asked, "schedule", starts_at=TEN)
        assert answer.json()["code"] == "wrong_meeting_state"
        agreed = await forum.agreed(ada, ewa)
        await sits_in_a_session(forum, ada, ELEVEN)
        assert await codes(forum, ada, agreed, "2026-11-25T09:10:00Z") == ["no_slot"]
        assert await codes(forum, ada, agreed, ELEVEN) == ["asker_in_session", "asked_unavailable"]
        other = await forum.agreed(jan, ada)
        assert (await forum.step(jan, other, "schedule", starts_at=TEN)).status_code == 200
        assert await codes(forum, ada, agreed, TEN) == ["asker_meets", "asker_cap"]
        third = await forum.agreed(ewa, iga)
        assert await codes(forum, ewa, third, TEN, table=forum.tables[0]) == ["table_taken"]
        assert await codes(forum, ewa, third, TEN, table=str(new_id())) == ["unknown_table"]
        withdrawn = await forum.office.post(
            f"{forum.path}/tables/{forum.tables[1]}/withdraw", headers={"If-Match": "*"}
        )
        assert withdrawn.status_code == 200
        assert await codes(forum, ewa, third, TEN, table=forum.tables[1]) == ["table_withdrawn"]
        assert await codes(forum, ewa, third, TEN) == ["no_table"]
        forum.app.state.clock = lambda: datetime(2026, 11, 25, 9, 10, tzinfo=UTC)
        assert await codes(forum, ewa, third, TEN) == ["passed", "no_table"]
        await forum.change(Participant, iga.id, withdrawn_at=NOW)
        assert await codes(forum, ewa, third, HALF_PAST_TEN) == ["asked_gone"]
        assert await taken(forum) == (1, 2)

    async def test_lets_one_of_two_who_come_at_once_have_the_last_table(self, opened: Opened) -> None:
        forum = await opened(tables=1)
        pairs = []
        for number in range(4):
            ada, ewa = await forum.guest(f"Ada{number}"), await forum.guest(f"Ewa{number}")
            pairs.append((ada, await forum.agreed(ada, ewa)))
        answers = await asyncio.gather(
            *(forum.step(guest, meeting, "schedule", starts_at=TEN) for guest, meeting in pairs)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_not_free"}
        assert await taken(forum) == (1, 2)

    async def test_puts_nobody_in_two_places_when_two_arrange_it_at_once(self, opened: Opened) -> None:
        forum = await opened(tables=5)
        ada = await forum.guest("Ada")
        meetings = [await forum.agreed(await forum.guest(f"Ewa{number}"), ada) for number in range(4)]
        answers = await asyncio.gather(
            *(forum.step(ada, meeting, "schedule", starts_at=HALF_PAST_ELEVEN) for meeting in meetings)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        async with forum.app.state.database.read() as session:
            people = METADATA.tables["meeting_people"]
            found = await session.execute(select(people).where(people.c.participant_id == ada.id))
            assert len(found.all()) == 1
