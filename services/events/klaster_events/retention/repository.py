"""Queries that look for what nothing needs any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.attendance.models import Attendance
from klaster_events.board.models import BoardPost
from klaster_events.bookings.models import Booking
from klaster_events.consents.models import Consent
from klaster_events.database import AS_WRITTEN
from klaster_events.events.models import Event
from klaster_events.interests.models import Interest
from klaster_events.outbox.models import Message
from klaster_events.people.models import Person, PersonalDataRead
from klaster_events.registrations.models import Registration
from klaster_events.resources.models import BookingRules
from klaster_events.showcase.models import ShowcaseContact, ShowcaseItem

_ENDED = ("cancelled", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Until when people are needed: an event that ended after `since`, a registration confirmed or moved lately."""

    since: datetime
    unconfirmed_since: datetime


def _unneeded(clock: Clock) -> Any:
    """People of whom no event knows that ended lately, or is yet to end, and whom no post, interest in one, booking
    or result names that held lately.

    A registration that ended before its address was confirmed is no reason: anybody may have typed it.
    """
    ended_lately = col(Event.ends_at) > clock.since
    registered = exists(
        select(1).where(
            col(Registration.person_id) == Person.id,
            col(Registration.event_id) == Event.id,
            ended_lately,
            or_(
                col(Registration.verified_at).is_not(None),
                col(Registration.state).not_in(_ENDED),
                col(Registration.updated_at) > clock.unconfirmed_since,
            ),
        )
    )
    came = exists(
        select(1).where(col(Attendance.person_id) == Person.id, col(Attendance.event_id) == Event.id, ended_lately)
    )
    return select(col(Person.id)).where(~registered, ~came, ~_named(clock), ~_interested(clock), *_of_resources(clock))


def _named(clock: Clock) -> Any:
    """Named as the contact of a post that held lately, or was changed lately."""
    changed = col(BoardPost.updated_at) > clock.since
    return exists(select(1).where(col(BoardPost.person_id) == Person.id, or_(_held(clock), changed)))


def _interested(clock: Clock) -> Any:
    """Named as the contact of interest in such a post, or of one that moved lately."""
    lives = and_(col(Interest.state).in_(("shown", "agreed")), _held(clock))
    moved = col(Interest.updated_at) > clock.since
    of_post = col(Interest.post_id) == col(BoardPost.id)
    return exists(select(1).where(col(Interest.person_id) == Person.id, of_post, or_(lives, moved)))


def _of_resources(clock: Clock) -> list[Any]:
    """Nobody who booked lately, is told of bookings, answers for a result on show, or asked about one lately."""
    since = clock.since
    shown = or_(col(ShowcaseItem.shown_until).is_(None), col(ShowcaseItem.shown_until) >= since.date())
    named = or_(col(ShowcaseItem.updated_at) > since, and_(col(ShowcaseItem.state) != "withdrawn", shown))
    uses = (
        (Booking, or_(col(Booking.ends_at) > since, col(Booking.updated_at) > since)),
        (BookingRules, col(BookingRules.person_id).is_not(None)),
        (ShowcaseItem, named),
        (ShowcaseContact, col(ShowcaseContact.created_at) > since),
    )
    return [~exists(select(1).where(col(table.person_id) == Person.id, needed)) for table, needed in uses]


def _held(clock: Clock) -> Any:
    return and_(col(BoardPost.state) != "closed", col(BoardPost.valid_until) >= clock.since.date())


async def unneeded(session: AsyncSession, *, clock: Clock, limit: int) -> list[UUID]:
    """People whom nothing needs any more."""
    return list((await session.scalars(_unneeded(clock).limit(limit))).all())


async def hold_unneeded(session: AsyncSession, *, clock: Clock, limit: int) -> list[UUID]:
    """As `unneeded`, held against a registration that is about to need them.

    Asked twice: the first question locks the rows, the second sees what was committed before the lock was had.
    """
    statement = _unneeded(clock)
    locked = list((await session.scalars(statement.limit(limit).with_for_update(skip_locked=True))).all())
    return list((await session.scalars(statement.where(col(Person.id).in_(locked)))).all()) if locked else []


async def old_messages(session: AsyncSession, *, before: datetime, limit: int) -> list[UUID]:
    """Messages that were sent, or given up, and are this old."""
    statement = select(col(Message.id)).where(
        col(Message.state).in_(("sent", "failed", "dropped")), col(Message.created_at) < before
    )
    return list((await session.scalars(statement.limit(limit))).all())


async def delete_messages(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Delete these messages."""
    await session.execute(delete(Message).where(col(Message.id).in_(ids)).execution_options(**AS_WRITTEN))


async def old_looks(session: AsyncSession, *, before: datetime, limit: int) -> list[UUID]:
    """Looks that are this old."""
    statement = select(col(PersonalDataRead.id)).where(col(PersonalDataRead.at) < before)
    return list((await session.scalars(statement.limit(limit))).all())


async def delete_looks(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Delete these looks."""
    statement = delete(PersonalDataRead).where(col(PersonalDataRead.id).in_(ids))
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def unconfirmed_consents(session: AsyncSession, *, limit: int) -> list[UUID]:
    """Consents given with a registration that ended before its address was confirmed: anybody may have typed it."""
    registration = exists(
        select(1).where(
            col(Registration.event_id) == Consent.event_id,
            col(Registration.person_id) == Consent.person_id,
            col(Registration.verified_at).is_(None),
            col(Registration.state).in_(_ENDED),
        )
    )
    return list((await session.scalars(select(col(Consent.id)).where(registration).limit(limit))).all())
