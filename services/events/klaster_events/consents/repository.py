"""Queries on consents and their texts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_events.consents.models import Consent, ConsentText
from klaster_events.consents.schemas import ConsentTextListParameters, Occasion
from klaster_events.database import AS_WRITTEN, METADATA, by
from klaster_shared.pagination import PageParameters, after

ORDER = (by("purpose", col(ConsentText.purpose)),)  # one text of each purpose
VERSIONS = (by("version", col(ConsentText.version)),)  # of one purpose


def _current(what: Any) -> Any:
    """The newest text of each purpose."""
    newer = aliased(ConsentText)
    follows = and_(col(newer.purpose) == col(ConsentText.purpose), col(newer.version) > col(ConsentText.version))
    return what.where(~select(1).where(follows).exists())


async def texts_page(session: AsyncSession, parameters: ConsentTextListParameters) -> Sequence[ConsentText]:
    """One page of current texts, and one row more where there is more."""
    statement = _listed(select(ConsentText), parameters)
    return list((await session.scalars(after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1))).all())


async def count_texts(session: AsyncSession, parameters: ConsentTextListParameters) -> int:
    """How many purposes the filters leave."""
    return int(await session.scalar(_listed(select(func.count()).select_from(ConsentText), parameters)) or 0)


def _listed(what: Any, parameters: ConsentTextListParameters) -> Any:
    statement = _current(what).where(col(ConsentText.retired).is_(parameters.retired))
    if parameters.occasion is not None:
        statement = statement.where(col(ConsentText.occasion) == parameters.occasion)
    return statement


async def versions_page(session: AsyncSession, purpose: str, parameters: PageParameters) -> Sequence[ConsentText]:
    """One page of a purpose's texts, the first first, and one row more where there is more."""
    statement = select(ConsentText).where(col(ConsentText.purpose) == purpose)
    statement = after(statement, VERSIONS, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_versions(session: AsyncSession, purpose: str) -> int:
    """How many texts a purpose has had."""
    statement = select(func.count()).select_from(ConsentText).where(col(ConsentText.purpose) == purpose)
    return int(await session.scalar(statement) or 0)


async def asked(session: AsyncSession, occasion: Occasion) -> Sequence[ConsentText]:
    """The text of each purpose that people are asked for today, on one occasion."""
    statement = _current(select(ConsentText)).where(
        col(ConsentText.retired).is_(False), col(ConsentText.occasion) == occasion
    )
    return list((await session.scalars(statement)).all())


async def newest(session: AsyncSession, purpose: str, *, held: bool = False) -> ConsentText | None:
    """The newest text of a purpose; `held` keeps other writers away from it until this transaction ends."""
    statement = select(ConsentText).where(col(ConsentText.purpose) == purpose)
    statement = statement.order_by(col(ConsentText.version).desc()).limit(1)
    return (await session.scalars(statement.with_for_update() if held else statement)).one_or_none()


async def texts(session: AsyncSession, purposes: Collection[str]) -> dict[tuple[str, int], ConsentText]:
    """Every text of these purposes."""
    if not purposes:
        return {}
    found = await session.scalars(select(ConsentText).where(col(ConsentText.purpose).in_(purposes)))
    return {(text.purpose, text.version): text for text in found.all()}


async def add_consents(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write down consents, in one statement."""
    await session.execute(insert(METADATA.tables["consents"]), list(rows))


async def withdraw(session: AsyncSession, person_id: UUID, purpose: str, *, now: datetime) -> list[UUID]:
    """End what a person agreed to for a purpose; what it was."""
    statement = update(Consent).where(
        col(Consent.person_id) == person_id, col(Consent.purpose) == purpose, col(Consent.withdrawn_at).is_(None)
    )
    statement = statement.values(withdrawn_at=now).execution_options(**AS_WRITTEN)
    return list((await session.scalars(statement.returning(col(Consent.id)))).all())


async def withdrawn_by(session: AsyncSession, people: Collection[UUID], purposes: Collection[str]) -> list[UUID]:
    """Those of these people who took back what they agreed to for one of these purposes, and did not agree anew."""
    if not purposes:
        return []
    given_anew = aliased(Consent)
    anew = select(1).where(
        col(given_anew.person_id) == col(Consent.person_id),
        col(given_anew.purpose) == col(Consent.purpose),
        col(given_anew.withdrawn_at).is_(None),
    )
    statement = select(col(Consent.person_id)).where(
        col(Consent.person_id).in_(people), col(Consent.purpose).in_(purposes), col(Consent.withdrawn_at).is_not(None)
    )
    return list((await session.scalars(statement.where(~anew.exists()).distinct())).all())


async def consents_of(session: AsyncSession, person_id: UUID) -> Sequence[Consent]:
    """All that a person ever agreed to, the first first."""
    statement = select(Consent).where(col(Consent.person_id) == person_id)
    return list((await session.scalars(statement.order_by(col(Consent.given_at), col(Consent.id)))).all())


async def delete_consents_of(session: AsyncSession, people: Collection[UUID]) -> list[UUID]:
    """Delete what these people agreed to; what it was."""
    return await _delete(session, col(Consent.person_id).in_(people))


async def delete_consents(session: AsyncSession, ids: Collection[UUID]) -> list[UUID]:
    """Delete these; what was there to delete."""
    return await _delete(session, col(Consent.id).in_(ids))


async def _delete(session: AsyncSession, which: Any) -> list[UUID]:
    statement = delete(Consent).where(which).returning(col(Consent.id))
    return list((await session.scalars(statement.execution_options(**AS_WRITTEN))).all())
