"""Rules of plans: one at a time for an edition, made by a job, applied only if what it rests on is still so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import get_edition
from klaster_events.editions.rules import is_going_on
from klaster_events.meetings import grids
from klaster_events.meetings.errors import MeetingsClosed
from klaster_events.plans import repository
from klaster_events.plans.errors import PlanNotFound, PlanOver
from klaster_events.plans.models import PlanRun
from klaster_events.plans.schemas import MeetingPlanCreate, PlanListParameters, PlanState
from klaster_events.plans.situation import Situation
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.identifiers import new_id
from klaster_shared.job_table import job_read
from klaster_shared.jobs import Jobs

COLLECTION = "meeting_plans"
KIND = "plan_meetings"


async def ask_for_plan(
    session: AsyncSession, *, jobs: Jobs, edition_id: UUID, given: MeetingPlanCreate, now: datetime
) -> PlanRun:
    """Have the meetings of an edition planned; the plan that is under way already where there is one.

    Raises EditionNotFound, and MeetingsClosed where nobody can meet any more.
    """
    edition, event = await get_edition(session, edition_id=edition_id)
    if not is_going_on(edition, event, now=now):
        raise MeetingsClosed(f"The edition is {edition.state}, its event {event.state}")
    plan_id, actor = new_id(), acting(session)
    payload = {"plan": plan_id, "actor": actor.subject, "role": actor.role}
    job_id = await jobs.enqueue(session, kind=KIND, payload=payload, key=f"{KIND}:{edition_id}", now=now)
    if (live := await repository.plan_of_job(session, job_id)) is not None:
        return live
    asked = PlanRun(
        id=plan_id,
        edition_id=edition_id,
        job_id=job_id,
        unplaced={},
        version=1,
        created_at=now,
        updated_at=now,
        **given.model_dump(),
    )
    session.add(asked)
    await session.flush()
    log(session, asked, "created")
    return asked


async def get_plan(session: AsyncSession, *, plan_id: UUID, held: bool = False) -> PlanRun:
    """One plan; raises PlanNotFound."""
    found = await repository.find_plan(session, plan_id, held=held)
    if found is None:
        raise PlanNotFound(f"There is no plan {plan_id}")
    return found


async def list_plans(session: AsyncSession, *, edition_id: UUID, parameters: PlanListParameters) -> Sequence[PlanRun]:
    """One page, the last first, and one row more where there is more; raises EditionNotFound."""
    await get_edition(session, edition_id=edition_id)
    return await repository.plans_page(session, edition_id, parameters)


async def count_plans(session: AsyncSession, *, edition_id: UUID, parameters: PlanListParameters) -> int:
    """How many there are in all."""
    return await repository.count_plans(session, edition_id, parameters)


async def cancel_plan(session: AsyncSession, *, jobs: Jobs, plan_id: UUID) -> PlanRun:
    """Stop a plan that waits or is being made: nothing of it is applied. Raises PlanNotFound, PlanOver."""
    found = await get_plan(session, plan_id=plan_id, held=True)
    job = await jobs.find(session, found.job_id)
    if state_of(found, job) not in {"queued", "running"}:
        raise PlanOver(f"It is {state_of(found, job)}")
    await jobs.cancel(session, found.job_id)
    return found


def state_of(plan: PlanRun, job: Any) -> PlanState:
    """What has become of a plan. Jobs are forgotten after a week: one that was not applied by then has failed."""
    if plan.applied_at is not None:
        return "applied"
    if job is None or job.state == "succeeded":
        return "failed"
    return cast("PlanState", job.state)


def record_of(plan: PlanRun, job: Any) -> dict[str, Any]:
    """A plan as it is written in answers."""
    work = job_read(job) if job is not None else None
    return {
        **feed_record(plan),
        "state": state_of(plan, job),
        "done": work.done if work else 0,
        "of": work.of if work else None,
        "problem": work.problem if work else None,
    }


def feed_record(plan: PlanRun) -> dict[str, Any]:
    """A plan as the change log keeps it."""
    said = plan.model_dump(exclude={"edition_id", "job_id", "updated_at"})
    gap = None
    if plan.bound is not None and plan.worth is not None:
        gap = max(0.0, 1 - plan.worth / plan.bound) if plan.bound > 0 else 0.0
    return {**said, "edition": plan.edition_id, "gap": gap}


def log(session: AsyncSession, plan: PlanRun, kind: Any, changed: Sequence[str] = ()) -> None:
    """Note the record after a change."""
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=plan.id,
        changed=changed,
        record=feed_record(plan),
        audience="office",
    )


async def situation_of(session: AsyncSession, *, edition_id: UUID, now: datetime, held: bool = False) -> Situation:
    """What a plan rests on; `held` against everybody who would give meetings a place, or end them."""
    edition, event = await get_edition(session, edition_id=edition_id, held=held)
    return Situation(
        grid=await grids.grid_of(session, edition=edition, event=event),
        parties=await grids.parties_of(session, edition_id=edition_id),
        meetings=await grids.live_meetings(session, edition_id=edition_id, held=held),
        now=now,
    )


async def broken_editions(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """The editions with a meeting that cannot take place as it is known: somebody left, a table broke."""
    found = []
    for edition_id in await repository.editions_with_meetings(session, now=now):
        situation = await situation_of(session, edition_id=edition_id, now=now)
        if situation.gone or situation.broken:
            found.append(edition_id)
    return found


async def last_change(session: AsyncSession) -> int:
    """The position of the last change: while it stands, nothing can have broken but by the clock."""
    return await repository.last_change(session)
