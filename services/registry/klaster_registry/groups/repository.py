"""Queries on groups and networks."""

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
    if asked.member_kind:
        found.append(_has_member(aspect, asked.member_kind, day))
        if asked.demonstration is not None:
            real = _has_member(aspect, asked.member_kind, day, col(Entity.demonstration).is_(False))
            found.append(~real if asked.demonstration else real)
    return found


def _has_member(aspect: str, kinds: Sequence[str], day: date, *clauses: ColumnElement[bool]) -> ColumnElement[bool]:
    member, kind = aliased(EntityValidity), aliased(EntityValidity)
    return exists(
        select(1)
        .select_from(member)
        .join(kind, col(kind.entity_id) == member.entity_id)
        .join(Entity, col(Entity.id) == member.entity_id)
        .where(
            *clauses,
            col(member.aspect) == aspect,
            col(member.value) == Term.code,
            covers(col(member.valid_from), col(member.valid_until), day),
            col(kind.aspect) == "kind",
            col(kind.value).in_(kinds),
            covers(col(kind.valid_from), col(kind.valid_until), day),
        )
    )
