"""Queries on results on show, on their views and on who asked for a contact."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, by, upsert
from klaster_events.showcase.filters import Asked, conditions, on_show
from klaster_events.showcase.models import ShowcaseContact, ShowcaseItem, ShowcaseView
from klaster_shared.pagination import PageParameters, after

ORDER = (
    replace(by("shown_from", col(ShowcaseItem.shown_from)), descending=True),
    replace(by("id", col(ShowcaseItem.id)), descending=True),
)
CONTACT_ORDER = (
    replace(by("created_at", col(ShowcaseContact.created_at)), descending=True),
    replace(by("id", col(ShowcaseContact.id)), descending=True),
)


async def find_item(session: AsyncSession, item_id: UUID, *, held: bool = False) -> ShowcaseItem | None:
    """One result; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(ShowcaseItem, item_id, with_for_update=held or None, populate_existing=held)


async def is_known(session: AsyncSession, source: str, source_key: str) -> bool:
    """Whether a result came from a source under a key."""
    statement = select(col(ShowcaseItem.id)).where(
        col(ShowcaseItem.source) == source, col(ShowcaseItem.source_key) == source_key
    )
    return await session.scalar(statement) is not None


async def items_page(session: AsyncSession, asked: Asked) -> Sequence[ShowcaseItem]:
    """One page, the newest first, and one row more where there is more."""
    statement: Any = select(ShowcaseItem).where(*conditions(asked))
    statement = after(statement, ORDER, asked.parameters.cursor).limit(asked.parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_items(session: AsyncSession, asked: Asked) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    marked = func.coalesce(func.sum(case((col(ShowcaseItem.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), marked).select_from(ShowcaseItem).where(*conditions(asked))
    total, demonstration = (await session.execute(statement)).one()
    return int(total), int(demonstration)


async def delete_item(session: AsyncSession, item_id: UUID) -> None:
    """Remove a result."""
    await session.execute(delete(ShowcaseItem).where(col(ShowcaseItem.id) == item_id).execution_options(**AS_WRITTEN))


async def shown_among(session: AsyncSession, ids: Collection[UUID], day: date) -> set[UUID]:
    """Which of these are on show on a day."""
    statement = select(col(ShowcaseItem.id)).where(col(ShowcaseItem.id).in_(ids), on_show(day))
    return set((await session.scalars(statement)).all())


async def add_views(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add to what was counted on a day; rows are distinct, and in one order for all."""
    if not rows:
        return
    statement = upsert(session, "showcase_views")
    more = {"views": statement.table.c.views + statement.excluded.views}
    await session.execute(statement.on_conflict_do_update(index_elements=["item_id", "day"], set_=more), list(rows))


async def views_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """How often these were looked at."""
    if not ids:
        return {}
    statement = select(col(ShowcaseView.item_id), func.sum(col(ShowcaseView.views)))
    statement = statement.where(col(ShowcaseView.item_id).in_(ids)).group_by(col(ShowcaseView.item_id))
    return {item_id: int(views) for item_id, views in (await session.execute(statement)).all()}


async def contacts_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many entities asked for a contact about these."""
    if not ids:
        return {}
    statement = select(col(ShowcaseContact.item_id), func.count())
    statement = statement.where(col(ShowcaseContact.item_id).in_(ids)).group_by(col(ShowcaseContact.item_id))
    return {item_id: int(count) for item_id, count in (await session.execute(statement)).all()}


async def has_asked(session: AsyncSession, item_id: UUID, entity_ids: Collection[UUID]) -> bool:
    """Whether an entity, under any of its ids, has asked for a contact about a result."""
    statement = select(col(ShowcaseContact.id)).where(
        col(ShowcaseContact.item_id) == item_id, col(ShowcaseContact.entity_id).in_(entity_ids)
    )
    return await session.scalar(statement.limit(1)) is not None


async def contacts_page(session: AsyncSession, item_id: UUID, parameters: PageParameters) -> Sequence[ShowcaseContact]:
    """Who asked about a result, the last first, and one row more where there is more."""
    statement: Any = select(ShowcaseContact).where(col(ShowcaseContact.item_id) == item_id)
    statement = after(statement, CONTACT_ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def drop_messages(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what these people wrote."""
    statement = update(ShowcaseContact).where(col(ShowcaseContact.person_id).in_(people)).values(message=None)
    await session.execute(statement.execution_options(**AS_WRITTEN))
