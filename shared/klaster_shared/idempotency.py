"""Idempotency-Key: a POST that creates is carried out once, however often it is sent.

The answer is stored in the very transaction that did the work: either both exist or neither.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic_core import from_json, to_json
from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from klaster_shared.database import is_postgresql
from klaster_shared.dates import utc_now
from klaster_shared.errors import Conflict, Invalid, Problem
from klaster_shared.tokens import Claims

TABLE = "idempotency_keys"
KEPT_FOR = timedelta(hours=24)
_MAX_KEY = 255
_KEPT_HEADERS = ("location", "etag", "content-language")
_TRY_LOCKS = text("SELECT n, pg_try_advisory_xact_lock(n) FROM unnest(CAST(:numbers AS bigint[])) AS n")


class KeyReused(Invalid):
    code, title = "idempotency_key_reused", "This Idempotency-Key belongs to another request"


class StillRunning(Conflict):
    code, title = "still_running", "The first request with this Idempotency-Key is still running"


class SecretNotRepeated(Conflict):
    code, title = "secret_not_repeated", "The first answer carried a secret, which is shown once"


class Replayed(Exception):  # noqa: N818 # not an error: the first answer, again
    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def idempotency_table(metadata: MetaData) -> Table:
    """The service's table of first answers."""
    return Table(
        TABLE,
        metadata,
        Column("key", String(64), primary_key=True),  # digest of caller and key
        Column("fingerprint", String(64), nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", Text, nullable=False),
        Column("body", LargeBinary),  # null: it carried a secret
        Column("stored_at", UTCDateTime, nullable=False),
        Index("ix_idempotency_keys_stored_at", "stored_at"),
    )


def _digest(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that came with a key: under what its answer is kept, and what tells it from another request."""

    entry: str
    fingerprint: str


def check_key(request: Request) -> str | None:
    """The Idempotency-Key as it was sent; raises Invalid where it is empty or too long."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _MAX_KEY:
        raise Invalid.field("header/Idempotency-Key", "length", f"Between 1 and {_MAX_KEY} characters")
    return key


async def key_of(request: Request, principal: Claims) -> Keyed | None:
    """The key of a writing request, None where it has none; raises Invalid where it is too long."""
    key = check_key(request)
    if key is None or request.method != "POST":
        return None
    target = f"{request.url.path}?{request.url.query}".encode()
    language = request.headers.get("accept-language", "").encode()
    # Whoever asks again may have read the record anew, and name another version: what counts is that they name one.
    conditional = (b"if-match",) if "if-match" in request.headers else ()
    fingerprint = _digest(request.method.encode(), target, language, await request.body(), *conditional)
    return Keyed(_digest(principal.subject.encode(), key.encode()), fingerprint)


async def replay_or_remember(request: Request, session: AsyncSession, principal: Claims) -> None:
    """At the start of a writing request: raise Replayed with the first answer, or note that one is to be stored.

    Raises KeyReused when the key came with another payload, StillRunning while the first request runs.
    """
    keyed = await key_of(request, principal)
    if keyed is None:
        return
    table: Table = request.app.state.metadata.tables[TABLE]
    known = await first_answers(session, table, [keyed])
    if keyed.entry in known:
        raise known[keyed.entry]
    request.state.idempotency = (session, table, keyed)


async def first_answers(session: AsyncSession, table: Table, keyed: Sequence[Keyed]) -> dict[str, Exception]:
    """What there is to say to requests with these keys (distinct ones) instead of carrying them out, by entry.

    Replayed, KeyReused, SecretNotRepeated or StillRunning; nothing for those that are to be carried out.
    """
    if not keyed:
        return {}
    taken = await _take(session, [one.entry for one in keyed])
    said: dict[str, Exception] = {
        one.entry: StillRunning("Wait for its answer, then send this again", headers={"Retry-After": "1"})
        for one in keyed
        if one.entry not in taken
    }
    prints = {one.entry: one.fingerprint for one in keyed if one.entry in taken}
    found = (await session.execute(select(table).where(table.c.key.in_(prints)))).all()
    oldest = utc_now() - KEPT_FOR
    old = [row.key for row in found if row.stored_at <= oldest]
    if old:
        await session.execute(delete(table).where(table.c.key.in_(old)))
    return said | {row.key: _replay(row, prints[row.key]) for row in found if row.stored_at > oldest}


async def _take(session: AsyncSession, entries: Sequence[str]) -> set[str]:
    # SQLite has one writer: whoever comes second waits and finds the stored answer.
    if not is_postgresql(session):
        return set(entries)
    numbers = {int(entry[:15], 16): entry for entry in entries}
    free = await session.execute(_TRY_LOCKS, {"numbers": list(numbers)})
    return {numbers[number] for number, had in free if had}


def _replay(found: Any, fingerprint: str) -> Exception:
    if found.fingerprint != fingerprint:
        return KeyReused("Use a new key for another request")
    headers = from_json(found.headers)
    if found.body is None:
        return SecretNotRepeated("Look at Location, or make a new one", headers=headers)
    return Replayed(Response(found.body, found.status, {**headers, "Idempotency-Replayed": "true"}, "application/json"))


async def store_answer(request: Request, response: Response, *, secret: bool) -> None:
    """At the end of a writing request, inside its transaction: keep the answer for replays."""
    noted = getattr(request.state, "idempotency", None)
    if noted is None:
        return
    session, table, keyed = noted
    await store_answers(session, table, [(keyed, response)], secret=secret)


async def store_answers(
    session: AsyncSession, table: Table, answers: Sequence[tuple[Keyed, Response]], *, secret: bool = False
) -> None:
    """Keep first answers, in the transaction that did what they say."""
    if answers:
        now = utc_now()
        await session.execute(insert(table), [_row(keyed, response, now, secret) for keyed, response in answers])


def _row(keyed: Keyed, response: Response, now: datetime, secret: bool) -> dict[str, Any]:
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return {
        "key": keyed.entry,
        "fingerprint": keyed.fingerprint,
        "status": response.status_code,
        "headers": to_json(kept).decode(),
        "body": None if secret else bytes(response.body),
        "stored_at": now,
    }


async def forget_old_answers(session: AsyncSession, metadata: MetaData, *, now: datetime) -> int:
    """Delete the answers that are older than a day; how many there were."""
    table = metadata.tables[TABLE]
    result = await session.execute(delete(table).where(table.c.stored_at < now - KEPT_FOR))
    return int(getattr(result, "rowcount", 0))


async def render_replay(_request: Request, error: Exception) -> Response:
    """Exception handler: the first answer, again."""
    if isinstance(error, Replayed):
        return error.response
    return JSONResponse({}, Problem.status)
