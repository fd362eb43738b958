"""Devices scan for one event at once: all who wait for it are carried out in one transaction.

While one batch is on its way to the disk the next one gathers; nobody waits for company. So a busy database makes
batches larger, not the queue before the door longer. Answers go out after the commit. A second process in front of the
same database does the same: what keeps counts right is the event's row, not this.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from klaster_events.checkin.scanning import Brought, record_scans
from klaster_events.checkin.telling import verdicts
from klaster_shared.database import Database
from klaster_shared.errors import Unavailable, was_rolled_back
from klaster_shared.labels import Language

MOST = 100  # of one transaction: more would make those who come next wait for longer than it saves
Verdict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Waiting:
    brought: Brought
    language: Language
    done: "asyncio.Future[Verdict]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Turns:
    """The scans of one process: a queue for each event that is scanned for at this moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queues: dict[UUID, list[_Waiting]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def scan(self, event_id: UUID, brought: Brought, *, language: Language) -> Verdict:
        """The verdict on one scan, once it is committed; raises what keeps it from being stored."""
        waiting = _Waiting(brought, language)
        queue = self._queues.get(event_id)
        if queue is not None:
            queue.append(waiting)
        else:
            self._queues[event_id] = [waiting]
            task = asyncio.create_task(self._work(event_id))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return await waiting.done

    async def _work(self, event_id: UUID) -> None:
        """One batch after the other until nobody waits."""
        queue = self._queues[event_id]
        try:
            while queue:
                batch = queue[:MOST]
                del queue[:MOST]
                await self._carry_out(event_id, batch)
        finally:
            del self._queues[event_id]
            _tell(queue, [Unavailable("The service is stopping")] * len(queue))

    async def _carry_out(self, event_id: UUID, batch: Sequence[_Waiting]) -> None:
        outcomes: Sequence[Verdict | Exception]
        try:
            outcomes = await self._tried(event_id, batch)
        except (IntegrityError, DataError) as error:
            if len(batch) > 1:
                # Something about one of them: each by itself, so that it fails alone.
                for one in batch:
                    await self._carry_out(event_id, [one])
                return
            outcomes = [error]
        except Exception as error:  # whatever it is, everybody who waits is told
            outcomes = [error] * len(batch)
        _tell(batch, outcomes)

    async def _tried(self, event_id: UUID, batch: Sequence[_Waiting]) -> Sequence[Verdict | Exception]:
        """As `_committed`; once more where the database gave way to another transaction."""
        try:
            return await self._committed(event_id, batch)
        except Exception as error:
            if not was_rolled_back(error):
                raise
            return await self._committed(event_id, batch)

    async def _committed(self, event_id: UUID, batch: Sequence[_Waiting]) -> Sequence[Verdict | Exception]:
        async with self._database.write() as session:
            outcomes = await record_scans(session, event_id=event_id, scans=[one.brought for one in batch])
            told = await verdicts(session, outcomes=outcomes, languages=[one.language for one in batch])
        return [
            outcome.unstored[1] if outcome.unstored is not None else verdict
            for outcome, verdict in zip(outcomes, told, strict=True)
        ]


def _tell(batch: Sequence[_Waiting], outcomes: Sequence[Verdict | Exception]) -> None:
    for one, outcome in zip(batch, outcomes, strict=True):
        if one.done.done():
            continue  # its caller has gone
        if isinstance(outcome, Exception):
            one.done.set_exception(outcome)
        else:
            one.done.set_result(outcome)
