"""Lists of registrations, with the people behind them, for those who may know. No rules of seats here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events.models import Event
from klaster_events.events.viewers import Viewer
from klaster_events.events.visibility import organised_by
from klaster_events.people import operations as people
from klaster_events.registrations import repository
from klaster_events.registrations.errors import RegistrationNotFound
from klaster_events.registrations.models import Registration
from klaster_events.registrations.schemas import RegistrationListParameters
from klaster_events.registrations.session_seats.operations import sessions_of
from klaster_events.registrations.wishes import Own


async def list_registrations(
    session: AsyncSession, *, event_id: UUID, parameters: RegistrationListParameters, own: Own | None = None
) -> Sequence[Registration]:
    """One page in the order of arrival, and one row more where there is more; of an entity's own people alone."""
    return await repository.registrations_page(session, event_id, parameters, own=own)


async def count_registrations(
    session: AsyncSession, *, event_id: UUID, parameters: RegistrationListParameters, own: Own | None = None
) -> int:
    """How many there are in all."""
    return await repository.count_registrations(session, event_id, parameters, own=own)


async def one_registration(session: AsyncSession, *, event_id: UUID, registration_id: UUID) -> Registration:
    """One registration of an event; raises RegistrationNotFound."""
    found = await repository.find_registration(session, registration_id)
    if found is None or found.event_id != event_id:
        raise RegistrationNotFound(f"The event has no registration {registration_id}")
    return found


async def reach_of(session: AsyncSession, *, event: Event, viewer: Viewer) -> Own | None:
    """Whose registrations somebody may see: everybody's (None) the office and whoever organises the event."""
    if viewer.office or await organised_by(session, event=event, own=viewer.own):
        return None
    return Own(viewer.own)


async def records_of(session: AsyncSession, *, registrations: Sequence[Registration]) -> list[dict[str, Any]]:
    """Registrations with people, answers and sessions. That somebody looked is for the caller to note."""
    ids = [row.id for row in registrations]
    named = await people.names_of(session, ids={row.person_id for row in registrations})
    answers = await repository.answers_of(session, ids)
    sessions = await sessions_of(session, registration_ids=ids)
    return [
        {
            **row.model_dump(exclude={"person_id"}),
            "person": named[row.person_id],
            "answers": answers.get(row.id, {}),
            "sessions": sessions.get(row.id, []),
        }
        for row in registrations
    ]
