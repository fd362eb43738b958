"""Queries on kinds of posts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import by
from klaster_events.post_kinds.models import PostKind
from klaster_events.post_kinds.schemas import PostKindListParameters
from klaster_shared.pagination import after

ORDER = (by("code", col(PostKind.code)),)


async def find_kind(session: AsyncSession, code: str, *, held: bool = False) -> PostKind | None:
    """One kind; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(PostKind, code, with_for_update=held or None, populate_existing=held)


async def kinds_page(session: AsyncSession, parameters: PostKindListParameters) -> Sequence[PostKind]:
    """One page, and one row more where there is more."""
    statement = after(_wanted(select(PostKind), parameters), ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_kinds(session: AsyncSession, parameters: PostKindListParameters) -> int:
    """How many kinds the filters leave."""
    statement = _wanted(select(func.count()).select_from(PostKind), parameters)
    return int(await session.scalar(statement) or 0)


async def counts_by_code(session: AsyncSession) -> dict[str, list[str]]:
    """What every kind counts as, retired ones too: what was counted stays counted."""
    statement = select(col(PostKind.code), col(PostKind.counts_as))
    return dict((await session.execute(statement)).all())


async def all_kinds(session: AsyncSession) -> Sequence[PostKind]:
    """Every kind: there are a dozen."""
    return list((await session.scalars(select(PostKind))).all())


def _wanted(statement: Any, parameters: PostKindListParameters) -> Any:
    if parameters.retired is None:
        return statement
    return statement.where(col(PostKind.retired).is_(parameters.retired))
