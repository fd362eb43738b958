"""Queries on event types."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import by
from klaster_events.event_types.models import EventType
from klaster_events.event_types.schemas import EventTypeListParameters
from klaster_shared.pagination import after

ORDER = (by("code", col(EventType.code)),)


async def find_type(session: AsyncSession, code: str, *, held: bool = False) -> EventType | None:
    """One type; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(EventType, code, with_for_update=held or None, populate_existing=held)


async def types_page(session: AsyncSession, parameters: EventTypeListParameters) -> Sequence[EventType]:
    """One page, and one row more where there is more."""
    statement = after(_wanted(select(EventType), parameters), ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_types(session: AsyncSession, parameters: EventTypeListParameters) -> int:
    """How many types the filters leave."""
    statement = _wanted(select(func.count()).select_from(EventType), parameters)
    return int(await session.scalar(statement) or 0)


async def counts_by_code(session: AsyncSession) -> dict[str, list[str]]:
    """What every type counts as, retired ones too: what was counted stays counted."""
    statement = select(col(EventType.code), col(EventType.counts_as))
    return dict((await session.execute(statement)).all())


async def labels_by_code(session: AsyncSession) -> dict[str, tuple[str, str]]:
    """The names of every type: there are a dozen."""
    statement = select(col(EventType.code), col(EventType.name_pl), col(EventType.name_en))
    return {code: (pl, en) for code, pl, en in (await session.execute(statement)).all()}


def _wanted(statement: Any, parameters: EventTypeListParameters) -> Any:
    if parameters.retired is None:
        return statement
    return statement.where(col(EventType.retired).is_(parameters.retired))
