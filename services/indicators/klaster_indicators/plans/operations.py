"""Rules of action plans: one a year, its tasks those of an edition; closed ones are not written in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework.operations import find_edition, read_tasks
from klaster_indicators.plans import repository
from klaster_indicators.plans.errors import PlanClosed, PlanExists, PlanInUse, PlanNotFound, PlanStep
from klaster_indicators.plans.models import ActionPlan
from klaster_indicators.plans.schemas import ActionPlanCreate, ActionPlanListParameters, ActionPlanUpdate
from klaster_shared.changes import Kind, record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text

COLLECTION = "plans"
_STEPS = {("draft", "adopted"), ("adopted", "closed"), ("closed", "adopted")}


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of a plan's year."""
    return date(year, 9, 1), date(year + 1, 8, 31)


async def list_plans(
    session: AsyncSession, *, parameters: ActionPlanListParameters, today: date
) -> Sequence[ActionPlan]:
    """One page, and one row more where there is more."""
    return await repository.plans_page(session, parameters)


async def count_plans(session: AsyncSession, *, parameters: ActionPlanListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count_plans(session, parameters)


async def get_plan(session: AsyncSession, *, record_id: UUID, held: bool = False) -> ActionPlan:
    """One plan (`held` where it is to be changed); raises PlanNotFound."""
    found = await repository.find_plan(session, plan_id=record_id, held=held)
    if found is None:
        raise PlanNotFound(f"There is no action plan {record_id}")
    return found


async def plan_of_year(session: AsyncSession, *, year: int) -> ActionPlan:
    """The plan of a year; raises PlanNotFound."""
    found = await repository.find_plan(session, year=year)
    if found is None:
        raise PlanNotFound(f"There is no action plan of {year}")
    return found


async def open_plan(session: AsyncSession, *, record_id: UUID | None = None, year: int | None = None) -> ActionPlan:
    """A plan whose items are about to change, held until they have; raises Invalid (no such year), PlanClosed."""
    found = await repository.find_plan(session, plan_id=record_id, year=year, held=True)
    if found is None:
        raise Invalid.field("/plan", "unknown_plan", f"There is no action plan of {year}")
    if found.state == "closed":
        raise PlanClosed(f"The plan of {found.year} is closed: open it again to change its items")
    return found


async def tasks_of(session: AsyncSession, *, edition: str) -> dict[str, Any]:
    """The tasks and services of an edition by their codes; raises EditionNotFound."""
    found = await find_edition(session, code=edition)
    return {task.code: task for task in await read_tasks(session, edition=found)}


async def create_plan(session: AsyncSession, *, given: ActionPlanCreate, now: datetime) -> ActionPlan:
    """Begin the plan of a year; raises EditionNotFound, PlanExists."""
    await find_edition(session, code=given.edition)
    taken = await repository.find_plan(session, year=given.year)
    if taken is not None:
        raise PlanExists(f"There is a plan of {given.year} already", existing=str(taken.id))
    plan = ActionPlan(
        id=new_id(),
        year=given.year,
        title_pl=given.title.pl,
        title_en=given.title.en,
        state="draft",
        edition=given.edition,
        note=given.note,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(plan)
    await session.flush()
    await _note(session, plan, "created")
    return plan


async def change_plan(
    session: AsyncSession, *, record: ActionPlan, given: ActionPlanUpdate, now: datetime
) -> ActionPlan:
    """Merge a change into a plan that is held; raises EditionNotFound, PlanStep, or Invalid (items without a task)."""
    said = given.model_dump(exclude_unset=True)
    if "title" in said:
        title = said.pop("title")
        said |= {"title_pl": title["pl"], "title_en": title["en"]}
    changed = [name for name, value in said.items() if getattr(record, name) != value]
    if "state" in changed and (record.state, said["state"]) not in _STEPS:
        raise PlanStep(f"A plan that is {record.state} cannot become {said['state']}")
    if "edition" in changed:
        await _check_tasks(session, record, said["edition"])
    for name in changed:
        setattr(record, name, said[name])
    if changed:
        record.version += 1
        record.updated_at = now
        await _note(session, record, "updated", [name.partition("_")[0] for name in changed])
    return record


async def _check_tasks(session: AsyncSession, plan: ActionPlan, edition: str) -> None:
    known = await tasks_of(session, edition=edition)
    lost = sorted({item.task for item in await repository.items_of(session, plan.id)} - known.keys())
    if lost:
        raise Invalid.field("/edition", "unknown_task", f"{edition} has no task {', '.join(lost)}")


async def delete_plan(session: AsyncSession, *, record: ActionPlan) -> None:
    """Remove a plan that has no items; raises PlanInUse."""
    if (await repository.items_in(session, [record.id])).get(record.id):
        raise PlanInUse(f"The plan of {record.year} has items: delete them first, or close the plan")
    await repository.remove(session, ActionPlan, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)


async def records_of(
    session: AsyncSession, *, records: Sequence[ActionPlan], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Plans as they are written in answers: one query more, however many there are."""
    counts = await repository.items_in(session, [plan.id for plan in records])
    return [_record(plan, counts, language) for plan in records]


def _record(plan: ActionPlan, counts: Mapping[UUID, int], language: Language) -> dict[str, Any]:
    first, last = days_of(plan.year)
    return {
        "id": plan.id,
        "year": plan.year,
        "from": first,
        "to": last,
        "title": label_text(plan.title_pl, plan.title_en, language),
        "state": plan.state,
        "edition": plan.edition,
        "items": counts.get(plan.id, 0),
        "note": plan.note,
        "demonstration": plan.demonstration,
        "version": plan.version,
        "created_at": plan.created_at,
        "updated_at": plan.updated_at,
    }


async def _note(session: AsyncSession, plan: ActionPlan, kind: Kind, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[plan])
    record_change(
        session, kind=kind, collection=COLLECTION, id=plan.id, changed=list(dict.fromkeys(changed)), record=record
    )
