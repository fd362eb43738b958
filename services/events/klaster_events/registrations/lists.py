"""Lists of registrations, with the people behind them, for those who may know. No rules of seats here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.people import operations as people
from klaster_events.registrations import repository
from klaster_events.registrations.models import Registration
from klaster_events.registrations.repository import Own
from klaster_events.registrations.schemas import RegistrationListParameters
from klaster_events.registrations.session_seats.operations import sessions_of


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
