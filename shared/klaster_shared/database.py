"""Two engines behind one face: SQLite for one machine, PostgreSQL for production; the only place that commits.

The rules, each learnt from an experiment:
- a transaction that may write begins with BEGIN IMMEDIATE on SQLite: read-then-write under a deferred one fails at
  once with "database is locked", whatever the busy timeout;
- reads run on connections that cannot write, and nothing is asked of a connection that need not be: on PostgreSQL the
  checks and brackets around one statement were six round trips of seven;
- what a request did is committed before its answer is sent, and the change log's positions are taken last.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from typing import Any, Protocol, TypeVar

from sqlalchemy import MetaData, Select, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.engines import (
    NoAnswerError,
    pool_of,
    postgresql_engine,
    refusals_of_postgresql,
    sqlite_engines,
    with_driver,
)
from klaster_shared.errors import Unavailable
from klaster_shared.prepared import Kept, Prepared
from klaster_shared.watching.writes import Writes

Found = TypeVar("Found")
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# A transaction that reads whole tables has more time, and gets rows in the order in which they lie.
_IN_BULK = (
    "SELECT set_config('statement_timeout', :time, true),"
    " set_config('idle_in_transaction_session_timeout', :time, true),"
    " set_config('synchronize_seqscans', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)


def service_metadata() -> MetaData:
    """Metadata of one service: its own, with names that migrations can rely on."""
    return MetaData(naming_convention=NAMING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, for the change log: an opaque id and a role, never a name."""

    subject: str
    role: str
    proposed_by: str | None = None


SYSTEM = Actor(subject="system", role="system")


class News:
    """Wakes whoever waits for a commit that the change log tells of."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._last = self._before = -inf

    def subscribe(self) -> "asyncio.Future[None]":
        """Done at the next news; cancelled by whoever stops waiting."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def is_burst(self, within: float) -> bool:
        """Whether the last two commits came within so many seconds of each other, and of now."""
        return monotonic() - self._before < 2 * within and self._last - self._before < within

    def tell(self) -> None:
        """Wake all who wait."""
        self._before, self._last = self._last, monotonic()
        for future in tuple(self._waiting):
            if not future.done():
                future.set_result(None)


class CommitHook(Protocol):
    """Last work of a writing transaction: the change log appends what was collected."""

    async def __call__(self, session: AsyncSession) -> None: ...


class Database:
    """One service's database. `read()` and `write()` are the only ways in; each is one transaction."""

    def __init__(
        self, url: str, *, before_commit: CommitHook | None = None, pool_size: int = 10, migrating: bool = False
    ) -> None:
        url, pool_size = pool_of(with_driver(url), pool_size)
        self.url = url
        self._before_commit = before_commit
        self._kept = Kept()
        self.news = News()
        self.writes = Writes()
        # Why nobody is let in yet: a service that has to put its data right first says so here, and then clears it.
        self.closed: str | None = None
        if make_url(url).get_backend_name() == "sqlite":
            self._reader, self._writer = sqlite_engines(url, pool_size, foreign_keys=not migrating)
            self._refusals: tuple[type[Exception], ...] = (sqlite3.Error, OSError)
        else:
            self._refusals = refusals_of_postgresql()
            self._reader = postgresql_engine(url, pool_size, read_only=True)
            self._writer = postgresql_engine(url, pool_size, read_only=False)

    def connections(self) -> list[tuple[str, int, int]]:
        """Of each pool: its name, how many connections are in use, how many there may be."""
        pools: list[tuple[str, Any]] = [("read", self._reader.pool), ("write", self._writer.pool)]
        return [(name, pool.checkedout(), pool.size()) for name, pool in pools]

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writer.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A read-only transaction, rolled back at the end."""
        self._refuse_while_closed()
        async with AsyncSession(self._reader, expire_on_commit=False, autoflush=False) as session:
            session.info["read"] = {}
            yield session

    @asynccontextmanager
    async def snapshot(self, *, seconds: int) -> AsyncIterator[AsyncSession]:
        """A read-only transaction all of whose statements see one and the same moment, for as long as `seconds`.

        For what is read in bulk: it holds a connection of the pool, so whoever offers it lets few in at a time.
        """
        async with AsyncSession(self._reader, expire_on_commit=False, autoflush=False) as session:
            session.info["read"] = {}
            if self.dialect == "postgresql":
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                await session.execute(text(_IN_BULK), {"time": f"{seconds}s"})
            yield session

    def prepared(self, key: Hashable, write: Callable[[], Select[Any]]) -> Prepared:
        """A statement as `fetch` takes it, kept under a key that says all that it asks; not kept where that is None."""
        if key is None:
            return Prepared(write(), self._reader.dialect)
        return self._kept.get(key, lambda: Prepared(write(), self._reader.dialect))

    async def fetch(self, prepared: Prepared, **given: Any) -> Sequence[Sequence[Any]]:
        """The rows of one statement, in one round trip and without a session; `given` are its named parameters."""
        self._refuse_while_closed()
        arguments = prepared.arguments(given)
        try:
            async with self._reader.connect() as connection:
                # Asked directly, the driver sends no BEGIN: one statement is a transaction by itself.
                driver: Any = (await connection.get_raw_connection()).driver_connection
                if self.dialect == "postgresql":
                    found = await driver.fetch(prepared.text, *arguments)
                else:
                    found = await driver.execute_fetchall(prepared.text, arguments)
        except NoAnswerError:
            raise  # that took its time already
        except self._refusals:
            # A connection may have been lost; whatever else it is, the ordinary way says it as everywhere.
            async with self.read() as session:
                return [tuple(row) for row in await session.execute(prepared.statement, given)]
        return prepared.rows(found)

    @asynccontextmanager
    async def write(self, *, actor: Actor = SYSTEM) -> AsyncIterator[AsyncSession]:
        """A writing transaction: all of it, or, when anything is raised, nothing."""
        self._refuse_while_closed()
        try:
            async with AsyncSession(self._writer, expire_on_commit=False) as session:
                session.info["actor"] = actor
                yield session
                await session.flush()
                if self._before_commit is not None:
                    await self._before_commit(session)
                await session.commit()
        except Exception as error:
            self.writes.note_failure(error)
            raise
        self.writes.note_success()
        if session.info.get("logged"):
            self.news.tell()
        for then in session.info.get("after_commit", ()):
            then()

    def _refuse_while_closed(self) -> None:
        if self.closed is not None:
            raise Unavailable(self.closed, headers={"Retry-After": "1"})

    async def dispose(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()


def after_commit(session: AsyncSession, then: Any) -> None:
    """Call `then()` once the transaction of `session` is committed (wake a worker, drop a cache); never on rollback."""
    session.info.setdefault("after_commit", []).append(then)


def acting(session: AsyncSession) -> Actor:
    """Who acts in this transaction."""
    actor: Actor = session.info.get("actor", SYSTEM)
    return actor


def act_on_proposal(session: AsyncSession, proposed_by: str) -> None:
    """What this transaction changes was somebody else's proposal: the change log names both."""
    session.info["actor"] = replace(acting(session), proposed_by=proposed_by)


async def once(session: AsyncSession, key: Hashable, load: Callable[[], Awaitable[Found]]) -> Found:
    """What `load` finds; a session that only reads is not asked the same twice, one that writes always is."""
    known: dict[Hashable, Any] | None = session.info.get("read")
    if known is None:
        return await load()
    if key not in known:
        known[key] = await load()
    found: Found = known[key]
    return found


def is_postgresql(session: AsyncSession) -> bool:
    """Whether a small dialect branch of a repository applies."""
    return session.get_bind().dialect.name == "postgresql"
