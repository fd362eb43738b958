"""Who else takes part, for the page on which one asks for meetings: whom one should meet, and all the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.rules import is_going_on, may_ask
from klaster_events.introductions.operations import answers_of, introductions_for
from klaster_events.meetings.operations import list_meetings
from klaster_events.meetings.parties import Who
from klaster_events.meetings.schemas import MeetingListParameters
from klaster_events.my_agenda.operations import Part, shown
from klaster_events.participants.listing import Found
from klaster_shared.labels import Language

SUGGESTED = 5
_STANDING = ("requested", "accepted", "scheduled", "took_place", "missed", "declined")  # nobody is asked twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Fellows:
    """Participants as one sees them; suggestions with their reasons; the state of one's meeting with each."""

    records: Sequence[dict[str, Any]]
    suggested: Sequence[dict[str, Any]]
    met: Mapping[UUID, str]
    askable: frozenset[str]
    """Kinds of participants whom one may ask now."""


async def fellows(
    session: AsyncSession, *, part: Part, rows: Sequence[Found], first: bool, language: Language, now: datetime
) -> Fellows:
    """What the page holds of these participants; suggestions where it is the first page of all."""
    assert part.found is not None, "whoever sees others takes part in an edition"
    assert part.participant is not None
    (edition, event), own = part.found, part.participant
    going_on = is_going_on(edition, event, now=now)
    found = (
        await introductions_for(session, edition=part.found, participant=(own, part.own.registration), limit=SUGGESTED)
        if first and going_on
        else []
    )
    named = await shown(session, part=part, rows=[one.found for one in found], language=language)
    return Fellows(
        records=[one for one in await shown(session, part=part, rows=rows, language=language) if one["id"] != own.id],
        suggested=answers_of(found, named, language=language),
        met=await _met(session, part),
        askable=frozenset(
            kind["code"] for kind in edition.kinds if going_on and may_ask(edition, asker=own.kind, asked=kind["code"])
        ),
    )


async def _met(session: AsyncSession, part: Part) -> dict[UUID, str]:
    """How one stands with others, by participant; the last word counts."""
    assert part.found is not None
    assert part.participant is not None
    own = part.participant.id
    rows = await list_meetings(
        session,
        edition_id=part.found[0].id,
        parameters=MeetingListParameters(state=list(_STANDING), limit=500),
        who=Who(registration=part.own.registration.id),
    )
    return {(row.asked_id if row.asked_by_id == own else row.asked_by_id): row.state for row in reversed(rows)}
