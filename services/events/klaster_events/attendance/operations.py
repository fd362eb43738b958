"""Rules of attendance: one person counts once per event; a sheet sent twice changes nothing.

The locks are taken in one order by everybody: people first, then the event.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance import repository
from klaster_events.attendance.errors import NobodyCanHaveCome
from klaster_events.attendance.filters import Counting
from klaster_events.attendance.hours import Timetable, time_of
from klaster_events.attendance.models import Attendance
from klaster_events.attendance.records import log
from klaster_events.attendance.repository import Known, Line, Participations
from klaster_events.attendance.schemas import (
    AttendanceListParameters,
    Origin,
    ParticipationListParameters,
    SheetLine,
    SheetRead,
    Told,
)
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event, note_change
from klaster_events.people import operations as people
from klaster_events.registrations.models import Registration
from klaster_events.registrations.operations import registrations_by_id, registrations_of
from klaster_events.series.operations import series_counting_as
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id

DOORS_OPEN = timedelta(hours=12)  # whoever builds up in the morning may check in for the evening


async def record_sheet(
    session: AsyncSession, *, event_id: UUID, lines: Sequence[SheetLine], entity: Checked, now: datetime
) -> SheetRead:
    """Write down who came, and who did not.

    Raises EventNotFound, NobodyCanHaveCome before the day and for drafts and cancelled events, and Invalid where a
    line names a registration of another event.
    """
    event, verdicts = await write_lines(session, event_id=event_id, lines=lines, entity=entity, now=now)
    told = set(verdicts)  # by person: one who stands in two lines counts once
    counts = Counter(verdict for _, verdict in told)
    return SheetRead(event_id=event_id, present=event.present, **{name: counts[name] for name in get_args(Told)})


async def write_lines(
    session: AsyncSession,
    *,
    event_id: UUID,
    lines: Sequence[SheetLine],
    entity: Checked,
    now: datetime,
    origin: Origin = "sheet",
) -> tuple[Event, list[tuple[UUID, Told]]]:
    """As `record_sheet`: the event, which is held, and for each line its person and what it changed."""
    walked_in = [line.person for line in lines if line.person is not None]
    ids = iter(await people.find_or_add_people(session, given=walked_in, now=now))
    event = await hold_event(session, event_id=event_id)
    _refuse_early(event, now)
    named = await _registrations_named(session, event_id, lines)
    who = [named[line.registration_id].person_id if line.registration_id else next(ids) for line in lines]
    registered = await registrations_of(session, event_id=event_id, people_ids=set(who))
    await entities.keep(session, facts=entity.new, now=now)
    known = await repository.known(session, event_id, set(who))
    rows = {
        person_id: _row(event_id, person_id, line, registered.get(person_id), entity, known.get(person_id), now, origin)
        for person_id, line in zip(who, lines, strict=True)
    }
    if rows:
        await repository.write(session, list(rows.values()))
    told = {person_id: _told(known.get(person_id), row) for person_id, row in rows.items()}
    moved = {person_id: verdict for person_id, verdict in told.items() if verdict != "unchanged"}
    for person_id, verdict in moved.items():
        row, kind = rows[person_id], "created" if verdict == "recorded" else "updated"
        log(session, row["id"], event_id, present=row["present"], kind=kind)
    if moved:
        event.present = await repository.count_present(session, event_id)
        await note_change(session, event=event, changed=["present"], now=now)
    return event, [(person_id, told[person_id]) for person_id in who]


def _told(before: Known | None, row: dict[str, Any]) -> Told:
    if before is None:
        return "recorded"
    return "unchanged" if (before.present, before.minutes) == (row["present"], row["minutes"]) else "corrected"


async def registrations_by_code(
    session: AsyncSession, *, event_id: UUID, codes: Collection[str]
) -> dict[str, Registration]:
    """The event's registrations behind these codes."""
    return await repository.registrations_by_code(session, event_id, codes)


def _refuse_early(event: Event, now: datetime) -> None:
    if event.state not in {"published", "completed"}:
        raise NobodyCanHaveCome(f"The event is {event.state}")
    if now < event.starts_at - DOORS_OPEN:
        raise NobodyCanHaveCome(f"The event begins at {event.starts_at.isoformat()}")


async def _registrations_named(
    session: AsyncSession, event_id: UUID, lines: Sequence[SheetLine]
) -> dict[UUID, Registration]:
    wanted = {line.registration_id for line in lines if line.registration_id}
    found = await registrations_by_id(session, event_id=event_id, ids=wanted)
    wrong = [
        FieldError(
            pointer=f"/people/{number}/registration_id",
            code="unknown_registration",
            detail=f"The event has no registration {line.registration_id}",
        )
        for number, line in enumerate(lines)
        if line.registration_id and line.registration_id not in found
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
    return found


def _row(
    event_id: UUID,
    person_id: UUID,
    line: SheetLine,
    registration: Registration | None,
    entity: Checked,
    before: Known | None,
    now: datetime,
    origin: Origin,
) -> dict[str, Any]:
    of_registration = registration.entity_id if registration else None
    scanned = before.scanned if before else None
    minutes = line.minutes if line.minutes is not None or before is None else before.minutes
    return {
        "id": before.id if before else new_id(),
        "event_id": event_id,
        "person_id": person_id,
        "registration_id": registration.id if registration else None,
        "entity_id": entity.living[line.entity_id] if line.entity_id else of_registration,
        "present": line.present or scanned is not None,
        "on_sheet": line.present,
        "scanned": scanned,
        "origin": origin if scanned is None else "checkin",
        "minutes": minutes,
        "recorded_at": now,
    }


async def list_attendance(
    session: AsyncSession, *, event: Event, parameters: AttendanceListParameters
) -> Sequence[Line]:
    """One page, and one row more where there is more: everybody known or expected."""
    return await repository.attendance_page(session, event, parameters)


async def count_attendance(session: AsyncSession, *, event: Event, parameters: AttendanceListParameters) -> int:
    """How many there are in all."""
    return await repository.count_attendance(session, event, parameters)


async def records_of(session: AsyncSession, *, event: Event, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Attendance with the people behind it, for those who may know."""
    named = await people.names_of(session, ids={line.person_id for line in lines})
    rows = await repository.by_ids(session, [line.id for line in lines])
    expected = await registrations_by_id(
        session, event_id=event.id, ids=[line.id for line in lines if line.id not in rows]
    )
    timetable = await timetable_of(session, event=event)
    return [_record(line, rows.get(line.id), expected.get(line.id), named[line.person_id], timetable) for line in lines]


async def timetable_of(session: AsyncSession, *, event: Event) -> Timetable:
    """When an event and its sessions take place."""
    return Timetable((event.starts_at, event.ends_at), await repository.sessions_of(session, event.id))


def _record(
    line: Line,
    row: Attendance | None,
    registration: Registration | None,
    person: dict[str, Any],
    timetable: Timetable,
) -> dict[str, Any]:
    minutes = source = None
    if row is not None and row.present:
        minutes, source = time_of(scanned=row.scanned, on_sheet=row.minutes, timetable=timetable)
    return {
        "id": line.id,
        "person": person,
        "entity_id": row.entity_id if row else registration.entity_id if registration else None,
        "registration_id": row.registration_id if row else line.id,
        "status": line.status,
        "present": row.present if row else False,
        "origin": row.origin if row else None,
        "on_sheet": row.on_sheet if row else None,
        "first_scan_at": row.scanned["first"] if row and row.scanned else None,
        "minutes": minutes,
        "minutes_source": source,
        "certificate_number": row.certificate_number if row else None,
        "recorded_at": row.recorded_at if row else None,
    }


async def list_participations(
    session: AsyncSession, *, parameters: ParticipationListParameters, zone: str
) -> Sequence[Any]:
    """One page, and one row more where there is more."""
    counting = await _counting(session, parameters)
    return await repository.participations_page(session, parameters, counting=counting, zone=zone)


async def count_participations(
    session: AsyncSession, *, parameters: ParticipationListParameters, zone: str
) -> Participations:
    """The list in numbers: rows, different people, different entities, demonstration rows."""
    counting = await _counting(session, parameters)
    return await repository.count_participations(session, parameters, counting=counting, zone=zone)


async def _counting(session: AsyncSession, parameters: ParticipationListParameters) -> Counting:
    types, series = parameters.counts_as, parameters.series_counts_as
    return Counting(
        types=await EVENT_TYPES.counting_as(session, codes=types) if types else None,
        series=await series_counting_as(session, codes=series) if series else None,
    )
