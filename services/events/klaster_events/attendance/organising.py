"""Who may see and do what is between an event and its people: the office, and those who organise the event."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events.models import Event
from klaster_events.events.operations import get_event
from klaster_events.events.visibility import organises
from klaster_events.registrations.errors import NotYourEvent
from klaster_shared.access import may


async def organised_event(session: AsyncSession, *, event_id: UUID, role: str, entity: UUID | None) -> Event:
    """The event, for one who may see its people; raises EventNotFound or NotYourEvent."""
    event = await get_event(session, event_id=event_id)
    if may(role, "office"):
        return event
    if entity is None or not await organises(session, event=event, entity=entity):
        raise NotYourEvent("Your entity does not organise this event")
    return event
