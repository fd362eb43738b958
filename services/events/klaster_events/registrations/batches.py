"""Many people register for one event at once: all who wait for it are carried out in one transaction.

While one batch is on its way to the disk the next one gathers; nobody waits for company. The answers go out after the
commit. What is wrong with one request fails no other, and a second process in front of the same database does the
same: what keeps seats right is the event's row, not this.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from klaster_events.registrations.operations import Placed, Wish, register_many
from klaster_shared.database import Database
from klaster_shared.errors import Problem, Unavailable, was_rolled_back
from klaster_shared.idempotency import TABLE, Keyed, KeyReused, Replayed, first_answers, store_answers

MOST = 200  # of one transaction: some 60 ms; more would make those who come next wait for longer than it saves
Outcome = Response | Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that waits for its event: the wish, its key, and how to say what became of it."""

    wish: Wish
    keyed: Keyed | None
    now: datetime
    answer: Callable[[Placed], Response]
    done: "asyncio.Future[Response]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Batches:
    """The registrations of one process: a queue for each event that people register for at this moment."""

    def __init__(self, database: Database, metadata: MetaData, *, confirm_hours: int) -> None:
        self._database = database
        self._table = metadata.tables[TABLE]
        self._hours = confirm_hours
        self._queues: dict[UUID, list[Asked]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def register(self, event_id: UUID, asked: Asked) -> Response:
        """The answer to one request, once what it says is committed; raises what refuses it."""
        queue = self._queues.get(event_id)
        if queue is not None:
            queue.append(asked)
        else:
            self._queues[event_id] = [asked]
            task = asyncio.create_task(self._work(event_id))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return await asked.done

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
            self._tell(queue, [Unavailable("The service is stopping")] * len(queue))

    async def _carry_out(self, event_id: UUID, batch: Sequence[Asked]) -> None:
        try:
            outcomes = await self._tried(event_id, batch)
        except (IntegrityError, DataError) as error:
            if len(batch) > 1:
                # Something about one of them: each by itself, so that it fails alone.
                for asked in batch:
                    await self._carry_out(event_id, [asked])
                return
            outcomes = [error]
        except Exception as error:  # whatever it is, everybody who waits is told
            outcomes = [error] * len(batch)
        self._tell(batch, outcomes)

    @staticmethod
    def _tell(batch: Sequence[Asked], outcomes: Sequence[Outcome]) -> None:
        for asked, outcome in zip(batch, outcomes, strict=True):
            if asked.done.done():
                continue  # its caller has gone
            if isinstance(outcome, Response):
                asked.done.set_result(outcome)
            else:
                asked.done.set_exception(outcome)

    async def _tried(self, event_id: UUID, batch: Sequence[Asked]) -> list[Outcome]:
        """As `_committed`; once more where the database gave way to another transaction."""
        try:
            return await self._committed(event_id, batch)
        except Exception as error:
            if not was_rolled_back(error):
                raise
            return await self._committed(event_id, batch)

    async def _committed(self, event_id: UUID, batch: Sequence[Asked]) -> list[Outcome]:
        keyed = _first_of_each(batch)
        outcomes: dict[int, Outcome] = {}
        try:
            async with self._database.write() as session:
                known = await first_answers(session, self._table, list(keyed.values()))
                outcomes |= {number: known[key.entry] for number, key in keyed.items() if key.entry in known}
                fresh = [number for number in _to_do(batch, keyed) if number not in outcomes]
                answers = await self._answers(session, event_id, batch, fresh)
                kept = [
                    (keyed[number], answer)
                    for number, answer in answers.items()
                    if number in keyed and isinstance(answer, Response)
                ]
                await store_answers(session, self._table, kept)
        except Problem as problem:
            # The event itself refuses everybody: nothing was written, and whoever was answered before still is.
            answers = {number: problem for number in _to_do(batch, keyed) if number not in outcomes}
        return _for_all(batch, {**answers, **outcomes})

    async def _answers(
        self, session: AsyncSession, event_id: UUID, batch: Sequence[Asked], fresh: Sequence[int]
    ) -> dict[int, Outcome]:
        if not fresh:
            return {}
        verdicts = await register_many(
            session,
            event_id=event_id,
            wishes=[batch[number].wish for number in fresh],
            now=max(one.now for one in batch),
            confirm_hours=self._hours,
        )
        return {
            number: verdict if isinstance(verdict, Problem) else batch[number].answer(verdict)
            for number, verdict in zip(fresh, verdicts, strict=True)
        }


def _first_of_each(batch: Sequence[Asked]) -> dict[int, Keyed]:
    """Of the requests with one key the first, by its place: the others get what it gets."""
    seen: set[str] = set()
    first: dict[int, Keyed] = {}
    for number, asked in enumerate(batch):
        if asked.keyed is not None and asked.keyed.entry not in seen:
            seen.add(asked.keyed.entry)
            first[number] = asked.keyed
    return first


def _to_do(batch: Sequence[Asked], keyed: Mapping[int, Keyed]) -> list[int]:
    return [number for number, asked in enumerate(batch) if asked.keyed is None or number in keyed]


def _for_all(batch: Sequence[Asked], outcomes: Mapping[int, Outcome]) -> list[Outcome]:
    """The outcome of each request; one whose key was there before it gets the first answer again."""
    first = {
        one.keyed.entry: (one.keyed, outcomes[n])
        for n, one in enumerate(batch)
        if one.keyed is not None and n in outcomes
    }
    found = []
    for number, asked in enumerate(batch):
        if number in outcomes or asked.keyed is None:
            found.append(outcomes[number])
        else:
            found.append(_again(asked.keyed, *first[asked.keyed.entry]))
    return found


def _again(keyed: Keyed, first: Keyed, outcome: Outcome) -> Outcome:
    if keyed.fingerprint != first.fingerprint:
        return KeyReused("Use a new key for another request")
    answer = outcome.response if isinstance(outcome, Replayed) else outcome
    if not isinstance(answer, Response):
        return answer
    headers = {**dict(answer.headers), "Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status_code, headers)
