"""Queries on certificates, which stand on the rows of attendance."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.attendance.models import Attendance
from klaster_events.certificates.models import CertificateCounter
from klaster_events.database import METADATA, by, upsert
from klaster_shared.pagination import after

ORDER = (by("certificate_number", col(Attendance.certificate_number)),)


async def present(session: AsyncSession, event_id: UUID) -> Sequence[Attendance]:
    """Everybody who came, in the order in which they were written down."""
    statement = select(Attendance).where(col(Attendance.event_id) == event_id, col(Attendance.present))
    found = await session.scalars(statement.order_by(col(Attendance.id)).execution_options(populate_existing=True))
    return list(found.all())


async def take_numbers(session: AsyncSession, year: int, count: int) -> int:
    """The first of so many numbers of a year; the counter is held until this transaction ends."""
    statement = upsert(session, "certificate_counters").values(year=year, last=count)
    table = METADATA.tables[str(CertificateCounter.__tablename__)]
    raised = {"last": table.c.last + statement.excluded.last}
    statement = statement.on_conflict_do_update(index_elements=["year"], set_=raised).returning(table.c.last)
    return int((await session.execute(statement)).scalar_one()) - count + 1


async def assign(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write numbers beside attendance."""
    table = METADATA.tables["attendance"]
    statement = update(table).where(table.c.id == bindparam("which"))
    columns = ("certificate_number", "certificate_issued_at", "certificate_minutes")
    statement = statement.values({name: bindparam(f"new_{name}") for name in columns})
    given = [{"which": row["id"], **{f"new_{name}": row[name] for name in columns}} for row in rows]
    await (await session.connection()).execute(statement, given)


async def page(session: AsyncSession, event_id: UUID, *, cursor: str | None, limit: int) -> Sequence[Attendance]:
    """Certificates by number, and one row more where there is more."""
    statement = _issued(select(Attendance), event_id)
    return list((await session.scalars(after(statement, ORDER, cursor).limit(limit + 1))).all())


async def count(session: AsyncSession, event_id: UUID) -> int:
    """How many were issued."""
    return int(await session.scalar(_issued(select(func.count()).select_from(Attendance), event_id)) or 0)


async def find(session: AsyncSession, event_id: UUID, certificate_id: UUID) -> Attendance | None:
    """One certificate of an event."""
    statement = _issued(select(Attendance), event_id).where(col(Attendance.id) == certificate_id)
    found: Attendance | None = await session.scalar(statement)
    return found


def _issued(statement: Any, event_id: UUID) -> Any:
    return statement.where(col(Attendance.event_id) == event_id, col(Attendance.certificate_number).is_not(None))
