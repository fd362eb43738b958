"""Queries on bookings, on the quarters of an hour that they hold, and on times without bookings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.bookings.filters import Asked, conditions
from klaster_events.bookings.models import Blackout, Booking, BookingSlot
from klaster_events.database import AS_WRITTEN, by
from klaster_events.resources.models import Resource
from klaster_shared.pagination import PageParameters, after

ORDER = (
    replace(by("starts_at", col(Booking.starts_at)), descending=True),
    replace(by("id", col(Booking.id)), descending=True),
)
BLACKOUT_ORDER = (by("starts_at", col(Blackout.starts_at)), by("id", col(Blackout.id)))
LIVES = ("requested", "approved")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many bookings there are, of how many people, and how many are demonstration data."""

    rows: int
    people: int
    demonstration: int


async def find_booking(session: AsyncSession, booking_id: UUID, *, held: bool = False) -> Booking | None:
    """One booking; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(Booking, booking_id, with_for_update=held or None, populate_existing=held)


async def bookings_by_id(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Booking]:
    """These, as far as they are there."""
    found = await session.scalars(select(Booking).where(col(Booking.id).in_(ids))) if ids else ()
    return list(found)


async def bookings_page(session: AsyncSession, asked: Asked) -> Sequence[Booking]:
    """One page, the latest first, and one row more where there is more."""
    statement: Any = _joined(select(Booking), asked)
    statement = after(statement, ORDER, asked.parameters.cursor).limit(asked.parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_bookings(session: AsyncSession, asked: Asked) -> Counts:
    """The list that the parameters ask for, in numbers."""
    marked = func.coalesce(func.sum(case((col(Booking.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), func.count(func.distinct(col(Booking.person_id))), marked).select_from(Booking)
    return Counts(*(int(number) for number in (await session.execute(_joined(statement, asked))).one()))


def _joined(statement: Any, asked: Asked) -> Any:
    return statement.join(Resource, col(Resource.id) == col(Booking.resource_id)).where(*conditions(asked))


async def taken(session: AsyncSession, resource_id: UUID, starts_at: datetime, ends_at: datetime) -> set[datetime]:
    """The quarters of an hour in a time that are held."""
    statement = select(col(BookingSlot.starts_at)).where(
        col(BookingSlot.resource_id) == resource_id,
        col(BookingSlot.starts_at) >= starts_at,
        col(BookingSlot.starts_at) < ends_at,
    )
    return set((await session.scalars(statement)).all())


async def hold_slots(session: AsyncSession, booking: Booking, moments: Sequence[datetime]) -> None:
    """Hold these for a booking; the database refuses one that is held."""
    rows = [{"resource_id": booking.resource_id, "starts_at": one, "booking_id": booking.id} for one in moments]
    await session.execute(insert(BookingSlot), rows)


async def free_slots(session: AsyncSession, booking_ids: Collection[UUID]) -> None:
    """Give back what these bookings hold."""
    statement = delete(BookingSlot).where(col(BookingSlot.booking_id).in_(booking_ids))
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def living_within(
    session: AsyncSession, resource_id: UUID, starts_at: datetime, ends_at: datetime
) -> Sequence[Booking]:
    """Bookings that stand in a time, held, in one order for all."""
    statement = select(Booking).where(
        col(Booking.resource_id) == resource_id,
        col(Booking.state).in_(LIVES),
        col(Booking.starts_at) < ends_at,
        col(Booking.ends_at) > starts_at,
    )
    return list((await session.scalars(statement.order_by(col(Booking.id)).with_for_update())).all())


async def unanswered(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Booking]:
    """Requests whose time has come without an answer, held; another worker's are passed over."""
    statement = select(Booking).where(col(Booking.state) == "requested", col(Booking.starts_at) <= now)
    statement = statement.order_by(col(Booking.id)).limit(limit).with_for_update(skip_locked=True)
    return list((await session.scalars(statement)).all())


async def is_any_unanswered(session: AsyncSession, *, now: datetime) -> bool:
    """Whether there is one, without locking."""
    statement = select(col(Booking.id)).where(col(Booking.state) == "requested", col(Booking.starts_at) <= now)
    return await session.scalar(statement.limit(1)) is not None


async def of_people(
    session: AsyncSession, people: Collection[UUID], *, since: datetime | None, held: bool = False
) -> Sequence[Booking]:
    """Bookings of these people in order of time; `since`: that end after it, `held` against other writers."""
    statement = select(Booking).where(col(Booking.person_id).in_(people))
    if since is not None:
        statement = statement.where(col(Booking.ends_at) > since)
    if held:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await session.scalars(statement.order_by(col(Booking.starts_at), col(Booking.id)))).all())


async def drop_words(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what was written about the visits of these people."""
    statement = update(Booking).where(col(Booking.person_id).in_(people)).values(purpose=None, answer=None)
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def delete_booking(session: AsyncSession, booking_id: UUID) -> None:
    """Remove a booking with what it holds."""
    await free_slots(session, [booking_id])
    await session.execute(delete(Booking).where(col(Booking.id) == booking_id).execution_options(**AS_WRITTEN))


async def blackouts_within(
    session: AsyncSession, resource_id: UUID, starts_at: datetime, ends_at: datetime
) -> Sequence[Blackout]:
    """The times without bookings that touch a time."""
    statement = select(Blackout).where(
        col(Blackout.resource_id) == resource_id,
        col(Blackout.starts_at) < ends_at,
        col(Blackout.ends_at) > starts_at,
    )
    return list((await session.scalars(statement.order_by(col(Blackout.starts_at)))).all())


async def blackouts_page(
    session: AsyncSession, resource_id: UUID, parameters: PageParameters, *, now: datetime
) -> Sequence[Blackout]:
    """Those that are not over, and one row more where there is more."""
    statement: Any = select(Blackout).where(*_to_come(resource_id, now))
    statement = after(statement, BLACKOUT_ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_blackouts(session: AsyncSession, resource_id: UUID, *, now: datetime) -> int:
    """How many are not over."""
    statement = select(func.count()).select_from(Blackout).where(*_to_come(resource_id, now))
    return int(await session.scalar(statement) or 0)


def _to_come(resource_id: UUID, now: datetime) -> list[Any]:
    return [col(Blackout.resource_id) == resource_id, col(Blackout.ends_at) > now]


async def delete_blackout(session: AsyncSession, resource_id: UUID, blackout_id: UUID) -> bool:
    """Remove one of a resource; whether it was there."""
    statement = delete(Blackout).where(col(Blackout.id) == blackout_id, col(Blackout.resource_id) == resource_id)
    result: Any = await session.execute(statement.execution_options(**AS_WRITTEN))
    return bool(result.rowcount)
