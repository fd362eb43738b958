"""Rules of certificates: for all who were present, under numbers that are given once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.hours import time_of
from klaster_events.attendance.models import Attendance
from klaster_events.attendance.operations import timetable_of
from klaster_events.certificates import repository
from klaster_events.certificates.errors import CertificateNotFound, NotCompleted
from klaster_events.certificates.schemas import CertificatesIssued
from klaster_events.entities import operations as entities
from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event
from klaster_events.people import operations as people
from klaster_shared.changes import record_change
from klaster_shared.labels import Language, label_text

COLLECTION = "certificates"


async def issue_certificates(session: AsyncSession, *, event_id: UUID, year: int, now: datetime) -> CertificatesIssued:
    """A number for everybody who was present and has none yet; `year` is the one that numbers begin with.

    Raises EventNotFound, or NotCompleted.
    """
    event = await hold_event(session, event_id=event_id)
    if event.state != "completed":
        raise NotCompleted(f"The event is {event.state}")
    came = await repository.present(session, event_id)
    fresh = [row for row in came if row.certificate_number is None]
    named = await people.names_of(session, ids={row.person_id for row in fresh})
    known = [row for row in fresh if named[row.person_id]["name"] is not None]
    if known:
        await _number(session, event, known, year, now)
    return CertificatesIssued(
        event_id=event_id, issued=len(known), already=len(came) - len(fresh), erased=len(fresh) - len(known)
    )


async def _number(session: AsyncSession, event: Event, rows: Sequence[Attendance], year: int, now: datetime) -> None:
    timetable = await timetable_of(session, event=event)
    first = await repository.take_numbers(session, year, len(rows))
    given = []
    for number, row in enumerate(rows, start=first):
        minutes, _ = time_of(scanned=row.scanned, on_sheet=row.minutes, timetable=timetable)
        numbered = {"certificate_number": f"{year}-{number:05d}", "certificate_issued_at": now}
        given.append({"id": row.id, **numbered, "certificate_minutes": minutes})
        # The number names nobody: who it is for stands with attendance alone.
        record = {"id": row.id, "event_id": event.id, "number": numbered["certificate_number"]}
        record_change(session, kind="created", collection=COLLECTION, id=row.id, record=record, audience="office")
    await repository.assign(session, given)


async def list_certificates(
    session: AsyncSession, *, event: Event, cursor: str | None, limit: int
) -> Sequence[Attendance]:
    """One page by number, and one row more where there is more."""
    return await repository.page(session, event.id, cursor=cursor, limit=limit)


async def count_certificates(session: AsyncSession, *, event: Event) -> int:
    """How many there are in all."""
    return await repository.count(session, event.id)


async def get_certificate(session: AsyncSession, *, event: Event, certificate_id: UUID) -> Attendance:
    """One certificate; raises CertificateNotFound."""
    found = await repository.find(session, event.id, certificate_id)
    if found is None:
        raise CertificateNotFound(f"The event has no certificate {certificate_id}")
    return found


async def records_of(
    session: AsyncSession, *, event: Event, rows: Sequence[Attendance], language: Language
) -> list[dict[str, Any]]:
    """Certificates with the names that are printed on them."""
    named = await people.names_of(session, ids={row.person_id for row in rows})
    organisers = await entities.names(session, ids=[event.organiser_id])
    about = {
        "id": event.id,
        "title": label_text(event.title_pl, event.title_en, language),
        "type": event.type,
        "organiser": organisers[event.organiser_id],
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone,
        "place": event.place,
    }
    return [
        {
            "id": row.id,
            "number": row.certificate_number,
            "issued_at": row.certificate_issued_at,
            "valid": row.present,
            "person": named[row.person_id],
            "event": about,
            "minutes": row.certificate_minutes or 0,
            "hours": round((row.certificate_minutes or 0) / 60, 2),
        }
        for row in rows
    ]
