"""Learning what was decided of what was proposed: asked one by one, as its entity may, no call within a transaction.

The registry's feed tells of proposals to the office alone; a service that read it as the office would read everything.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.proposing import operations
from klaster_events.proposing.models import Outgoing
from klaster_events.proposing.schemas import Standing
from klaster_shared.database import Database
from klaster_shared.errors import Unavailable, UpstreamFailed, UpstreamTimeout

BATCH = 20

Tell = Callable[[AsyncSession, Outgoing, datetime], Awaitable[None]]
"""What a decision means for what was proposed, in the transaction that stores it."""


class Registry(Protocol):
    """Who decides on proposals."""

    async def proposal(self, proposal_id: UUID, *, entity: UUID) -> Standing | None:
        """Where one stands, None where there is none; raises Unavailable, UpstreamTimeout or UpstreamFailed."""
        ...


async def learn_decisions(
    database: Database, registry: Registry, *, tell: Tell, clock: Callable[[], datetime]
) -> dict[str, int]:
    """Ask after what is due; a registry that is away ends the run, and the rest is asked after in the next."""
    done = {"decided": 0, "undecided": 0, "away": 0}
    while True:
        async with database.read() as session:
            batch = await operations.undecided(session, now=clock(), limit=BATCH)
        if not batch:
            return done
        for outgoing in batch:
            try:
                standing = await _standing(registry, outgoing)
            except (Unavailable, UpstreamTimeout, UpstreamFailed):
                return done | {"away": 1}
            async with database.write() as session:
                decided = await _note(session, outgoing, standing, tell=tell, now=clock())
            done["decided" if decided else "undecided"] += 1


async def _standing(registry: Registry, outgoing: Outgoing) -> Standing | None:
    assert outgoing.proposal_id is not None, "whatever was sent is known by its id"
    return await registry.proposal(outgoing.proposal_id, entity=outgoing.entity_id)


async def _note(
    session: AsyncSession, outgoing: Outgoing, standing: Standing | None, *, tell: Tell, now: datetime
) -> bool:
    if standing is None or standing.state == "pending":
        await operations.note_undecided(session, outgoing=outgoing, now=now)
        return False
    found = await operations.note_decided(session, outgoing=outgoing, standing=standing)
    if found is not None:
        await tell(session, found, now)
    return found is not None
