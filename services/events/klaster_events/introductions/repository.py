"""Queries that look for people to meet: first those who share a term, by index."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_events.meetings.models import Meeting
from klaster_events.participants.models import Participant, ParticipantTerm
from klaster_events.registrations.models import Registration

Found = tuple[Participant, Registration]
_TAKES_PART = (col(Participant.withdrawn_at).is_(None), col(Registration.state) == "confirmed")
_OVER = ("expired", "cancelled")  # of these two, either may ask anew


async def sharing(
    session: AsyncSession, edition_id: UUID, wanted: Mapping[str, Collection[str]], *, limit: int
) -> list[UUID]:
    """The participants who hold most of these terms (by kind of term), whoever joined first before others."""
    terms = [
        and_(col(ParticipantTerm.kind) == kind, col(ParticipantTerm.term).in_(values))
        for kind, values in wanted.items()
        if values
    ]
    if not terms:
        return []
    statement = _of_edition(select(col(Participant.id)), edition_id)
    statement = statement.join(ParticipantTerm, col(ParticipantTerm.participant_id) == col(Participant.id))
    statement = statement.where(or_(*terms)).group_by(col(Participant.id), col(Participant.created_at))
    ordered = statement.order_by(func.count().desc(), col(Participant.created_at), col(Participant.id))
    return list((await session.scalars(ordered.limit(limit))).all())


async def newest(session: AsyncSession, edition_id: UUID, *, limit: int) -> list[UUID]:
    """Whoever joined last."""
    statement = _of_edition(select(col(Participant.id)), edition_id)
    ordered = statement.order_by(col(Participant.created_at).desc(), col(Participant.id).desc())
    return list((await session.scalars(ordered.limit(limit))).all())


async def found(session: AsyncSession, ids: Collection[UUID]) -> list[Found]:
    """These participants with their registrations."""
    if not ids:
        return []
    statement = select(Participant, Registration).join(
        Registration, col(Registration.id) == col(Participant.registration_id)
    )
    rows = (await session.execute(statement.where(col(Participant.id).in_(ids)))).all()
    return [(participant, registration) for participant, registration in rows]


def _of_edition(statement: Any, edition_id: UUID) -> Any:
    joined = statement.join(Registration, col(Registration.id) == col(Participant.registration_id))
    return joined.where(col(Participant.edition_id) == edition_id, *_TAKES_PART)


async def asked_already(session: AsyncSession, participant_id: UUID) -> set[UUID]:
    """With whom a participant meets, met, was asked to, or was refused to, in this edition."""
    either = or_(col(Meeting.asked_by_id) == participant_id, col(Meeting.asked_id) == participant_id)
    statement = select(col(Meeting.asked_by_id), col(Meeting.asked_id)).where(either)
    rows = await session.execute(statement.where(col(Meeting.state).not_in(_OVER)))
    return {one for row in rows.all() for one in row if one != participant_id}


async def met_before(session: AsyncSession, person_id: UUID, others: Collection[UUID]) -> set[UUID]:
    """Which of these people a person has met at any edition."""
    if not others:
        return set()
    asker, asked = aliased(Participant), aliased(Participant)
    one, other = aliased(Registration), aliased(Registration)
    people = (col(one.person_id), col(other.person_id))
    statement = (
        select(*people)
        .select_from(Meeting)
        .join(asker, col(asker.id) == col(Meeting.asked_by_id))
        .join(asked, col(asked.id) == col(Meeting.asked_id))
        .join(one, col(one.id) == col(asker.registration_id))
        .join(other, col(other.id) == col(asked.registration_id))
        .where(col(Meeting.state) == "took_place", _pair(people, person_id, others))
    )
    return {person for row in (await session.execute(statement)).all() for person in row if person != person_id}


def _pair(people: Sequence[Any], person_id: UUID, others: Collection[UUID]) -> ColumnElement[bool]:
    one, other = people
    return or_(and_(one == person_id, other.in_(others)), and_(other == person_id, one.in_(others)))
