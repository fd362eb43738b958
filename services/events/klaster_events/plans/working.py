"""The jobs of plans: asking the planning process, with progress and an end at any time, and seeing what broke."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from klaster_events.plans import operations
from klaster_events.plans.applying import apply
from klaster_events.plans.errors import PlanOvertaken
from klaster_events.plans.schemas import MeetingPlanCreate
from klaster_events.scheduling.question import Answer, Question, read_answer, write_question
from klaster_shared.children.child import Child
from klaster_shared.database import Actor, Database
from klaster_shared.errors import NotFound
from klaster_shared.jobs import Job, Jobs

TRIES = 3  # of a plan whose ground moves while it is made; then the job comes back a little later
LOOK_EVERY = 0.5  # seconds between two reports of progress, which is also how soon a plan is cancelled
HEALING_SECONDS = 1.0
LONGEST = 180.0  # seconds: the longest plan with the longest bound, a process that starts and one that was killed


def planning_process() -> Child:
    """The process that plans; it runs while there is something to plan."""
    return Child("klaster_events.scheduling.child", seconds=LONGEST)


@dataclass(kw_only=True)
class Planner:
    """What planning needs."""

    database: Database
    process: Child
    clock: Callable[[], datetime]


async def plan_meetings(planner: Planner, job: Job) -> dict[str, Any]:
    """Make one plan and apply it; raises PlanOvertaken where people change things faster than it is made.

    A plan that was taken up again after its worker was killed, and had been applied, is left as it is.
    """
    plan_id = UUID(job.payload["plan"])
    actor = Actor(subject=job.payload["actor"], role=job.payload["role"])
    for _ in range(TRIES):
        async with planner.database.read() as session:
            try:
                plan = await operations.get_plan(session, plan_id=plan_id)
            except NotFound:  # its edition was deleted meanwhile
                return {"plan": str(plan_id), "gone": True}
            if plan.applied_at is not None:
                return {"plan": str(plan_id)}
            situation = await operations.situation_of(session, edition_id=plan.edition_id, now=planner.clock())
        asked = Question(
            forum=situation.forum,
            seconds=plan.seconds,
            first=situation.known if plan.mode == "healing" else None,
            bound_seconds=plan.bound_seconds,
        )
        answer = await _answered(planner, job, asked)
        async with planner.database.write(actor=actor) as session:
            rests_on, now = situation.fingerprint, planner.clock()
            if await apply(session, plan_id=plan_id, rests_on=rests_on, answer=answer, now=now) is not None:
                return {"plan": str(plan_id)}
    raise PlanOvertaken("Requests, places or people changed while it was made")


async def _answered(planner: Planner, job: Job, asked: Question) -> Answer:
    """The process's answer. Progress is in seconds; where the job is to stop, so does the process, at once."""
    most, begun = max(1, round(asked.seconds + asked.bound_seconds)), monotonic()
    work = asyncio.ensure_future(planner.process.ask(write_question(asked)))
    try:
        while not work.done():
            await job.progress(min(most, int(monotonic() - begun)), most)
            await asyncio.wait({work}, timeout=LOOK_EVERY)
        return read_answer(work.result())
    finally:
        if not work.done():
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


class Healer:
    """Looks whether a meeting cannot take place as it is known, and has the plan healed where one cannot."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._seen: int | None = None

    async def look(self, jobs: Jobs) -> dict[str, Any]:
        """Whatever changed stands in the change log: while that has not moved, there is nothing to do."""
        async with self._database.read() as session:
            last = await operations.last_change(session)
            if last == self._seen:
                return {"healing": 0}
            broken = await operations.broken_editions(session, now=self._clock())
        given = MeetingPlanCreate(mode="healing", seconds=HEALING_SECONDS, bound_seconds=0.0)
        for edition_id in broken:
            async with self._database.write() as session:
                with suppress(NotFound):
                    await operations.ask_for_plan(
                        session, jobs=jobs, edition_id=edition_id, given=given, now=self._clock()
                    )
        # A plan that is asked for changes something: what it leaves broken is looked at once more.
        self._seen = last
        return {"healing": len(broken)}
