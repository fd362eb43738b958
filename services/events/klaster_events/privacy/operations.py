"""Rules of privacy: what is personal goes, random ids stay, so that no figure moves.

The locks are taken in the order that everybody keeps: people first, then events.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.consents.operations import forget_consents
from klaster_events.people import operations as people
from klaster_events.privacy import repository
from klaster_events.registrations.operations import cancel_registration
from klaster_shared.changes import record_change
from klaster_shared.database import acting

COLLECTION = "erasures"
Reason = Literal["asked", "office", "retention", "restored"]


async def erase_people(session: AsyncSession, *, ids: Collection[UUID], reason: Reason, now: datetime) -> int:
    """Erase these people; how many there were to erase. A second time changes nothing.

    Name, address, answers and consents go, waiting messages are never sent, seats at what is to come are free again.
    Registrations, attendance and scans keep their random ids: whatever is counted stays as it is.
    """
    known = await people.hold_people(session, ids=ids)
    await _free_seats(session, ids, now)
    await repository.delete_answers(session, ids)
    await forget_consents(session, person_ids=ids)
    await repository.drop_messages(session, ids)
    if reason != "retention":  # who was not here for months has no answer of this day to be replayed
        texts = [to_json(text) for person in known.values() for text in (person.name, person.email)]
        await repository.delete_stored_answers(session, texts)
    await people.forget(session, ids=known)
    await _write_down(session, ids, reason, now)
    return len(known)


async def _free_seats(session: AsyncSession, ids: Collection[UUID], now: datetime) -> None:
    for registration_id, _event_id in await repository.to_come(session, ids, now=now):
        await cancel_registration(session, registration_id=registration_id, by="erased", now=now)


async def _write_down(session: AsyncSession, ids: Collection[UUID], reason: Reason, now: datetime) -> None:
    """Who did it, when and why; not who it was."""
    known, actor = await repository.erased(session, ids), acting(session)
    rows = [
        {"person_id": one, "at": now, "actor": actor.subject, "actor_role": actor.role, "reason": reason}
        for one in ids
        if one not in known
    ]
    await repository.add_erasures(session, rows)
    for row in rows:
        record = {"person_id": row["person_id"], "at": now, "reason": reason}
        record_change(
            session, kind="created", collection=COLLECTION, id=row["person_id"], record=record, audience="office"
        )


async def is_known(session: AsyncSession, *, person_id: UUID) -> bool:
    """Whether there is or was such a person."""
    return bool(await people.people_by_id(session, ids=[person_id]) or await repository.erased(session, [person_id]))


async def erasures(session: AsyncSession) -> dict[UUID, datetime]:
    """Who was erased so far, and when."""
    return await repository.erased(session)


async def not_erased_yet(session: AsyncSession, *, ids: Collection[UUID]) -> list[UUID]:
    """Which of these have not been erased in this database: it says nothing of it, or they are there all the same."""
    known = await repository.erased(session, ids)
    there = await people.people_by_id(session, ids=ids)
    return [one for one in ids if one not in known or one in there]
