"""Queries on people: what a viewer may not see, no query finds for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, exists, false, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.people.models import Person, PersonConsent, PersonDetails, PersonRole
from klaster_registry.people.schemas import PersonListParameters
from klaster_registry.people.seeing import Purposes, Viewer
from klaster_registry.periods import covers
from klaster_shared.pagination import after
from klaster_shared.text import fold

# Whoever was erased has no name to be sorted by.
_SORT_NAME: Any = func.coalesce(col(PersonDetails.sort_name), "")
ORDER = (by("name", _SORT_NAME), by("id", col(Person.id)))
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who asks, for which purposes consents open something, and what day it is."""

    viewer: Viewer
    purposes: Purposes
    today: date


async def find_person(session: AsyncSession, person_id: UUID, *, held: bool = False) -> Person | None:
    """One person; `held` keeps other writers out until this transaction ends."""
    statement = select(Person).where(col(Person.id) == person_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The person that came from a source under a key."""
    rows = PersonDetails
    statement = select(col(rows.person_id)).where(col(rows.source) == source, col(rows.source_key) == source_key)
    return await session.scalar(statement)


async def people_page(session: AsyncSession, asked: PersonListParameters, scene: Scene) -> Sequence[Any]:
    """One page of people, each with the key it is sorted by, and one more where there is more."""
    statement: Any = (
        select(Person, _SORT_NAME.label("sort_name"))
        .join(PersonDetails, col(PersonDetails.person_id) == Person.id, isouter=True)
        .where(*_conditions(asked, scene))
    )
    rows: Sequence[Any] = (await session.execute(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all()
    return rows


async def count_people(session: AsyncSession, asked: PersonListParameters, scene: Scene) -> tuple[int, int]:
    """How many people the filters leave, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(Person.demonstration), 1), else_=0)), 0)
    statement = (
        select(func.count(), demonstration)
        .select_from(Person)
        .join(PersonDetails, col(PersonDetails.person_id) == Person.id, isouter=True)
        .where(*_conditions(asked, scene))
    )
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def details_of(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, PersonDetails]:
    """Who these people are, as far as they were not erased."""
    found = await session.scalars(select(PersonDetails).where(col(PersonDetails.person_id).in_(people)))
    return {row.person_id: row for row in found}


async def roles_of(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, list[PersonRole]]:
    """The roles of these people, in order of time."""
    rows = PersonRole
    statement = select(rows).where(col(rows.person_id).in_(people)).order_by(col(rows.valid_from), col(rows.id))
    found: dict[UUID, list[PersonRole]] = {}
    for row in await session.scalars(statement):
        found.setdefault(row.person_id, []).append(row)
    return found


async def consents_of(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, list[PersonConsent]]:
    """What these people consented to, in order of time."""
    rows = PersonConsent
    statement = select(rows).where(col(rows.person_id).in_(people)).order_by(col(rows.given_on), col(rows.id))
    found: dict[UUID, list[PersonConsent]] = {}
    for row in await session.scalars(statement):
        found.setdefault(row.person_id, []).append(row)
    return found


async def replace_rows(session: AsyncSession, table: Any, person_id: UUID, rows: Sequence[Any]) -> None:
    """Write a person's roles, or consents, anew."""
    await session.execute(delete(table).where(table.person_id == person_id).execution_options(**_AS_WRITTEN))
    session.add_all(rows)
    await session.flush()


async def every_person(session: AsyncSession) -> Sequence[Person]:
    """Everybody who was not erased."""
    return (await session.scalars(select(Person).where(col(Person.erased_on).is_(None)))).all()


async def people_in(session: AsyncSession, entity_id: UUID) -> Sequence[Person]:
    """People with a role in an entity at any time, held against other writers."""
    in_entity = select(col(PersonRole.person_id)).where(col(PersonRole.entity_id) == entity_id)
    statement = select(Person).where(col(Person.id).in_(in_entity)).order_by(col(Person.id)).with_for_update()
    return (await session.scalars(statement)).all()


async def move_roles(session: AsyncSession, *, old: UUID, new: UUID) -> None:
    """Roles in one entity become roles in another."""
    statement = update(PersonRole).where(col(PersonRole.entity_id) == old).values(entity_id=new)
    await session.execute(statement.execution_options(**_AS_WRITTEN))


async def erase_words(session: AsyncSession, person_id: UUID, *, on: date) -> None:
    """Delete who a person is, and every word about them; consents end, periods of roles stay."""
    roles, consents = PersonRole, PersonConsent
    statements = (
        delete(PersonDetails).where(col(PersonDetails.person_id) == person_id),
        update(roles).where(col(roles.person_id) == person_id).values(function_pl=None, function_en=None),
        update(consents).where(col(consents.person_id) == person_id).values(evidence=None),
        update(consents)
        .where(col(consents.person_id) == person_id, col(consents.withdrawn_on).is_(None))
        .values(withdrawn_on=on),
    )
    for statement in statements:
        await session.execute(statement.execution_options(**_AS_WRITTEN))


async def delete_person(session: AsyncSession, person_id: UUID) -> None:
    """Remove every row of a person: demonstration data, which stands for nobody."""
    for table in (PersonDetails, PersonRole, PersonConsent):
        statement = delete(table).where(col(table.person_id) == person_id)
        await session.execute(statement.execution_options(**_AS_WRITTEN))
    await session.execute(delete(Person).where(col(Person.id) == person_id).execution_options(**_AS_WRITTEN))


def _conditions(asked: PersonListParameters, scene: Scene) -> list[ColumnElement[bool]]:
    day = asked.as_of or scene.today
    erased = col(Person.erased_on)
    found = [erased.is_not(None) if asked.erased else erased.is_(None), _visible(scene)]
    if asked.demonstration is not None:
        found.append(col(Person.demonstration).is_(asked.demonstration))
    if asked.q is not None:
        found.append(col(PersonDetails.folded).contains(fold(asked.q), autoescape=True))
    lists = ((PersonDetails.source, asked.source), (PersonDetails.source_key, asked.source_key))
    found += [col(column).in_(values) for column, values in lists if values]
    if asked.purpose:
        found.append(_consent(asked.purpose, day))
    if asked.entity or asked.body or asked.role or (asked.as_of and not asked.purpose):
        found.append(_role(asked, scene, day))
    return found


def _visible(scene: Scene) -> ColumnElement[bool]:
    if scene.viewer.office:
        return true()
    published = _consent(scene.purposes.publication, scene.today)
    if scene.viewer.entity is None:
        return published
    rows = PersonRole
    now = covers(col(rows.valid_from), col(rows.valid_until), scene.today)
    own = and_(col(rows.person_id) == Person.id, col(rows.entity_id) == scene.viewer.entity, now)
    return or_(published, exists(select(1).where(own).correlate(Person)))


def _role(asked: PersonListParameters, scene: Scene, day: date) -> ColumnElement[bool]:
    """A role as asked for, among those that the viewer may see."""
    rows = PersonRole
    clauses = [col(rows.person_id) == Person.id, covers(col(rows.valid_from), col(rows.valid_until), day)]
    lists: list[tuple[Any, Sequence[Any]]] = [
        (rows.entity_id, asked.entity),
        (rows.body, asked.body),
        (rows.role, asked.role),
    ]
    clauses += [col(column).in_(values) for column, values in lists if values]
    if not scene.viewer.office:
        own = col(rows.entity_id) == scene.viewer.entity if scene.viewer.entity else false()
        clauses.append(or_(_consent(scene.purposes.publication, scene.today), own))
    return exists(select(1).where(*clauses).correlate(Person))


def _consent(purposes: Collection[str], day: date) -> ColumnElement[bool]:
    rows = PersonConsent
    held = or_(col(rows.withdrawn_on).is_(None), col(rows.withdrawn_on) > day)
    clauses = (col(rows.person_id) == Person.id, col(rows.purpose).in_(purposes), col(rows.given_on) <= day, held)
    return exists(select(1).where(*clauses).correlate(Person))
