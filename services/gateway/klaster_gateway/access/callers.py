"""Callers: whoever asks, once their key is recognised."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from uuid import UUID

from klaster_gateway.caller import Caller
from klaster_gateway.keys.errors import KeyRefused
from klaster_gateway.keys.operations import note_use, recognise_key
from klaster_gateway.keys.scopes import ALWAYS
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.errors import Unauthenticated

KEPT = 0.5  # seconds: a revoked key opens nothing a second later, and ends no later what it had begun to read
_MAX_KEPT = 10_000
_REFUSED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


_Lookup = asyncio.Task[Caller | None]


class KeyRing:
    """Recognises keys; keeps what it found for half a second, and notes when each was used last."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[float, _Lookup]] = {}
        self._used: dict[UUID, datetime] = {}

    async def caller_of(self, authorization: str) -> Caller:
        """The holder of the key in an Authorization header; raises KeyRefused or Unauthenticated."""
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated("Send the key as `Authorization: Bearer klk_...`", headers=_REFUSED)
        lookup = self._lookup(text.strip())
        # Shielded: a client that leaves must not end the query for the others who wait for it.
        caller = lookup.result() if lookup.done() else await asyncio.shield(lookup)
        if caller is None:
            raise KeyRefused(headers=_REFUSED)
        return caller

    def _lookup(self, text: str) -> _Lookup:
        """One query each half second and key, however many requests wait for it."""
        known = self._known.get(text)
        if known is not None and known[0] > monotonic() and not _failed(known[1]):
            return known[1]
        if len(self._known) >= _MAX_KEPT:
            self._known.clear()
        task = asyncio.create_task(self._recognise(text))
        self._known[text] = (monotonic() + KEPT, task)
        return task

    async def _recognise(self, text: str) -> Caller | None:
        now = self._clock()
        async with self._database.read() as session:
            key = await recognise_key(session, text=text, now=now)
        if key is None:
            return None
        self._used[key.id] = now.replace(second=0, microsecond=0)
        scopes = None if key.scopes is None else ALWAYS.union(key.scopes)
        return Caller(subject=f"key:{key.id}", role=key.role, entity=key.entity, key_id=key.id, scopes=scopes)

    async def write_down_use(self) -> None:
        """Store when keys were used last; called now and then, never by a request."""
        used, self._used = self._used, {}
        if used:
            async with self._database.write() as session:
                await note_use(session, used=used)


def _failed(task: _Lookup) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
