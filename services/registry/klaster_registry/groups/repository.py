"""Queries on groups, networks and advisory bodies."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.models import Entity, EntityValidity
from klaster_registry.groups.schemas import GroupListParameters
from klaster_registry.periods import covers
from klaster_registry.taxonomies.models import Term
from klaster_shared.pagination import after

_REGISTERED = ("registration", ["registered"])
ORDER = (by("position", col(Term.position)), by("code", col(Term.code)))


async def groups_page(
    session: AsyncSession,
    taxonomy: str,
    aspect: str,
    asked: GroupListParameters,
    *,
    codes: Sequence[str] | None,
    day: date,
) -> Sequence[Any]:
    """One page, and one row more where there is more; `codes` are those a flag leaves, if one was asked for."""
    statement: Any = select(Term).where(*_conditions(taxonomy, aspect, asked, codes, day))
    return list((await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count_groups(
    session: AsyncSession,
    taxonomy: str,
    aspect: str,
    asked: GroupListParameters,
    *,
    codes: Sequence[str] | None,
    day: date,
) -> int:
    """How many groups the filters leave."""
    statement = select(func.count()).select_from(Term).where(*_conditions(taxonomy, aspect, asked, codes, day))
    return int(await session.scalar(statement) or 0)


def _conditions(
    taxonomy: str, aspect: str, asked: GroupListParameters, codes: Sequence[str] | None, day: date
) -> list[ColumnElement[bool]]:
    found = [col(Term.taxonomy) == taxonomy]
    if asked.retired is not None:
        found.append(col(Term.retired).is_(asked.retired))
    if codes is not None:
        found.append(col(Term.code).in_(codes))
    if asked.with_member is False:
        found.append(~_has_member(aspect, _REGISTERED, day))
    held = [("kind", asked.member_kind)] if asked.member_kind else []
    held += [_REGISTERED] if asked.with_member else []
    for what in held:
        found.append(_has_member(aspect, what, day))
        if asked.demonstration is not None:
            real = _has_member(aspect, what, day, col(Entity.demonstration).is_(False))
            found.append(~real if asked.demonstration else real)
    return found


def _has_member(
    aspect: str, held: tuple[str, Sequence[str]], day: date, *clauses: ColumnElement[bool]
) -> ColumnElement[bool]:
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
