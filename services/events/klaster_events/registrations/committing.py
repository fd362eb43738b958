"""The registrations of one turn: carried out in one transaction, with the answers that their keys ask to be kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from klaster_events.registrations.operations import Placed, Wish, register_many
from klaster_events.turns import Turns
from klaster_shared.database import Database
from klaster_shared.errors import Problem
from klaster_shared.idempotency import TABLE, Keyed, KeyReused, Replayed, first_answers, store_answers

_MOST = 200  # of one transaction: some 60 ms; more would make those who come next wait for longer than it saves
Outcome = Response | Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that waits for its event: the wish, its key, and how to say what became of it."""

    wish: Wish
    keyed: Keyed | None
    now: datetime
    answer: Callable[[Placed], Response]


RegistrationTurns = Turns[Asked, Response]


def registration_turns(database: Database, metadata: MetaData, *, confirm_hours: int) -> RegistrationTurns:
    """How the registrations of this process take turns."""
    return Turns(_Commit(database, metadata.tables[TABLE], confirm_hours), most=_MOST)


@dataclass(frozen=True, slots=True)
class _Commit:
    """Carries out the registrations of one turn and keeps the answers of those that came with a key."""

    database: Database
    table: Table
    hours: int

    async def __call__(self, event_id: UUID, batch: Sequence[Asked]) -> list[Outcome]:
        keyed = _first_of_each(batch)
        outcomes: dict[int, Outcome] = {}
        try:
            async with self.database.write() as session:
                known = await first_answers(session, self.table, list(keyed.values()))
                outcomes |= {number: known[key.entry] for number, key in keyed.items() if key.entry in known}
                fresh = [number for number in _to_do(batch, keyed) if number not in outcomes]
                answers = await self._answers(session, event_id, batch, fresh)
                kept = [
                    (keyed[number], answer)
                    for number, answer in answers.items()
                    if number in keyed and isinstance(answer, Response)
                ]
                await store_answers(session, self.table, kept)
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
            confirm_hours=self.hours,
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
