"""Plans of a whole edition: applied all at once, explained, cancelled, made anew where something changed, healed."""

import asyncio
import os
import signal
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from klaster_events.background import build_jobs
from klaster_events.database import METADATA
from klaster_events.participants.models import Participant
from klaster_events.plans.working import Healer, planning_process
from klaster_events.registrations.models import Registration
from klaster_shared.children.child import Child
from klaster_shared.jobs import Jobs
from tests.events.meetings.conftest import ELEVEN, HALF_PAST_TEN, TEN, Forum, Guest, Opened

QUICK = {"seconds": 0.3, "bound_seconds": 0}
MORNING = [{"day": 1, "from": "10:00", "until": "11:00"}]
LATER = [{"day": 1, "from": "11:00", "until": "12:00"}]


class Work:
    """The service's jobs, one at a time, with the planning process."""

    def __init__(self, app: FastAPI, process: Child) -> None:
        self.app, self.process = app, process
        settings = app.state.settings
        self.jobs: Jobs = build_jobs(app.state.database, app.state.registry, settings, process, clock=app.state.clock)
        self.healer = Healer(app.state.database, clock=self._now)

    def _now(self) -> datetime:
        now: datetime = self.app.state.clock()
        return now

    async def begun(self) -> None:
        """Wait until the planning process runs."""
        while self.process.pid is None:  # noqa: ASYNC110 # it starts in its own time
            await asyncio.sleep(0.01)

    async def heal(self) -> int:
        """Look what is broken, and plan what has to be healed; how many editions that were."""
        found = (await self.healer.look(self.jobs))["healing"]
        for _ in range(found):
            assert await self.jobs.run_next()
        return int(found)


@pytest.fixture
async def work(app: FastAPI) -> Any:
    process = planning_process()
    yield Work(app, process)
    await process.aclose()


async def planned(forum: Forum, work: Work, **given: Any) -> dict[str, Any]:
    """Ask for a plan, have it made, and read it."""
    answer = await forum.office.post(f"{forum.path}/plans", json={**QUICK, **given})
    assert answer.status_code == 202, answer.text
    assert await work.jobs.run_next()
    found: dict[str, Any] = (await forum.office.get(answer.headers["location"])).json()
    return found


async def crowd(forum: Forum, number: int) -> list[Guest]:
    """So many people, everybody agreed with the next one."""
    guests = [await forum.guest(f"Gość{at}") for at in range(number)]
    for one, other in zip(guests, [*guests[1:], guests[0]], strict=True):
        await forum.agreed(one, other)
    return guests


async def taken(forum: Forum) -> tuple[int, int]:
    async with forum.app.state.database.read() as session:
        places, people = [
            len((await session.execute(select(METADATA.tables[name]))).all())
            for name in ("meeting_places", "meeting_people")
        ]
    return places, people


async def hopeless(forum: Forum) -> None:
    """Four meetings of which one is possible: the walk goes on for all of its time, since the best is not reached."""
    await forum.agreed(await forum.guest("Ada", cap=1), crowded := await forum.guest("Ewa", cap=1))
    for name in ("Iga", "Jan", "Leo"):
        await forum.agreed(crowded, await forum.guest(name))


class TestPlan:
    async def test_gives_everybody_their_meetings_and_tells_them(self, forum: Forum, work: Work) -> None:
        guests = await crowd(forum, 6)
        made = await planned(forum, work, bound_seconds=5)
        assert (made["state"], made["wishes"], made["placed"], made["moved"]) == ("applied", 6, 6, 0)
        assert (made["fewest"], made["unplaced"], made["problem"]) == (2, {}, None)
        assert made["worth"] <= made["bound"] < made["worth"] * 1.1
        assert 0 <= made["gap"] < 0.1
        meetings = await forum.meetings()
        assert {one["state"] for one in meetings} == {"scheduled"}
        assert max(Counter((one["starts_at"], one["table"]["id"]) for one in meetings).values()) == 1
        assert await taken(forum) == (6, 12)
        assert Counter(await forum.told("meeting_scheduled")) == Counter(2 * [one.person for one in guests])
        again = await planned(forum, work)
        assert (again["placed"], again["moved"]) == (6, 0)
        assert await forum.meetings() == meetings
        listed = (await forum.office.get(f"{forum.path}/plans", params={"count": "true"})).json()
        assert (listed["total"], listed["items"][0]["id"]) == (2, again["id"])

    async def test_is_empty_where_nobody_wants_to_meet(self, forum: Forum, work: Work) -> None:
        await forum.ask(await forum.guest("Ada"), await forum.guest("Ewa"))
        made = await planned(forum, work)
        assert (made["state"], made["wishes"], made["placed"], made["fewest"]) == ("applied", 0, 0, 0)
        assert [one["state"] for one in await forum.meetings()] == ["requested"]

    async def test_says_of_each_that_finds_no_slot_why(self, opened: Opened, work: Work) -> None:
        forum = await opened(tables=1)
        early, late = await forum.guest("Ada", availability=MORNING), await forum.guest("Ewa", availability=LATER)
        never = await forum.agreed(early, late)
        busy = await forum.guest("Jan", cap=1)
        least = await forum.agreed(busy, await forum.guest("Iga"), priority=1)
        await forum.agreed(busy, await forum.guest("Leo"), priority=3)
        made = await planned(forum, work)
        assert made["unplaced"] == {"never_free_together": 1, "most_reached": 1}
        found = {one["id"]: one["hindrance"] for one in await forum.meetings() if one["state"] == "accepted"}
        assert found == {never["id"]: "never_free_together", least["id"]: "most_reached"}
        [shown] = (await forum.anybody.get(late.meetings)).json()["items"]
        assert shown["hindrance"] == "never_free_together"
        assert len(await forum.meetings(hindrance="most_reached")) == 1

    async def test_leaves_what_was_scheduled_by_hand_where_it_is(self, opened: Opened, work: Work) -> None:
        forum = await opened(tables=1)
        ada, ewa, jan = await forum.guest("Ada"), await forum.guest("Ewa"), await forum.guest("Jan")
        by_hand = await forum.agreed(ada, ewa, priority=1)
        await forum.step(ada, by_hand, "schedule", starts_at=TEN)
        wanted = await forum.agreed(jan, await forum.guest("Leo", availability=MORNING), priority=3)
        await forum.agreed(ada, jan)
        made = await planned(forum, work)
        found = {one["id"]: (one["starts_at"], one["planned_by"]) for one in await forum.meetings()}
        assert (made["placed"], found[by_hand["id"]]) == (2, (TEN, "hand"))
        assert found[wanted["id"]] == (HALF_PAST_TEN, "plan")

    async def test_plans_nothing_into_slots_that_have_begun(self, forum: Forum, work: Work) -> None:
        await crowd(forum, 4)
        forum.app.state.clock = lambda: datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
        work = Work(forum.app, work.process)
        assert (await planned(forum, work))["placed"] == 4
        assert {one["starts_at"] for one in await forum.meetings()} == {ELEVEN, "2026-11-25T10:30:00Z"}

    async def test_is_one_at_a_time(self, forum: Forum) -> None:
        first = await forum.office.post(f"{forum.path}/plans", json=QUICK)
        second = await forum.office.post(f"{forum.path}/plans")
        assert (first.json()["state"], first.json()["id"]) == ("queued", second.json()["id"])
        assert (await forum.anybody.post(f"{forum.path}/plans")).status_code == 403

    async def test_is_made_anew_where_something_changed_meanwhile(self, forum: Forum, work: Work) -> None:
        guests = await crowd(forum, 4)
        [first, *_] = await forum.meetings()
        await hopeless(forum)
        answer = await forum.office.post(f"{forum.path}/plans", json={"seconds": 3, "bound_seconds": 0})
        making = asyncio.ensure_future(work.jobs.run_next())
        await work.begun()
        os.kill(work.process.pid or 0, signal.SIGSTOP)  # however long what follows takes, the plan is not done before
        assert (await forum.step(guests[0], first, "cancel")).status_code == 200
        os.kill(work.process.pid or 0, signal.SIGCONT)
        await making
        made = (await forum.office.get(answer.headers["location"])).json()
        assert (made["state"], made["wishes"], made["placed"]) == ("applied", 7, 4)
        states = Counter(one["state"] for one in await forum.meetings())
        assert states == {"scheduled": 4, "cancelled": 1, "accepted": 3}

    async def test_is_made_all_the_same_where_its_process_is_killed(self, forum: Forum, work: Work) -> None:
        await crowd(forum, 4)
        answer = await forum.office.post(f"{forum.path}/plans", json={"seconds": 1, "bound_seconds": 0})
        making = asyncio.ensure_future(work.jobs.run_next())
        await work.begun()
        os.kill(work.process.pid or 0, signal.SIGKILL)
        await making
        assert (await forum.office.get(answer.headers["location"])).json()["state"] == "applied"
        assert await taken(forum) == (4, 8)


class TestCancel:
    async def test_stops_one_that_waits(self, forum: Forum, work: Work) -> None:
        await crowd(forum, 4)
        path = (await forum.office.post(f"{forum.path}/plans", json=QUICK)).headers["location"]
        assert (await forum.office.post(f"{path}/cancel")).json()["state"] == "cancelled"
        assert not await work.jobs.run_next()
        assert (await forum.office.post(f"{path}/cancel")).json()["code"] == "meeting_plan_over"
        assert await taken(forum) == (0, 0)

    async def test_stops_one_that_is_being_made_and_its_process(self, forum: Forum, work: Work) -> None:
        await crowd(forum, 4)
        await hopeless(forum)
        answer = await forum.office.post(f"{forum.path}/plans", json={"seconds": 60, "bound_seconds": 60})
        path = answer.headers["location"]
        making = asyncio.ensure_future(work.jobs.run_next())
        await work.begun()
        assert (await forum.office.post(f"{path}/cancel")).status_code in {200, 409}
        await making
        assert (await forum.office.get(path)).json()["state"] in {"cancelled", "applied"}


class TestHealing:
    async def test_moves_whoever_sat_at_a_table_that_broke_and_nobody_else(self, opened: Opened, work: Work) -> None:
        forum = await opened(tables=3)
        await crowd(forum, 4)
        await planned(forum, work)
        assert await work.heal() == 0
        before = {one["id"]: one for one in await forum.meetings()}
        table = Counter(one["table"]["id"] for one in before.values()).most_common(1)[0][0]
        hit = {one for one, meeting in before.items() if meeting["table"]["id"] == table}
        broken = await forum.office.post(f"{forum.path}/tables/{table}/withdraw", headers={"If-Match": "*"})
        assert broken.status_code == 200
        assert await work.heal() == 1
        after = {one["id"]: one for one in await forum.meetings()}
        assert {one for one in after if after[one] != before[one]} == hit
        assert {one["state"] for one in after.values()} == {"scheduled"}
        assert table not in {one["table"]["id"] for one in after.values()}
        assert len(await forum.told("meeting_moved")) == 2 * len(hit)
        [healed, _first] = (await forum.office.get(f"{forum.path}/plans")).json()["items"]
        assert (healed["mode"], healed["state"], healed["moved"]) == ("healing", "applied", len(hit))
        assert await work.heal() == 0

    async def test_calls_off_what_somebody_who_left_had_arranged(self, forum: Forum, work: Work) -> None:
        guests = await crowd(forum, 4)
        await planned(forum, work)
        await work.heal()
        async with forum.app.state.database.write() as session:
            registration = await session.get(Registration, guests[0].registration)
            registration.state = "cancelled"
        asked = await forum.ask(await forum.guest("Ada"), guests[1])
        assert await work.heal() == 1
        found = Counter((one["state"], one["ended_by"]) for one in await forum.meetings())
        assert found == {("scheduled", None): 2, ("cancelled", "gone"): 2, ("requested", None): 1}
        assert sorted(await forum.told("meeting_cancelled")) == sorted([guests[1].person, guests[3].person])
        assert (await forum.step(guests[1], asked, "accept")).status_code == 200

    async def test_finds_other_hours_for_whoever_has_others_now(self, forum: Forum, work: Work) -> None:
        ada, ewa, jan = await forum.guest("Ada"), await forum.guest("Ewa"), await forum.guest("Jan")
        first, second = await forum.agreed(ada, ewa), await forum.agreed(ada, jan)
        await forum.step(ada, first, "schedule", starts_at=TEN)
        await forum.step(ada, second, "schedule", starts_at=ELEVEN)
        await work.heal()
        await forum.change(Participant, ada.id, availability=LATER)
        await forum.ask(jan, ewa)  # whatever changes stands in the change log
        assert await work.heal() == 1
        found = {one["id"]: (one["state"], one["starts_at"]) for one in await forum.meetings()}
        assert found[first["id"]] == ("scheduled", "2026-11-25T10:30:00Z")
        assert found[second["id"]] == ("scheduled", ELEVEN)
        await forum.change(Participant, ada.id, availability=[{"day": 2, "from": "10:00", "until": "11:00"}])
        await forum.guest("Leo")
        await forum.ask(jan, await forum.guest("Iga"))
        assert await work.heal() == 1
        lost = [one for one in await forum.meetings() if one["state"] == "accepted"]
        assert [one["hindrance"] for one in lost] == ["never_free_together"] * 2
        assert len(await forum.told("meeting_unscheduled")) == 4
        assert await taken(forum) == (0, 0)
