"""Queries on participants; each comes with its registration, which has to be confirmed for them to take part."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.database import AS_WRITTEN
from klaster_events.participants.listing import ORDER, Found
from klaster_events.participants.models import Participant, ParticipantTerm
from klaster_events.participants.schemas import ParticipantListParameters
from klaster_events.registrations.models import Registration
from klaster_shared.pagination import after
from klaster_shared.text import fold

TAKES_PART: tuple[ColumnElement[bool], ...] = (
    col(Participant.withdrawn_at).is_(None),
    col(Registration.state) == "confirmed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for; entities under all their ids, None where not asked for."""

    edition_id: UUID
    parameters: ParticipantListParameters
    entities: Collection[UUID] | None = None


def _with_registration(*wanted: Any) -> Any:
    return select(*wanted).join(Registration, col(Registration.id) == col(Participant.registration_id))


async def find_participant(
    session: AsyncSession, edition_id: UUID, participant_id: UUID, *, held: bool = False
) -> Found | None:
    """One participant of an edition; `held` keeps other writers away from it until this transaction ends."""
    if held:
        await session.get(Participant, participant_id, with_for_update=True, populate_existing=True)
    statement = _with_registration(Participant, Registration).where(
        col(Participant.id) == participant_id, col(Participant.edition_id) == edition_id
    )
    return _one((await session.execute(statement)).one_or_none())


async def of_registration(session: AsyncSession, edition_id: UUID, registration_id: UUID) -> Participant | None:
    """The participant that a registration is in an edition, withdrawn or not."""
    statement = select(Participant).where(
        col(Participant.edition_id) == edition_id, col(Participant.registration_id) == registration_id
    )
    found: Participant | None = await session.scalar(statement.execution_options(populate_existing=True))
    return found


async def registration(session: AsyncSession, registration_id: UUID) -> Registration | None:
    """A registration as the database has it now."""
    return await session.get(Registration, registration_id, populate_existing=True)


def _one(row: Any) -> Found | None:
    return None if row is None else (row[0], row[1])


async def participants_page(session: AsyncSession, asked: Asked) -> Sequence[Found]:
    """One page in the order in which they joined, and one row more where there is more."""
    statement = _with_registration(Participant, Registration).where(*_wanted(asked))
    statement = after(statement, ORDER, asked.parameters.cursor).limit(asked.parameters.limit + 1)
    return [(one, registration) for one, registration in (await session.execute(statement)).all()]


async def count_participants(session: AsyncSession, asked: Asked) -> int:
    """How many the filters leave."""
    statement = _with_registration(func.count()).select_from(Participant).where(*_wanted(asked))
    return int(await session.scalar(statement) or 0)


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    given = asked.parameters
    found = [col(Participant.edition_id) == asked.edition_id]
    found += [col(Participant.withdrawn_at).is_not(None)] if given.withdrawn else TAKES_PART
    if given.kind:
        found.append(col(Participant.kind).in_(given.kind))
    if asked.entities is not None:
        found.append(col(Participant.entity_id).in_(asked.entities))
    terms: dict[str, list[str]] = {
        "language": given.language,
        "field": given.field,
        "seeks": [fold(word) for word in given.seeks],
        "offers": [fold(word) for word in given.offers],
    }
    return [*found, *(_has(kind, wanted) for kind, wanted in terms.items() if wanted)]


def _has(kind: str, terms: Collection[str]) -> ColumnElement[bool]:
    return exists().where(
        col(ParticipantTerm.participant_id) == col(Participant.id),
        col(ParticipantTerm.kind) == kind,
        col(ParticipantTerm.term).in_(terms),
    )


async def taking_part(session: AsyncSession, edition_id: UUID) -> Sequence[Found]:
    """Everybody who takes part in an edition, in the order in which they joined."""
    statement = _with_registration(Participant, Registration)
    statement = statement.where(col(Participant.edition_id) == edition_id, *TAKES_PART)
    rows = await session.execute(statement.order_by(*(part.column for part in ORDER)))
    return [(one, registration) for one, registration in rows.all()]


async def gone(session: AsyncSession, *, limit: int) -> Sequence[Participant]:
    """Participants whose registration is not confirmed any more, held, in one order for all who withdraw several."""
    statement = _with_registration(Participant).where(
        col(Participant.withdrawn_at).is_(None), col(Registration.state) != "confirmed"
    )
    statement = statement.order_by(col(Participant.edition_id), col(Participant.id)).limit(limit)
    return list((await session.scalars(statement.with_for_update(of=Participant))).all())


async def replace_terms(session: AsyncSession, participant_id: UUID, terms: Iterable[tuple[str, str]]) -> None:
    """Give a participant these terms and no others."""
    statement = delete(ParticipantTerm).where(col(ParticipantTerm.participant_id) == participant_id)
    await session.execute(statement.execution_options(**AS_WRITTEN))
    rows = [{"participant_id": participant_id, "kind": kind, "term": term} for kind, term in terms]
    if rows:
        await session.execute(insert(ParticipantTerm), rows)


async def session_times(
    session: AsyncSession, participants: Collection[UUID]
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """When these participants are in a session of the agenda that they have a seat in."""
    if not participants:
        return {}
    columns = (col(Participant.id), col(AgendaSession.starts_at), col(AgendaSession.ends_at))
    statement: Any = (
        select(*columns)
        .join(SessionSeat, col(SessionSeat.registration_id) == col(Participant.registration_id))
        .join(AgendaSession, col(AgendaSession.id) == col(SessionSeat.session_id))
        .where(col(Participant.id).in_(participants), col(SessionSeat.state) == "taken")
        .order_by(col(AgendaSession.starts_at), col(AgendaSession.id))
    )
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for participant_id, begin, end in (await session.execute(statement)).all():
        found.setdefault(participant_id, []).append((begin, end))
    return found


async def of_people(session: AsyncSession, people: Collection[UUID]) -> Sequence[Participant]:
    """The participants that these people are, in any edition."""
    if not people:
        return []
    statement = _with_registration(Participant).where(col(Registration.person_id).in_(people))
    return list((await session.scalars(statement.order_by(col(Participant.id)))).all())
