"""Replacing a code that fell into the wrong hands: the old one opens no door, and the person is sent the new one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.checkin import repository
from klaster_events.checkin.errors import NothingToRevoke
from klaster_events.events.operations import hold_event
from klaster_events.outbox.operations import Letter, tell
from klaster_events.registrations.codes import new_code
from klaster_events.registrations.errors import RegistrationNotFound
from klaster_events.registrations.models import Registration
from klaster_events.registrations.operations import registrations_by_id
from klaster_shared.changes import record_change


async def revoke_code(session: AsyncSession, *, event_id: UUID, registration_id: UUID, now: datetime) -> Registration:
    """Give a registration another code; raises EventNotFound, RegistrationNotFound, or NothingToRevoke."""
    event = await hold_event(session, event_id=event_id)
    found = (await registrations_by_id(session, event_id=event_id, ids=[registration_id])).get(registration_id)
    if found is None:
        raise RegistrationNotFound(f"The event has no registration {registration_id}")
    if found.code is None or found.state != "confirmed":
        raise NothingToRevoke(f"The registration is {found.state}")
    row = {"code": found.code, "registration_id": found.id, "revoked_at": now}
    await repository.revoke_code(session, row)
    found.code, found.updated_at, found.version = new_code(), now, found.version + 1
    record = {"id": found.id, "event_id": event_id, "state": found.state}
    record_change(
        session,
        kind="updated",
        collection="registrations",
        id=found.id,
        changed=["code"],
        record=record,
        audience="office",
    )
    if not event.demonstration:
        letter = Letter(
            kind="confirmed",
            person_id=found.person_id,
            language=found.language,
            event_id=event_id,
            registration_id=found.id,
        )
        await tell(session, letters=[letter], now=now)
    return found
