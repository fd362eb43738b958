"""Meetings with what stands beside them, looked up once for all that are shown. Who looks at people is written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import get_edition
from klaster_events.entities import operations as entities
from klaster_events.meetings import repository
from klaster_events.meetings.models import Meeting
from klaster_events.meetings.parties import Met, Who
from klaster_events.meetings.records import Known, in_full, own_record, record_of
from klaster_events.people import operations as people
from klaster_events.proposing.operations import proposed


async def with_parties(session: AsyncSession, *, meetings: Sequence[Meeting]) -> list[Met]:
    """These meetings, each with its two."""
    found = await repository.parties(session, {one for row in meetings for one in (row.asked_by_id, row.asked_id)})
    return [Met(row, found[row.asked_by_id], found[row.asked_id]) for row in meetings]


async def records_of(session: AsyncSession, *, mets: Sequence[Met]) -> list[dict[str, Any]]:
    """Meetings of one edition as lists have them: nothing that people wrote, no names."""
    known = await _known(session, mets, written=False)
    return [record_of(met, known) for met in mets]


async def record_in_full(session: AsyncSession, *, met: Met, who: Who, now: datetime) -> dict[str, Any]:
    """One meeting with message, names and outcomes, as far as who asks may know. The look is recorded."""
    known = await _known(session, [met], written=True)
    _edition, event = await get_edition(session, edition_id=met.meeting.edition_id)
    people.note_look(session, list_name="meeting", event_id=event.id, now=now)
    return in_full(met, known, sides=who.sides_of(met), office=who.office)


async def own_records(
    session: AsyncSession, *, mets: Sequence[Met], registration_id: UUID, now: datetime
) -> list[dict[str, Any]]:
    """Meetings as one of the two reads them."""
    known, who = await _known(session, mets, written=True), Who(registration=registration_id)
    return [own_record(met, known, side=who.sides_of(met)[0], now=now) for met in mets]


async def scheduled_of(session: AsyncSession, *, registration_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """The meetings of a registration that have a slot, as it reads them."""
    meetings = await repository.with_slot(session, registration_id)
    mets = await with_parties(session, meetings=meetings)
    return await own_records(session, mets=mets, registration_id=registration_id, now=now)


async def _known(session: AsyncSession, mets: Sequence[Met], *, written: bool) -> Known:
    if not mets:
        return Known(entities={}, tables={}, demonstration=False)
    ids = [met.meeting.id for met in mets]
    parties = [party for met in mets for _side, party in met.sides]
    _edition, event = await get_edition(session, edition_id=mets[0].meeting.edition_id)
    plain: dict[str, Any] = {
        "entities": await entities.names(
            session, ids={one.participant.entity_id for one in parties if one.participant.entity_id}
        ),
        "tables": await repository.tables(session, {met.meeting.table_id for met in mets if met.meeting.table_id}),
        "demonstration": event.demonstration,
    }
    if not written:
        return Known(**plain)
    texts = await repository.texts_of(session, ids)
    return Known(
        **plain,
        people=await people.names_of(session, ids={one.registration.person_id for one in parties}),
        texts={(one.meeting_id, one.participant_id, one.kind): one.text for one in texts},
        outcomes={(one.meeting_id, one.participant_id): one for one in await repository.outcomes_of(session, ids)},
        projects=await proposed(session, ids=ids),
    )
