"""Queries on attendance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, distinct, exists, false, func, literal, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession
from klaster_events.attendance.filters import ENTITY, STARTUP, Counting, conditions, joined
from klaster_events.attendance.models import Attendance
from klaster_events.attendance.schemas import AttendanceListParameters, ParticipationListParameters
from klaster_events.database import by, upsert
from klaster_events.events.models import Event
from klaster_events.registrations.models import Registration
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


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on an event's list of attendance: written down, or expected for their seat."""

    id: UUID
    person_id: UUID
    status: str


async def attendance_page(session: AsyncSession, event: Event, parameters: AttendanceListParameters) -> Sequence[Line]:
    """One page, and one row more where there is more."""
    lines = _lines(event, parameters)
    order = (by("id", lines.c.id),)
    statement = after(select(lines.c.id, lines.c.person_id, lines.c.status), order, parameters.cursor)
    rows = (await session.execute(statement.limit(parameters.limit + 1))).all()
    return [Line(*row) for row in rows]


async def count_attendance(session: AsyncSession, event: Event, parameters: AttendanceListParameters) -> int:
    """How many lines the parameters ask for."""
    return int(await session.scalar(select(func.count()).select_from(_lines(event, parameters))) or 0)


def _lines(event: Event, parameters: AttendanceListParameters) -> Any:
    """Whoever is written down, and whoever has a seat and is not."""
    over = event.state == "completed"
    seat = (
        col(Registration.event_id) == event.id,
        col(Registration.state) == "confirmed",
    )
    has_seat = exists(select(1).where(*seat, col(Registration.person_id) == Attendance.person_id))
    is_known = exists(
        select(1).where(col(Attendance.event_id) == event.id, col(Attendance.person_id) == col(Registration.person_id))
    )
    status = case(
        (col(Attendance.present), "present"),
        (~has_seat, "absent"),
        (true() if over else false(), "no_show"),
        (col(Attendance.on_sheet).is_(False), "absent"),
        else_="expected",
    )
    known = select(
        col(Attendance.id), col(Attendance.person_id), status.label("status"), col(Attendance.present)
    ).where(col(Attendance.event_id) == event.id)
    awaited = select(
        col(Registration.id),
        col(Registration.person_id),
        literal("no_show" if over else "expected").label("status"),
        false().label("present"),
    ).where(*seat, ~is_known)
    every = union_all(known, awaited).subquery("every")
    statement = select(every)
    if parameters.status:
        statement = statement.where(every.c.status.in_(parameters.status))
    if parameters.present is not None:
        statement = statement.where(every.c.present.is_(parameters.present))
    return statement.subquery("lines")


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Attendance]:
    """What is written down under these ids."""
    if not ids:
        return {}
    found = await session.scalars(select(Attendance).where(col(Attendance.id).in_(ids)))
    return {row.id: row for row in found.all()}


async def sessions_of(session: AsyncSession, event_id: UUID) -> dict[UUID, tuple[datetime, datetime]]:
    """When each session of an event takes place."""
    columns = (col(AgendaSession.id), col(AgendaSession.starts_at), col(AgendaSession.ends_at))
    rows = await session.execute(select(*columns).where(col(AgendaSession.event_id) == event_id))
    return {session_id: (starts_at, ends_at) for session_id, starts_at, ends_at in rows.all()}


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


async def registrations_by_code(
    session: AsyncSession, event_id: UUID, codes: Collection[str]
) -> dict[str, Registration]:
    """The event's registrations behind these codes, as the database has them now."""
    if not codes:
        return {}
    statement = select(Registration).where(col(Registration.event_id) == event_id, col(Registration.code).in_(codes))
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {str(one.code): one for one in found.all()}
