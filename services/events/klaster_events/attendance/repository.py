"""Queries on attendance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.attendance.filters import ENTITY, STARTUP, Counting, conditions, joined
from klaster_events.attendance.models import Attendance
from klaster_events.attendance.schemas import AttendanceListParameters, ParticipationListParameters
from klaster_events.database import by, upsert
from klaster_events.events.models import Event
from klaster_shared.pagination import after

ORDER = (by("id", col(Attendance.id)),)


@dataclass(frozen=True, slots=True)
class Participations:
    """How often people took part, how many different people and entities these are, how much is demonstration."""

    rows: int
    people: int
    entities: int
    demonstration: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is written down of a person already."""

    id: UUID
    present: bool
    on_sheet: bool | None
    scanned: dict[str, Any] | None
    origin: str
    minutes: int | None


async def known(session: AsyncSession, event_id: UUID, people: Collection[UUID]) -> dict[UUID, Known]:
    """What is written down of these people already."""
    columns = (Attendance.id, Attendance.present, Attendance.on_sheet, Attendance.scanned, Attendance.origin)
    statement = select(col(Attendance.person_id), *map(col, columns), col(Attendance.minutes)).where(
        col(Attendance.event_id) == event_id, col(Attendance.person_id).in_(people)
    )
    rows = (await session.execute(statement)).all()
    return {person_id: _known(*values) for person_id, *values in rows}


def _known(
    id_: UUID, present: bool, on_sheet: bool | None, scanned: dict[str, Any] | None, origin: str, minutes: int | None
) -> Known:
    if on_sheet is None and scanned is None and origin == "sheet":
        on_sheet = present  # written by the release before, which knows of sheets alone
    return Known(id_, present, on_sheet, scanned, origin, minutes)


async def write(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write what is known of people now; a registration or an entity that was known stays so."""
    statement = upsert(session, "attendance")
    excluded = statement.excluded
    kept = ("present", "on_sheet", "scanned", "origin", "minutes", "recorded_at")
    told = {name: excluded[name] for name in kept} | {
        name: func.coalesce(excluded[name], statement.table.c[name]) for name in ("registration_id", "entity_id")
    }
    statement = statement.on_conflict_do_update(index_elements=["event_id", "person_id"], set_=told)
    await session.execute(statement, list(rows))


async def count_present(session: AsyncSession, event_id: UUID) -> int:
    """How many different people came."""
    statement = select(func.count()).select_from(Attendance)
    found = await session.scalar(statement.where(col(Attendance.event_id) == event_id, col(Attendance.present)))
    return int(found or 0)


async def attendance_page(
    session: AsyncSession, event_id: UUID, parameters: AttendanceListParameters
) -> Sequence[Attendance]:
    """One page, and one row more where there is more."""
    statement = _of_event(select(Attendance), event_id, parameters)
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_attendance(session: AsyncSession, event_id: UUID, parameters: AttendanceListParameters) -> int:
    """How many lines the parameters ask for."""
    statement = _of_event(select(func.count()).select_from(Attendance), event_id, parameters)
    return int(await session.scalar(statement) or 0)


def _of_event(statement: Any, event_id: UUID, parameters: AttendanceListParameters) -> Any:
    statement = statement.where(col(Attendance.event_id) == event_id)
    if parameters.present is None:
        return statement
    return statement.where(col(Attendance.present).is_(parameters.present))


async def participations_page(
    session: AsyncSession, parameters: ParticipationListParameters, *, counting: Counting, zone: str
) -> Sequence[Any]:
    """One page of participations, and one row more where there is more."""
    statement = joined(
        col(Attendance.id),
        col(Attendance.event_id),
        col(Attendance.person_id),
        ENTITY.label("entity_id"),
        STARTUP.label("startup"),
        col(Event.demonstration),
    ).where(*conditions(parameters, counting=counting, zone=zone))
    rows: Sequence[Any] = (
        await session.execute(after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1))
    ).all()
    return rows


async def count_participations(
    session: AsyncSession, parameters: ParticipationListParameters, *, counting: Counting, zone: str
) -> Participations:
    """The list that the parameters ask for, in numbers."""
    statement = joined(
        func.count(),
        func.count(distinct(col(Attendance.person_id))),
        func.count(distinct(ENTITY)),
        func.coalesce(func.sum(case((col(Event.demonstration), 1), else_=0)), 0),
    ).where(*conditions(parameters, counting=counting, zone=zone))
    found = (await session.execute(statement)).one()
    return Participations(*(int(number) for number in found))
