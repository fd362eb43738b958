"""Queries on groups, networks and advisory bodies."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.models import Entity, EntityValidity
from klaster_registry.groups.schemas import GroupListParameters
from klaster_registry.periods import END, covers, touches
from klaster_registry.projects.models import Project
from klaster_registry.taxonomies.filters import carries
from klaster_registry.taxonomies.models import Term
from klaster_shared.pagination import after

_FLAGS = ("international", "programme", "advisory", "decision")
Held = tuple[str, Sequence[str]]
_REGISTERED: Held = ("registration", ["registered"])
ORDER = (by("position", col(Term.position)), by("code", col(Term.code)))


async def groups_page(
    session: AsyncSession,
    taxonomy: str,
    aspect: str,
    asked: GroupListParameters,
    *,
    day: date,
) -> Sequence[Any]:
    """One page, and one row more where there is more."""
    statement: Any = select(Term).where(*_conditions(taxonomy, aspect, asked, day))
    return list((await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count_groups(
    session: AsyncSession, taxonomy: str, aspect: str, asked: GroupListParameters, *, day: date
) -> tuple[int, int]:
    """How many groups the filters leave, and how many of them for members that are demonstration data alone."""
    real = [_has_member(aspect, what, day, col(Entity.demonstration).is_(False)) for what in _held(asked)]
    resting = case((and_(*(~one for one in real)), 1), else_=0) if real else literal(0)
    statement = (
        select(func.count(), func.coalesce(func.sum(resting), 0))
        .select_from(Term)
        .where(*_conditions(taxonomy, aspect, asked, day))
    )
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def members_by_group(session: AsyncSession, aspect: str, *, day: date) -> dict[str, int]:
    """How many entities are members of each group on a day; one without members is not named."""
    rows = EntityValidity
    statement = (
        select(col(rows.value), func.count(func.distinct(col(rows.entity_id))))
        .join(Entity, col(Entity.id) == rows.entity_id)
        .where(
            col(rows.aspect) == aspect,
            covers(col(rows.valid_from), col(rows.valid_until), day),
            col(Entity.listed_until) > day,
        )
        .group_by(col(rows.value))
    )
    return {str(code): int(count) for code, count in (await session.execute(statement)).all()}


def _conditions(taxonomy: str, aspect: str, asked: GroupListParameters, day: date) -> list[ColumnElement[bool]]:
    found = [col(Term.taxonomy) == taxonomy]
    if asked.code:
        found.append(col(Term.code).in_(asked.code))
    if asked.retired is not None:
        found.append(col(Term.retired).is_(asked.retired))
    for flag in _FLAGS:
        carried = getattr(asked, flag, None)
        if carried is not None:
            found.append(carries(flag) if carried else ~carries(flag))
    if asked.with_member is False:
        found.append(~_has_member(aspect, _REGISTERED, day))
    with_project = getattr(asked, "with_project", None)
    if with_project is not None:
        found.append(_has_project(day) if with_project else ~_has_project(day))
    for what in _held(asked):
        found.append(_has_member(aspect, what, day))
        if asked.demonstration is not None:
            real = _has_member(aspect, what, day, col(Entity.demonstration).is_(False))
            found.append(~real if asked.demonstration else real)
    return found


def _held(asked: GroupListParameters) -> list[Held]:
    held: list[Held] = [("kind", asked.member_kind)] if asked.member_kind else []
    return [*held, _REGISTERED] if asked.with_member else held


def _has_project(day: date) -> ColumnElement[bool]:
    """SQL: a project of the group runs in the calendar year of that day."""
    runs_from, runs_until = col(Project.runs_from), col(Project.runs_until)
    in_year = touches(runs_from, runs_until, date(day.year, 1, 1), date(day.year, 12, 31))
    # `runs_from` is far in the future where nothing runs.
    return exists(select(1).where(col(Project.group_code) == Term.code, in_year, runs_from < END))


def _has_member(aspect: str, held: Held, day: date, *clauses: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL: somebody who on that day holds one of these values in a respect (of a kind, registered) is a member."""
    member, other = aliased(EntityValidity), aliased(EntityValidity)
    return exists(
        select(1)
        .select_from(member)
        .join(other, col(other.entity_id) == member.entity_id)
        .join(Entity, col(Entity.id) == member.entity_id)
        .where(
            *clauses,
            col(member.aspect) == aspect,
            col(member.value) == Term.code,
            covers(col(member.valid_from), col(member.valid_until), day),
            col(other.aspect) == held[0],
            col(other.value).in_(held[1]),
            covers(col(other.valid_from), col(other.valid_until), day),
        )
    )
