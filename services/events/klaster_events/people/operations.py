"""Rules of personal data: one person per address, names given once, every look recorded."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.people import repository
from klaster_events.people.addresses import address_key
from klaster_events.people.models import Person, PersonalDataRead
from klaster_events.people.schemas import LookListParameters, PersonGiven
from klaster_shared.changes import record_change
from klaster_shared.database import Actor, acting
from klaster_shared.identifiers import new_id

COLLECTION = "people"


async def find_or_add_people(
    session: AsyncSession,
    *,
    given: Sequence[PersonGiven],
    now: datetime,
    actors: Sequence[Actor] | None = None,
) -> list[UUID]:
    """The id of each person given, in order; a known person keeps the name that is known.

    Whoever may register without an account must not be able to rename somebody by their address. `actors`: who gave
    each, for the change log, where that is not the transaction's own.
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
    gave = dict(zip(reversed(keys), reversed(actors), strict=True)) if actors else {}
    for key, person_id in found.items():
        if person_id == rows[key]["id"]:
            _log(session, "created", person_id, gave.get(key))
    return [found[key] for key in keys]


async def known_people(session: AsyncSession, *, given: Sequence[PersonGiven]) -> dict[str, UUID]:
    """Those of these people who are known already, by what is equal for all spellings of their address."""
    return await repository.ids_by_key(session, {address_key(person.email) for person in given})


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


async def people_by_id(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, Person]:
    """These people, as far as they have not been erased."""
    return await repository.people(session, ids)


async def hold_people(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, Person]:
    """These people, as far as they have not been erased, held against other writers until this transaction ends."""
    return await repository.hold_people(session, ids)


async def find_person(session: AsyncSession, *, email: str) -> UUID | None:
    """Whose address this is, in any of its spellings."""
    key = address_key(email)
    return (await repository.ids_by_key(session, [key])).get(key)


async def forget(session: AsyncSession, *, ids: Collection[UUID]) -> None:
    """Erase these people; their random ids stay where they took part. The rest of what is kept is `privacy`'s."""
    await repository.delete_people(session, ids)
    for person_id in ids:
        _log(session, "deleted", person_id)


async def list_looks(session: AsyncSession, *, parameters: LookListParameters) -> Sequence[PersonalDataRead]:
    """One page, the last look first, and one row more where there is more."""
    return await repository.looks_page(session, parameters)


async def count_looks(session: AsyncSession, *, parameters: LookListParameters) -> int:
    """How many there are in all."""
    return await repository.count_looks(session, parameters)


def look_of(row: PersonalDataRead) -> dict[str, Any]:
    """A look as it is written in answers."""
    return {
        "id": row.id,
        "at": row.at,
        "actor": row.actor,
        "role": row.actor_role,
        "shown": row.list_name,
        "event_id": row.event_id,
        "person_id": row.person_id,
    }


def note_look(
    session: AsyncSession, *, list_name: str, now: datetime, event_id: UUID | None = None, person_id: UUID | None = None
) -> None:
    """Record that the one who asks is shown people: those of an event, or one of them."""
    actor = acting(session)
    session.add(
        PersonalDataRead(
            id=new_id(),
            at=now,
            actor=actor.subject,
            actor_role=actor.role,
            list_name=list_name,
            event_id=event_id,
            person_id=person_id,
        )
    )


def _log(session: AsyncSession, kind: Any, person_id: UUID, actor: Actor | None = None) -> None:
    # Which fields, never what is in them: the log holds no personal data.
    changed = ["name", "email"]
    record_change(
        session, kind=kind, collection=COLLECTION, id=person_id, changed=changed, audience="office", actor=actor
    )
