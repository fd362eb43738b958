"""The live count. It is kept by every scan and read in two statements, however many people came."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.checkin import repository
from klaster_events.checkin.errors import ListNotGiven
from klaster_events.events.operations import get_event
from klaster_shared.access import may
from klaster_shared.labels import Language, label_text


async def count(
    session: AsyncSession, *, event_id: UUID, role: str, subject: str, language: Language
) -> dict[str, Any]:
    """An event in numbers, with the lists that the caller was given; raises EventNotFound, ListNotGiven for none."""
    event = await get_event(session, event_id=event_id)
    lists = await repository.lists_of(session, event_id)
    if not may(role, "office"):
        given = await repository.given_lists(session, subject, [one.id for one in lists])
        if not given:
            raise ListNotGiven("The office has given this device no list of this event")
        lists = [one for one in lists if one.id in given]
    return {
        "event_id": event.id,
        "registered": event.confirmed,
        "present": event.present,
        "lists": [
            {
                "id": one.id,
                "name": label_text(one.name_pl, one.name_en, language),
                "session_id": one.session_id,
                "entered": one.entered,
                "inside": one.inside,
            }
            for one in lists
        ],
    }
