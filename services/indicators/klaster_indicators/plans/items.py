"""Rules of a plan's items: their task is the edition's, their days are the plan's, quantities have a unit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.plans import repository
from klaster_indicators.plans.errors import PlanItemNotFound
from klaster_indicators.plans.models import ActionPlan, ActionPlanItem
from klaster_indicators.plans.operations import days_of, open_plan, tasks_of
from klaster_indicators.plans.schemas import (
    ActionPlanItemCreate,
    ActionPlanItemListParameters,
    ActionPlanItemUpdate,
)
from klaster_indicators.units.operations import require_unit
from klaster_shared.changes import Kind, record_change
from klaster_shared.decimals import as_number
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text

COLLECTION = "plan_items"
_RESPONSIBLE = ("entity", "name", "sig", "text")
_OWN_NAMES = {"from_": "starts_on", "to": "ends_on"}


async def list_items(
    session: AsyncSession, *, parameters: ActionPlanItemListParameters, today: date
) -> Sequence[ActionPlanItem]:
    """One page, and one row more where there is more."""
    return await repository.items_page(session, parameters)


async def count_items(
    session: AsyncSession, *, parameters: ActionPlanItemListParameters, today: date
) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count_items(session, parameters)


async def get_item(session: AsyncSession, *, record_id: UUID, held: bool = False) -> ActionPlanItem:
    """One item (`held` where it is to be changed); raises PlanItemNotFound."""
    found = await repository.find_item(session, record_id, held=held)
    if found is None:
        raise PlanItemNotFound(f"There is no item {record_id} of an action plan")
    return found


async def create_item(session: AsyncSession, *, given: ActionPlanItemCreate, now: datetime) -> ActionPlanItem:
    """Add an item to the plan of a year; raises PlanClosed, Invalid (plan, task, days, unit or lack of one)."""
    plan = await open_plan(session, year=given.plan)
    await require_unit(session, code=given.unit)
    stated = given.model_dump(mode="python", exclude={"plan"})
    item = ActionPlanItem(id=new_id(), plan_id=plan.id, **_columns(stated), version=1, created_at=now, updated_at=now)
    await _check(session, plan, item)
    session.add(item)
    await session.flush()
    await _note(session, item, "created")
    return item


async def change_item(
    session: AsyncSession, *, record: ActionPlanItem, given: ActionPlanItemUpdate, now: datetime
) -> ActionPlanItem:
    """Merge a change into an item that is held; raises as create_item does. A change of nothing changes nothing."""
    plan = await open_plan(session, record_id=record.plan_id)
    unit: Any = given.unit
    if "unit" in given.model_fields_set and unit != record.unit:
        await require_unit(session, code=unit)
    [before] = await records_of(session, records=[record])
    for name, value in _columns(given.model_dump(mode="python", include=given.model_fields_set)).items():
        setattr(record, name, value)
    await _check(session, plan, record)
    [after] = await records_of(session, records=[record])
    changed = [name for name, value in after.items() if before[name] != value]
    if changed:
        record.version += 1
        record.updated_at = now
        await _note(session, record, "updated", changed)
    return record


async def point_to_survivor(session: AsyncSession, *, merged: UUID, survivor: UUID, now: datetime) -> int:
    """Name the survivor where an entity was named that was merged into it, also in closed plans; how many items."""
    items = await repository.items_of_entity(session, merged)
    for item in items:
        item.responsible_entity = survivor
        item.version += 1
        item.updated_at = now
        await session.flush()
        await _note(session, item, "updated", ["responsible"])
    return len(items)


async def delete_item(session: AsyncSession, *, record: ActionPlanItem) -> None:
    """Remove an item; the feed keeps a tombstone. Raises PlanClosed."""
    await open_plan(session, record_id=record.plan_id)
    await repository.remove(session, ActionPlanItem, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)


def _columns(stated: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in stated.items():
        if name == "title":
            columns |= {"title_pl": value["pl"], "title_en": value["en"]}
        elif name == "responsible":
            columns |= {f"responsible_{one}": value[one] if value else None for one in _RESPONSIBLE}
        elif name in {"done", "resources"}:
            columns[name] = [{key: _kept(one) for key, one in part.items()} for part in value]
        else:
            columns[_OWN_NAMES.get(name, name)] = value
    return columns


def _kept(value: Any) -> Any:
    """Numbers and days as text: what comes back is to the last digit what came in."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


async def _check(session: AsyncSession, plan: ActionPlan, item: ActionPlanItem) -> None:
    _check_days(plan, item)
    if item.unit is None and (item.planned is not None or item.done):
        raise Invalid.field("/unit", "unit_missing", "A quantity needs a unit")
    if item.task not in await tasks_of(session, edition=plan.edition):
        raise Invalid.field("/task", "unknown_task", f"{plan.edition} has no task or service {item.task}")


def _check_days(plan: ActionPlan, item: ActionPlanItem) -> None:
    first, last = days_of(plan.year)
    if item.ends_on < item.starts_on:
        raise Invalid.field("/to", "wrong_order", "An item does not end before it begins")
    if item.starts_on < first:
        raise Invalid.field("/from", "outside_plan", f"The plan begins on {first}")
    if item.ends_on > last:
        raise Invalid.field("/to", "outside_plan", f"The plan ends on {last}")
    for index, entry in enumerate(item.done):
        if not first <= date.fromisoformat(entry["on"]) <= last:
            detail = f"What is done in this plan is done from {first} to {last}"
            raise Invalid.field(f"/done/{index}/on", "outside_plan", detail)


def quantity_done(item: ActionPlanItem, *, day: date | None) -> Decimal | None:
    """What was done by the end of a day, or ever; None where it is not counted in a unit."""
    if item.unit is None:
        return None
    entries = [one for one in item.done if day is None or date.fromisoformat(one["on"]) <= day]
    return sum((Decimal(one["quantity"]) for one in entries), Decimal(0))


async def records_of(
    session: AsyncSession, *, records: Sequence[ActionPlanItem], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Items as they are written in answers: one query more, and two for every edition among them."""
    plans = await repository.plans(session, [item.plan_id for item in records])
    tasks = {edition: await tasks_of(session, edition=edition) for edition in {plan.edition for plan in plans.values()}}
    return [_record(item, plans[item.plan_id], tasks, day, language) for item in records]


def task_record(code: str, tasks: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A task by name; without one where the edition no longer has it."""
    task = tasks.get(code)
    name = label_text(task.name_pl, task.name_en, language) if task else None
    return {"code": code, "name": name, "path": task.path if task else None}


def _record(
    item: ActionPlanItem, plan: ActionPlan, tasks: Mapping[str, Any], day: date | None, language: Language
) -> dict[str, Any]:
    named = {one: getattr(item, f"responsible_{one}") for one in _RESPONSIBLE}
    return {
        "id": item.id,
        "plan": plan.year,
        "task": task_record(item.task, tasks[plan.edition], language),
        "title": label_text(item.title_pl, item.title_en, language),
        "responsible": named if any(named.values()) else None,
        "from": item.starts_on,
        "to": item.ends_on,
        "state": item.state,
        "unit": item.unit,
        "planned": _number(item.planned),
        "done": [{**one, "quantity": _number(Decimal(one["quantity"]))} for one in item.done],
        "quantity_done": _number(quantity_done(item, day=day)),
        "resources": [
            {**one, "amount": _number(Decimal(one["amount"]) if one["amount"] is not None else None)}
            for one in item.resources
        ],
        "note": item.note,
        "demonstration": item.demonstration,
        "version": item.version,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else as_number(value)


async def _note(session: AsyncSession, item: ActionPlanItem, kind: Kind, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[item])
    record_change(session, kind=kind, collection=COLLECTION, id=item.id, changed=changed, record=record)
