"""Sending what is proposed: one after the other, no call within a transaction, each under its own Idempotency-Key.

Killed between the answer and the note of it, the next run sends it again: the registry answers as it did, or writes the
record once by its source and key.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from klaster_events.proposing import operations
from klaster_events.proposing.models import Outgoing
from klaster_events.proposing.schemas import Told
from klaster_shared.database import Database
from klaster_shared.errors import Conflict, Invalid, Problem, Unavailable, UpstreamFailed, UpstreamTimeout

BATCH = 20
_REFUSALS = (Invalid, Conflict)


class Registry(Protocol):
    """Who takes proposals."""

    async def propose(self, body: dict[str, Any], *, key: UUID, entity: UUID) -> Told:
        """Raises Invalid or Conflict where it is refused for good, Unavailable, UpstreamTimeout or UpstreamFailed."""
        ...


async def send_proposals(database: Database, registry: Registry, *, clock: Callable[[], datetime]) -> dict[str, int]:
    """Send what is due; a registry that is away ends the run, and what is left waits."""
    done = {"sent": 0, "refused": 0, "away": 0}
    while True:
        async with database.read() as session:
            batch = await operations.waiting(session, now=clock(), limit=BATCH)
        if not batch:
            return done
        for outgoing in batch:
            fate = await _send(database, registry, outgoing, clock)
            done[fate] += 1
            if fate == "away":
                return done


async def _send(database: Database, registry: Registry, outgoing: Outgoing, clock: Callable[[], datetime]) -> str:
    try:
        told = await registry.propose(outgoing.body, key=outgoing.id, entity=outgoing.entity_id)
    except _REFUSALS as error:
        async with database.write() as session:
            await operations.note_refused(session, outgoing=outgoing, problem=_said(error))
        return "refused"
    except (Unavailable, UpstreamTimeout, UpstreamFailed) as error:
        async with database.write() as session:
            await operations.note_away(session, outgoing=outgoing, problem=_said(error), now=clock())
        return "away"
    async with database.write() as session:
        await operations.note_sent(session, outgoing=outgoing, told=told, now=clock())
    return "sent"


def _said(error: Problem) -> str:
    wrong = "; ".join(f"{one['pointer']}: {one['detail']}" for one in error.errors)
    return f"{error.detail} ({wrong})" if wrong else error.detail
