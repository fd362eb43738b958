"""Queries on kinds, whichever table holds them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import by
from klaster_events.kinds.base import Kind
from klaster_events.kinds.schemas import KindListParameters
from klaster_shared.pagination import Order, after

AnyKind = TypeVar("AnyKind", bound=Kind)


def order_of(model: type[Kind]) -> tuple[Order, ...]:
    """Kinds are listed by code."""
    return (by("code", col(model.code)),)


async def find_kind(session: AsyncSession, model: type[AnyKind], code: str, *, held: bool = False) -> AnyKind | None:
    """One kind; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(model, code, with_for_update=held or None, populate_existing=held)


async def kinds_page(session: AsyncSession, model: type[AnyKind], parameters: KindListParameters) -> Sequence[AnyKind]:
    """One page, and one row more where there is more."""
    statement = after(_wanted(select(model), model, parameters), order_of(model), parameters.cursor)
    return list((await session.scalars(statement.limit(parameters.limit + 1))).all())


async def count_kinds(session: AsyncSession, model: type[Kind], parameters: KindListParameters) -> int:
    """How many the filters leave."""
    statement = _wanted(select(func.count()).select_from(model), model, parameters)
    return int(await session.scalar(statement) or 0)


async def all_kinds(session: AsyncSession, model: type[AnyKind]) -> Sequence[AnyKind]:
    """Every kind, retired ones too: there are a dozen."""
    return list((await session.scalars(select(model))).all())


def _wanted(statement: Any, model: type[Kind], parameters: KindListParameters) -> Any:
    if parameters.retired is None:
        return statement
    return statement.where(col(model.retired).is_(parameters.retired))
