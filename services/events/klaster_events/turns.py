"""What many ask of one event at once: all who wait for it are carried out in one transaction.

While one batch is on its way to the disk the next one gathers; nobody waits for company. So a busy database makes
batches larger, not the queue before the door longer. Answers go out after the commit, what is wrong with one request
fails no other, and a second process in front of the same database does the same: what keeps counts right is the
event's row, not this.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from klaster_shared.errors import Unavailable, was_rolled_back

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Asked, Answer]):
    asked: Asked
    done: "asyncio.Future[Answer]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Turns(Generic[Asked, Answer]):
    """The requests of one process: a queue for each event that somebody asks something of at this moment.

    `commit` carries out at most `most` requests in one transaction and says for each what became of it.
    """

    def __init__(
        self, commit: Callable[[UUID, Sequence[Asked]], Awaitable[Sequence[Answer | Exception]]], *, most: int
    ) -> None:
        self._commit = commit
        self._most = most
        self._queues: dict[UUID, list[_Waiting[Asked, Answer]]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def ask(self, event_id: UUID, asked: Asked) -> Answer:
        """The answer to one request, once what it says is committed; raises what refuses it."""
        waiting: _Waiting[Asked, Answer] = _Waiting(asked)
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
                batch = queue[: self._most]
                del queue[: self._most]
                await self._carry_out(event_id, batch)
        finally:
            del self._queues[event_id]
            _tell(queue, [Unavailable("The service is stopping")] * len(queue))

    async def _carry_out(self, event_id: UUID, batch: Sequence[_Waiting[Asked, Answer]]) -> None:
        outcomes: Sequence[Answer | Exception]
        try:
            outcomes = await self._tried(event_id, [one.asked for one in batch])
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

    async def _tried(self, event_id: UUID, batch: Sequence[Asked]) -> Sequence[Answer | Exception]:
        """What the commit says; once more where the database gave way to another transaction."""
        try:
            return await self._commit(event_id, batch)
        except Exception as error:
            if not was_rolled_back(error):
                raise
            return await self._commit(event_id, batch)


def _tell(batch: Sequence[_Waiting[Asked, Answer]], outcomes: Sequence[Answer | Exception]) -> None:
    for one, outcome in zip(batch, outcomes, strict=True):
        if one.done.done():
            continue  # its caller has gone
        if isinstance(outcome, Exception):
            one.done.set_exception(outcome)
        else:
            one.done.set_result(outcome)
