"""Rules of proposing: written beside its reason, sent once, again while the registry is away, then asked after."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import operations as entities
from klaster_events.proposing import repository
from klaster_events.proposing.errors import NotRefused, OutgoingNotFound
from klaster_events.proposing.models import Outgoing
from klaster_events.proposing.schemas import OutgoingListParameters, Standing, Told, Wish

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=30)
# Offices decide in minutes or in weeks: the longer one waits already, the less often it is asked after.
_FIRST_LOOK, _SHARE_OF_ITS_AGE = timedelta(seconds=5), 20
_PATHS = {"projects": "/v1/projects", "foreign_hqs": "/v1/foreign-hqs"}


async def propose(session: AsyncSession, *, wish: Wish, now: datetime) -> None:
    """Have something proposed to the registry, in the caller's transaction. A second wish of an id changes nothing."""
    target = {"collection": wish.collection, "id": str(wish.record_id) if wish.record_id else None}
    await repository.add_outgoing(
        session,
        {
            "id": wish.id,
            "about": wish.about,
            "entity_id": wish.entity_id,
            "body": {"target": target, "change": wish.change, "note": wish.note},
            "state": "waiting",
            "due_at": now,
            "attempts": 0,
            "created_at": now,
        },
    )


async def proposed(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What became of what was proposed, by the id of what it grew out of."""
    found = await repository.outgoing_by_id(session, ids)
    return {one: fate_of(row) for one, row in found.items()}


def fate_of(row: Outgoing) -> dict[str, Any]:
    """What became of one of them."""
    path = _PATHS[row.body["target"]["collection"]]
    return {
        "state": row.state,
        "proposal": row.proposal_id,
        "record": f"{path}/{row.record_id}" if row.record_id else None,
        "problem": row.problem,
        "answer": row.answer,
        "decided_at": row.decided_at,
    }


async def waiting(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Outgoing]:
    """What is to be sent now, the oldest first."""
    return await repository.due(session, state="waiting", now=now, limit=limit)


async def note_sent(session: AsyncSession, *, outgoing: Outgoing, told: Told, now: datetime) -> None:
    """The registry has it."""
    values = {"proposal_id": told.id, "record_id": told.target.id, "sent_at": now, "problem": None}
    values["due_at"] = now + _FIRST_LOOK
    await _settle(session, outgoing, {"state": "sent", **values})


async def note_refused(session: AsyncSession, *, outgoing: Outgoing, problem: str) -> None:
    """The registry will not have it, however often it is asked."""
    await _settle(session, outgoing, {"state": "refused", "problem": problem})


async def note_away(session: AsyncSession, *, outgoing: Outgoing, problem: str, now: datetime) -> None:
    """The registry did not answer: it is asked again, after ever longer pauses."""
    pause = min(_FIRST_PAUSE * 2 ** min(outgoing.attempts, 10), _LONGEST_PAUSE)
    await _settle(session, outgoing, {"problem": problem, "due_at": now + pause})


async def _settle(session: AsyncSession, outgoing: Outgoing, values: dict[str, Any]) -> None:
    await repository.settle(session, outgoing.id, {**values, "attempts": outgoing.attempts + 1})


async def undecided(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Outgoing]:
    """What the registry is to be asked after now, the longest due first."""
    return await repository.due(session, state="sent", now=now, limit=limit)


async def note_undecided(session: AsyncSession, *, outgoing: Outgoing, now: datetime) -> None:
    """Nothing is decided: when to ask again."""
    waited = now - (outgoing.sent_at or now)
    pause = min(max(waited / _SHARE_OF_ITS_AGE, _FIRST_LOOK), _LONGEST_PAUSE)
    await repository.settle(session, outgoing.id, {"due_at": now + pause}, of="sent")


async def note_decided(session: AsyncSession, *, outgoing: Outgoing, standing: Standing) -> Outgoing | None:
    """What was decided, once: None where it was known already."""
    found = await repository.find_outgoing(session, outgoing.id, held=True)
    if found is None or found.state != "sent":
        return None
    found.state, found.answer, found.decided_at = standing.state, standing.answer, standing.decided_at
    return found


async def resend(session: AsyncSession, *, outgoing_id: UUID, now: datetime) -> Outgoing:
    """Propose once more what the registry refused; raises OutgoingNotFound, NotRefused."""
    found = await repository.find_outgoing(session, outgoing_id, held=True)
    if found is None:
        raise OutgoingNotFound(f"Nothing was proposed for {outgoing_id}")
    if found.state != "refused":
        raise NotRefused(f"It is {found.state}")
    found.state, found.due_at, found.problem = "waiting", now, None
    return found


async def list_outgoing(session: AsyncSession, *, parameters: OutgoingListParameters) -> Sequence[Outgoing]:
    """One page, the last first, and one row more where there is more."""
    return await repository.outgoing_page(session, parameters, entities=await _entities(session, parameters))


async def count_outgoing(session: AsyncSession, *, parameters: OutgoingListParameters) -> int:
    """How many there are in all."""
    return await repository.count_outgoing(session, parameters, entities=await _entities(session, parameters))


async def _entities(session: AsyncSession, parameters: OutgoingListParameters) -> list[UUID] | None:
    return await entities.one_with(session, ids=parameters.entity) if parameters.entity else None


async def records_of(session: AsyncSession, *, rows: Sequence[Outgoing]) -> list[dict[str, Any]]:
    """What is proposed, as the office reads it."""
    named = await entities.names(session, ids={row.entity_id for row in rows})
    return [
        {
            "id": row.id,
            "about": row.about,
            "entity": named[row.entity_id],
            "attempts": row.attempts,
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            **fate_of(row),
        }
        for row in rows
    ]
