"""Connections to either database engine: what each is told when it is opened, and looked at before it is used."""

from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

IDLE_SECONDS = 10.0  # a connection unused for longer is tried first: what lies between may have forgotten it
READER_CACHE_KB = 512
BUSY_TIMEOUT_MS = 10_000  # a writer of ours holds the file for milliseconds; ten seconds is a stuck disk


def with_driver(url: str) -> str:
    """`postgresql://` as people and platforms write it, with the driver that we use."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+asyncpg://" + url.removeprefix(plain)
    return url


def pool_of(url: str, pool_size: int) -> tuple[str, int]:
    """The URL without `pool_size`, and the connections that it allows to each of the two pools.

    So many processes times twice this is what a server must take; where replicas are many, they take fewer each.
    """
    parsed = make_url(url)
    if (asked := parsed.query.get("pool_size")) is None:
        return url, pool_size
    if not str(asked).isdecimal() or not int(str(asked)):
        raise ValueError("pool_size in a database's URL is a number of connections, 1 or more")
    return parsed.difference_update_query(["pool_size"]).render_as_string(hide_password=False), int(str(asked))


def refusals_of_postgresql() -> tuple[type[Exception], ...]:
    """What its driver raises. Imported here alone: on SQLite nobody should pay for a driver that is not used."""
    import asyncpg

    # The last one is said where a connection goes away just as it is asked.
    return (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, asyncpg.InternalClientError)


def sqlite_engines(url: str, readers: int, *, foreign_keys: bool) -> tuple[AsyncEngine, AsyncEngine]:
    """To read, and to write; raises ValueError where the URL names no file."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError("a database in memory would differ from connection to connection: name a file")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # Sessions end what they began, and a single statement begins nothing: no rollback on the way back to the pool.
    # Here and below: an error's text goes to the log, and what a statement was given may be personal.
    reader = create_async_engine(
        url, pool_size=readers, max_overflow=0, pool_reset_on_return=None, hide_parameters=True
    )
    # One writer at a time is SQLite's nature: waiting in our pool is fair, waiting for its lock is a lottery.
    writer = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=BUSY_TIMEOUT_MS / 1000, hide_parameters=True
    )
    _prepare_sqlite(reader, begin="BEGIN", query_only=True, foreign_keys=foreign_keys)
    _prepare_sqlite(writer, begin="BEGIN IMMEDIATE", query_only=False, foreign_keys=foreign_keys)
    return reader, writer


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, query_only: bool, foreign_keys: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own habit breaks savepoints
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # an acknowledged write survives a power cut as well
        # Off for migrations alone: one that changes a table copies it, and dropping the old one would cascade.
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
            # There are ten readers, and pages of the file are in the system's cache already.
            cursor.execute(f"PRAGMA cache_size = -{READER_CACHE_KB}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def postgresql_engine(url: str, pool_size: int, *, read_only: bool) -> AsyncEngine:
    """One whose statements, locks and idle transactions end by themselves."""
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={
            "timeout": 5,
            "server_settings": {
                "application_name": "klaster",
                "default_transaction_read_only": "on" if read_only else "off",
                "statement_timeout": "30s",
                "lock_timeout": "10s",
                "idle_in_transaction_session_timeout": "60s",
            },
        },
    )
    _look_before_use(engine)
    _say_that_nobody_answers(engine)
    return engine


class NoAnswerError(ConnectionError):
    """No connection: nothing answers in time, or nothing has that name (a container that is stopped loses its own)."""


def _say_that_nobody_answers(engine: AsyncEngine) -> None:
    """A server that refuses is a ConnectionError; one that says nothing should be no other kind of trouble."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def _connect(dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:
        try:
            return dialect.connect(*arguments, **named)
        except ConnectionError:
            raise
        except OSError as error:
            raise NoAnswerError(str(error) or type(error).__name__) from error


def _look_before_use(engine: AsyncEngine) -> None:
    """A restarted server costs a new connection, not an error; a ping each time would cost three round trips."""
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def _note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _look(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():  # a server that went away said so
            raise DisconnectionError
        if monotonic() - record.info.get("used", monotonic()) > IDLE_SECONDS:
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error
