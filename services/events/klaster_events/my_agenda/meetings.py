"""One's own meetings for the page of the agenda: what waits for an answer, for a time, or for a word how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.rules import is_going_on
from klaster_events.meetings.operations import list_meetings
from klaster_events.meetings.parties import Met, Who
from klaster_events.meetings.placing import free_slots_of
from klaster_events.meetings.schemas import MeetingListParameters
from klaster_events.meetings.showing import own_records, with_parties
from klaster_events.my_agenda.operations import Part

SHOWN = 100
_ORDER = ("accept", "schedule", "cancel", "outcome")  # what waits for an answer comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeetings:
    """Records as one of the two reads them; the slots that are free for both, by meeting; whether there are more."""

    records: Sequence[dict[str, Any]] = ()
    slots: Mapping[UUID, Sequence[dict[str, Any]]] = field(default_factory=dict)
    more: bool = False


async def own_meetings(session: AsyncSession, *, part: Part, now: datetime) -> OwnMeetings:
    """The meetings with which something is to be done, or can be."""
    if part.found is None or part.participant is None:
        return OwnMeetings()
    registration_id = part.own.registration.id
    parameters = MeetingListParameters(
        state=["requested", "accepted", "scheduled", "took_place", "missed"], limit=SHOWN
    )
    rows = await list_meetings(
        session, edition_id=part.found[0].id, parameters=parameters, who=Who(registration=registration_id)
    )
    mets = await with_parties(session, meetings=rows[:SHOWN])
    records = await own_records(session, mets=mets, registration_id=registration_id, now=now)
    slots = await free_slots_of(session, mets=_placeable(mets, records), now=now) if _open(part, now) else {}
    shown = sorted((one for one in records if _concerns(one)), key=lambda one: _ORDER.index(_first(one)))
    return OwnMeetings(records=shown, slots=slots, more=len(rows) > SHOWN)


def _open(part: Part, now: datetime) -> bool:
    return part.takes_part and part.found is not None and is_going_on(*part.found, now=now)


def _placeable(mets: Sequence[Met], records: Sequence[dict[str, Any]]) -> list[Met]:
    return [met for met, record in zip(mets, records, strict=True) if "schedule" in record["may"]]


def _concerns(record: dict[str, Any]) -> bool:
    """Not what the person has said all about; of a project they want to see what becomes of it."""
    if record["project"] is not None:
        return True
    return record["may"] != [] and not ("outcome" in record["may"] and record["outcome"] is not None)


def _first(record: dict[str, Any]) -> str:
    return next((step for step in _ORDER if step in record["may"]), _ORDER[-1])
