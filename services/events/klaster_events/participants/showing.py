"""Participants as somebody is shown them: names of those who said so, and of whoever the one who looks answers for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import Held
from klaster_events.entities import operations as entities
from klaster_events.events.viewers import Viewer
from klaster_events.participants.listing import Found
from klaster_events.participants.models import Participant
from klaster_events.participants.records import own_part, record_of
from klaster_events.people import operations as people
from klaster_events.registrations.errors import NotYourPeople
from klaster_events.registrations.lists import reach_of
from klaster_events.registrations.models import Registration
from klaster_events.registrations.wishes import Own
from klaster_shared.labels import Language


async def reach_in(session: AsyncSession, *, found: Held, viewer: Viewer) -> Own | None:
    """Whom somebody answers for: everybody (None) the office and whoever organises the event."""
    return await reach_of(session, event=found[1], viewer=viewer)


def holds(reach: Own | None, registration: Registration) -> bool:
    """Whether a registration is of somebody whom one answers for."""
    return reach is None or reach.holds(registration.origin, registration.entity_id)


def require_own(reach: Own | None, registration: Registration) -> None:
    """Raises NotYourPeople for whoever does not answer for a registration."""
    if not holds(reach, registration):
        raise NotYourPeople("A partner answers for the people whom it registered itself")


async def records_of(
    session: AsyncSession,
    *,
    found: Held,
    rows: Sequence[Found],
    language: Language,
    reach: Own | None,
    oneself: Participant | None = None,
) -> list[dict[str, Any]]:
    """Participants as they are shown; one look for all of them. That somebody looked is for the caller to note."""
    own = [holds(reach, registration) or (oneself is not None and one.id == oneself.id) for one, registration in rows]
    known = {
        registration.person_id for (one, registration), is_own in zip(rows, own, strict=True) if is_own or one.listed
    }
    named = await people.names_of(session, ids=known)
    from_ = await entities.names(session, ids={one.entity_id for one, _ in rows if one.entity_id})
    records = []
    for (one, registration), is_own in zip(rows, own, strict=True):
        name = named[registration.person_id]["name"] if registration.person_id in known else None
        record = record_of(one, language, name=name, entity=from_[one.entity_id] if one.entity_id else None)
        records.append({**record, "own": own_part(one, found[0]) if is_own else None})
    return records
