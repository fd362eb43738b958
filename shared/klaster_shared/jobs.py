"""Background work: one table a service, at least once, so handlers are idempotent."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from pydantic_core import from_json, to_json
from sqlalchemy import MetaData, Select, and_, delete, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.database import Database, after_commit, is_postgresql
from klaster_shared.dates import utc_now
from klaster_shared.errors import as_problem, problem_document
from klaster_shared.identifiers import new_id
from klaster_shared.job_news import SCHEDULE, JobNews
from klaster_shared.job_retries import backoff, is_final
from klaster_shared.job_table import LIVE, TABLE, State
from klaster_shared.job_tries import JobCancelled, one_try

LEASE = timedelta(seconds=60)  # a worker that is killed leaves its job to another after this long
POLL = 2.0  # seconds; a job made by this process wakes it at once
AT_ONCE = 4  # jobs of one process: one that waits for a slow neighbour or mail server keeps none of the others back
KEPT_FOR = timedelta(days=7)
SCHEDULED_KEPT_FOR = timedelta(hours=1)  # a schedule of seconds would leave a hundred thousand rows a week
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Job:
    """What a handler is given."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempt: int
    _jobs: "Jobs" = field(repr=False)

    async def progress(self, done: int, of: int | None = None) -> None:
        """Say how far it is, and keep the lease; raises JobCancelled when it is to stop."""
        await self._jobs.note_progress(self.id, done=done, of=of)


JobHandler = Callable[[Job], Awaitable[dict[str, Any] | None]]


class Jobs:
    """The jobs of one service: put them in, and work them off. Those of the kinds `told` stand in the change log."""

    def __init__(
        self,
        database: Database,
        metadata: MetaData,
        *,
        handlers: Mapping[str, JobHandler],
        schedules: Mapping[str, timedelta] | None = None,
        told: Collection[str] = (),
        max_attempts: int = 8,
        at_once: int = AT_ONCE,
    ) -> None:
        self._database = database
        self._table = metadata.tables[TABLE]
        self._news = JobNews(self.find, kinds=told)
        self._handlers = dict(handlers)
        self._schedules = dict(schedules or {})
        self._max_attempts = max_attempts
        self._at_once = at_once
        self._wake = asyncio.Event()
        self.looked_at: float | None = None  # monotonic seconds; None: nobody works here

    @property
    def kinds(self) -> frozenset[str]:
        """What is worked off here."""
        return frozenset(self._handlers)

    async def enqueue(
        self,
        session: AsyncSession,
        *,
        kind: str,
        payload: Mapping[str, Any] | None = None,
        due: datetime | None = None,
        key: str | None = None,
        now: datetime | None = None,
    ) -> UUID:
        """Add a job in the caller's transaction. With a `key`, a live job of that key is returned instead."""
        moment = now or utc_now()
        job_id = new_id()
        values = {
            "id": job_id,
            "kind": kind,
            "key": key,
            "payload": to_json(payload or {}).decode(),
            "state": "queued",
            "due": due or moment,
            "attempts": 0,
            "done": 0,
            "cancel": False,
            "created_at": moment,
        }
        if key is None:
            await session.execute(insert(self._table).values(values))
        elif (live := await self._insert_unless_live(session, values)) is not None:
            return live
        await self._news.tell(session, job_id)
        after_commit(session, self._wake.set)
        return job_id

    async def _insert_unless_live(self, session: AsyncSession, values: dict[str, Any]) -> UUID | None:
        """Insert a job with a key; the id of the live one where there is one. Two at once never fail on each other."""
        make = postgresql.insert if is_postgresql(session) else sqlite.insert
        added = make(self._table).values(values)
        added = added.on_conflict_do_nothing(index_elements=[self._table.c.key], index_where=text(LIVE))
        if (await session.execute(added.returning(self._table.c.id))).first() is not None:
            return None
        live = select(self._table.c.id).where(self._table.c.key == values["key"], text(LIVE))
        return UUID(str((await session.execute(live)).scalar_one()))

    async def find(self, session: AsyncSession, job_id: UUID) -> Any | None:
        """The row of a job, or None."""
        return (await session.execute(select(self._table).where(self._table.c.id == job_id))).one_or_none()

    async def cancel(self, session: AsyncSession, job_id: UUID) -> None:
        """A queued job ends at once, a running one at its next progress report."""
        running = update(self._table).where(self._table.c.id == job_id, self._table.c.state == "running")
        queued = update(self._table).where(self._table.c.id == job_id, self._table.c.state == "queued")
        await session.execute(running.values(cancel=True))
        ended = queued.values(state="cancelled", cancel=True, finished_at=utc_now()).returning(self._table.c.id)
        if (await session.execute(ended)).first() is not None:
            await self._news.tell(session, job_id, "state")

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, a few jobs at once; those in hand are finished.

        A database that is away is waited for.
        """
        stopped = asyncio.ensure_future(stop.wait())
        working: set[asyncio.Future[Any]] = set()
        started = False
        try:
            while not stop.is_set():
                job, self.looked_at = None, monotonic()
                try:
                    if not started:
                        await self._start_schedules()
                        started = True
                    job = await self._claim() if len(working) < self._at_once else None
                except Exception as error:  # the loop outlives whatever the database does
                    log.warning("jobs_loop_failed", error=repr(error))
                if job is None:
                    await self._sleep(stopped, working)
                    continue
                task = asyncio.create_task(self._work(job))
                working.add(task)
                task.add_done_callback(working.discard)
            await asyncio.gather(*working)
        finally:
            self.looked_at = None
            for unfinished in (stopped, *working):
                unfinished.cancel()

    async def _sleep(self, stopped: "asyncio.Future[Any]", working: set["asyncio.Future[Any]"]) -> None:
        """Until something is due, a job has ended, or the end."""
        woken = asyncio.ensure_future(self._wake.wait())
        await asyncio.wait({woken, stopped, *working}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        with suppress(asyncio.CancelledError):
            await woken
        self._wake.clear()

    async def run_next(self) -> bool:
        """Claim one job that is due and carry it out; whether there was one."""
        job = await self._claim()
        if job is not None:
            await self._carry_out(job)
        return job is not None

    async def _work(self, job: Job) -> None:
        try:
            await self._carry_out(job)
        except Exception as error:  # its end could not be stored: the lease runs out, and somebody takes it up again
            log.warning("job_end_not_stored", kind=job.kind, job=str(job.id), error=repr(error))

    async def _carry_out(self, job: Job) -> None:
        keeper = asyncio.ensure_future(self._keep_lease(job.id))
        try:
            with one_try(job.kind, str(job.id)):
                result = await self._handlers[job.kind](job)
        except JobCancelled:
            await self._finish(job, state="cancelled")
        except Exception as error:  # whatever it is, the job says so
            await self._fail(job, error)
        else:
            await self._finish(job, state="succeeded", result=result)
        finally:
            keeper.cancel()

    def _claimable(self, now: datetime) -> Select[Any]:
        table = self._table
        return (
            select(table.c.id, table.c.kind, table.c.payload, table.c.attempts)
            .where(
                table.c.kind.in_(self._handlers),
                or_(
                    and_(table.c.state == "queued", table.c.due <= now),
                    and_(table.c.state == "running", table.c.lease_until < now),
                ),
            )
            .order_by(table.c.due)
            .limit(1)
        )

    async def _claim(self) -> Job | None:
        now = utc_now()
        # Look before writing: an idle service should not take SQLite's one write lock twice a second.
        async with self._database.read() as session:
            if (await session.execute(self._claimable(now))).first() is None:
                return None
        async with self._database.write() as session:
            found = (await session.execute(self._claimable(now).with_for_update(skip_locked=True))).first()
            if found is None:
                return None
            taken = update(self._table).where(self._table.c.id == found.id)
            await session.execute(
                taken.values(state="running", attempts=found.attempts + 1, lease_until=now + LEASE, done=0)
            )
            await self._news.tell(session, found.id, "state", "done")
        return Job(found.id, found.kind, from_json(found.payload), found.attempts + 1, self)

    async def _keep_lease(self, job_id: UUID) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await self._update(job_id, lease_until=utc_now() + LEASE)
            except Exception as error:  # tried again in twenty seconds
                log.warning("lease_not_kept", job=str(job_id), error=repr(error))

    async def note_progress(self, job_id: UUID, *, done: int, of: int | None) -> None:
        """Store how far a job is; raises JobCancelled when it is to stop."""
        async with self._database.write() as session:
            own = self._table.c.id == job_id
            values: dict[str, Any] = {"done": done, "lease_until": utc_now() + LEASE}
            if of is not None:
                values["of"] = of
            await session.execute(update(self._table).where(own).values(values))
            await self._news.tell(session, job_id, *(name for name in ("done", "of") if name in values))
            cancelled = (await session.execute(select(self._table.c.cancel).where(own))).scalar_one()
        if cancelled:
            raise JobCancelled

    async def _update(self, job_id: UUID, **values: Any) -> None:
        async with self._database.write() as session:
            await session.execute(update(self._table).where(self._table.c.id == job_id).values(values))

    async def _finish(self, job: Job, *, state: State, result: dict[str, Any] | None = None) -> None:
        async with self._database.write() as session:
            own = update(self._table).where(self._table.c.id == job.id)
            stored = to_json(result).decode() if result is not None else None
            await session.execute(own.values(state=state, result=stored, problem=None, finished_at=utc_now()))
            await self._news.tell(session, job.id, "state", "result", "problem")
            await self._schedule_next(session, job.kind)

    async def _fail(self, job: Job, error: Exception) -> None:
        problem = to_json(problem_document(as_problem(error), f"/jobs/{job.id}")).decode()
        again = job.attempt < self._max_attempts and not is_final(error)
        log.warning("job_failed", kind=job.kind, job=str(job.id), attempt=job.attempt, again=again, error=repr(error))
        async with self._database.write() as session:
            own = update(self._table).where(self._table.c.id == job.id)
            if again:
                await session.execute(own.values(state="queued", due=utc_now() + backoff(job.attempt), problem=problem))
            else:
                await session.execute(own.values(state="failed", problem=problem, finished_at=utc_now()))
                await self._schedule_next(session, job.kind)
            await self._news.tell(session, job.id, "state", "problem")

    async def _start_schedules(self) -> None:
        async with self._database.write() as session:
            for kind in self._schedules:
                await self.enqueue(session, kind=kind, key=f"{SCHEDULE}{kind}")
            old = delete(self._table).where(self._table.c.finished_at < utc_now() - KEPT_FOR)
            gone = await session.execute(old.returning(self._table.c.id, self._table.c.kind, self._table.c.key))
            self._news.tell_gone(session, gone.all())

    async def _schedule_next(self, session: AsyncSession, kind: str) -> None:
        if (every := self._schedules.get(kind)) is not None:
            old = delete(self._table).where(
                self._table.c.state == "succeeded",
                self._table.c.due < utc_now() - SCHEDULED_KEPT_FOR,
                self._table.c.key == f"{SCHEDULE}{kind}",
            )
            await session.execute(old)
            await self.enqueue(session, kind=kind, key=f"{SCHEDULE}{kind}", due=utc_now() + every)
