"""Queries on plans of meetings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import METADATA, by
from klaster_events.editions.models import Edition
from klaster_events.events.models import Event
from klaster_events.meetings.models import LIVE, Meeting
from klaster_events.plans.models import PlanRun
from klaster_events.plans.schemas import PlanListParameters
from klaster_shared.changes import TABLE as CHANGES
from klaster_shared.pagination import after

ORDER = (
    replace(by("created_at", col(PlanRun.created_at)), descending=True),
    replace(by("id", col(PlanRun.id)), descending=True),
)


async def find_plan(session: AsyncSession, plan_id: UUID, *, held: bool = False) -> PlanRun | None:
    """One plan; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(PlanRun, plan_id, with_for_update=held or None, populate_existing=held)


async def plan_of_job(session: AsyncSession, job_id: UUID) -> PlanRun | None:
    """The plan that a job works on."""
    found: PlanRun | None = await session.scalar(select(PlanRun).where(col(PlanRun.job_id) == job_id))
    return found


async def plans_page(session: AsyncSession, edition_id: UUID, parameters: PlanListParameters) -> Sequence[PlanRun]:
    """One page, the last first, and one row more where there is more."""
    statement: Any = after(_wanted(select(PlanRun), edition_id, parameters), ORDER, parameters.cursor)
    return list((await session.scalars(statement.limit(parameters.limit + 1))).all())


async def count_plans(session: AsyncSession, edition_id: UUID, parameters: PlanListParameters) -> int:
    """How many there are in all."""
    statement = _wanted(select(func.count()).select_from(PlanRun), edition_id, parameters)
    return int(await session.scalar(statement) or 0)


def _wanted(statement: Any, edition_id: UUID, parameters: PlanListParameters) -> Any:
    wanted = statement.where(col(PlanRun.edition_id) == edition_id)
    return wanted.where(col(PlanRun.mode).in_(parameters.mode)) if parameters.mode else wanted


async def last_change(session: AsyncSession) -> int:
    """The position of the last change of anything."""
    table = METADATA.tables[CHANGES]
    return int(await session.scalar(select(func.max(table.c.position))) or 0)


async def editions_with_meetings(session: AsyncSession, *, now: datetime) -> Sequence[UUID]:
    """The open editions whose event is going to go on, and that have meetings which may have to move."""
    has_any = exists().where(col(Meeting.edition_id) == col(Edition.id), col(Meeting.state).in_(LIVE))
    statement = select(col(Edition.id)).join(Event, col(Event.id) == col(Edition.event_id))
    statement = statement.where(
        col(Edition.state) == "open", col(Event.state) == "published", col(Event.ends_at) > now, has_any
    )
    return list((await session.scalars(statement.order_by(col(Edition.id)))).all())
