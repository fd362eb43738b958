"""Queries on action plans and their items."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_indicators.database import column_of
from klaster_indicators.plans.models import ActionPlan, ActionPlanItem
from klaster_indicators.plans.schemas import ActionPlanItemListParameters, ActionPlanListParameters
from klaster_shared.pagination import Order, after

PLAN_ORDER = (Order("year", column_of(ActionPlan, "year"), descending=True),)
ITEM_ORDER = (
    Order("starts_on", column_of(ActionPlanItem, "starts_on")),
    Order("id", column_of(ActionPlanItem, "id")),
)


async def find_plan(
    session: AsyncSession, *, plan_id: UUID | None = None, year: int | None = None, held: bool = False
) -> ActionPlan | None:
    """A plan by id or year; `held` keeps other writers out until this transaction ends."""
    wanted = col(ActionPlan.id) == plan_id if plan_id is not None else col(ActionPlan.year) == year
    statement = select(ActionPlan).where(wanted)
    return await session.scalar(statement.with_for_update() if held else statement)


async def plans_page(session: AsyncSession, asked: ActionPlanListParameters) -> Sequence[ActionPlan]:
    """One page of plans, the newest first, and one row more where there is more."""
    statement: Any = select(ActionPlan).where(*_of_plans(asked))
    return list((await session.scalars(after(statement, PLAN_ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count_plans(session: AsyncSession, asked: ActionPlanListParameters) -> tuple[int, int]:
    """How many plans there are, and how many of them are demonstration data."""
    return await _count(session, ActionPlan, _of_plans(asked))


async def plans(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, ActionPlan]:
    """These plans by their ids."""
    found = await session.scalars(select(ActionPlan).where(col(ActionPlan.id).in_(set(ids))))
    return {plan.id: plan for plan in found}


async def items_in(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many items these plans have."""
    statement = select(col(ActionPlanItem.plan_id), func.count()).where(col(ActionPlanItem.plan_id).in_(set(ids)))
    rows = (await session.execute(statement.group_by(col(ActionPlanItem.plan_id)))).all()
    return {row[0]: int(row[1]) for row in rows}


async def find_item(session: AsyncSession, item_id: UUID, *, held: bool = False) -> ActionPlanItem | None:
    """One item; `held` keeps other writers out until this transaction ends."""
    statement = select(ActionPlanItem).where(col(ActionPlanItem.id) == item_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def items_page(session: AsyncSession, asked: ActionPlanItemListParameters) -> Sequence[ActionPlanItem]:
    """One page of items by their first day, and one row more where there is more."""
    statement: Any = select(ActionPlanItem).where(*_of_items(asked))
    return list((await session.scalars(after(statement, ITEM_ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count_items(session: AsyncSession, asked: ActionPlanItemListParameters) -> tuple[int, int]:
    """How many items there are, and how many of them are demonstration data."""
    return await _count(session, ActionPlanItem, _of_items(asked))


async def items_of(session: AsyncSession, plan_id: UUID) -> Sequence[ActionPlanItem]:
    """Every item of a plan."""
    statement = select(ActionPlanItem).where(col(ActionPlanItem.plan_id) == plan_id).order_by(col(ActionPlanItem.id))
    return list((await session.scalars(statement)).all())


async def items_of_entity(session: AsyncSession, entity_id: UUID) -> Sequence[ActionPlanItem]:
    """Every item that an entity is responsible for, held until they have changed."""
    own = col(ActionPlanItem.responsible_entity) == entity_id
    statement = select(ActionPlanItem).where(own).order_by(col(ActionPlanItem.id)).with_for_update()
    return list((await session.scalars(statement)).all())


async def remove(session: AsyncSession, table: type[ActionPlan | ActionPlanItem], record_id: UUID) -> None:
    """Remove a plan or an item."""
    await session.execute(delete(table).where(col(table.id) == record_id))


async def _count(session: AsyncSession, table: Any, conditions: Sequence[ColumnElement[bool]]) -> tuple[int, int]:
    demonstration = func.coalesce(func.sum(case((table.demonstration, 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(table).where(*conditions)
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


def _among(table: Any, lists: Sequence[tuple[Any, Sequence[Any]]], demonstration: bool | None) -> list[Any]:
    found = [column.in_(values) for column, values in lists if values]
    return found if demonstration is None else [*found, table.demonstration.is_(demonstration)]


def _of_plans(asked: ActionPlanListParameters) -> list[ColumnElement[bool]]:
    table: Any = ActionPlan
    lists: list[tuple[Any, Sequence[Any]]] = [
        (table.year, asked.year),
        (table.state, asked.state),
        (table.edition, asked.edition),
    ]
    return _among(table, lists, asked.demonstration)


def _of_items(asked: ActionPlanItemListParameters) -> list[ColumnElement[bool]]:
    table: Any = ActionPlanItem
    lists: list[tuple[Any, Sequence[Any]]] = [
        (table.task, asked.task),
        (table.state, asked.state),
        (table.responsible_entity, asked.entity),
        (table.responsible_sig, asked.sig),
    ]
    found = _among(table, lists, asked.demonstration)
    if asked.plan:
        found.append(table.plan_id.in_(select(col(ActionPlan.id)).where(col(ActionPlan.year).in_(asked.plan))))
    return found
