"""Rules of personal data: one person per address, names given once, every look recorded."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.people import repository
from klaster_events.people.addresses import address_key
from klaster_events.people.models import PersonalDataRead
from klaster_events.people.schemas import PersonGiven
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.identifiers import new_id

COLLECTION = "people"


async def find_or_add_people(session: AsyncSession, *, given: Sequence[PersonGiven], now: datetime) -> list[UUID]:
    """The id of each person given, in order; a known person keeps the name that is known.

    Whoever may register without an account must not be able to rename somebody by their address.
    """
    keys = [address_key(person.email) for person in given]
    rows = {
        key: {"id": new_id(), "name": person.name, "email": person.email, "email_key": key, "created_at": now}
        for key, person in zip(reversed(keys), reversed(given), strict=True)
    }
    if not rows:
        return []
    # In one order for all: two sheets with the same people never wait for each other in a circle.
    found = await repository.find_or_add(session, [rows[key] for key in sorted(rows)])
    for key, person_id in found.items():
        if person_id == rows[key]["id"]:
            _log(session, "created", person_id)
    return [found[key] for key in keys]


async def known_people(session: AsyncSession, *, given: Sequence[PersonGiven]) -> dict[str, UUID]:
    """Those of these people who are known already, by what is equal for all spellings of their address."""
    return await repository.find_by_key(session, {address_key(person.email) for person in given})


async def names_of(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Name and address of these people; nulls where a person has been erased."""
    found = await repository.people(session, ids)
    named = {}
    for person_id in ids:
        person = found.get(person_id)
        named[person_id] = {
            "id": person_id,
            "name": person.name if person else None,
            "email": person.email if person else None,
        }
    return named


async def forget(session: AsyncSession, *, ids: Collection[UUID]) -> None:
    """Erase these people; their random ids stay where they took part."""
    await repository.delete_people(session, ids)
    for person_id in ids:
        _log(session, "deleted", person_id)


def note_look(session: AsyncSession, *, list_name: str, event_id: UUID, now: datetime) -> None:
    """Record that the one who asks is shown a list of people."""
    actor = acting(session)
    session.add(
        PersonalDataRead(
            id=new_id(),
            at=now,
            actor=actor.subject,
            actor_role=actor.role,
            list_name=list_name,
            event_id=event_id,
        )
    )


def _log(session: AsyncSession, kind: Any, person_id: UUID) -> None:
    # Which fields, never what is in them: the log holds no personal data.
    record_change(session, kind=kind, collection=COLLECTION, id=person_id, changed=["name", "email"], audience="office")
