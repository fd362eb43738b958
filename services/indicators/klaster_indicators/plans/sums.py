"""What a plan's items come to, by task and unit: the measures of level D."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.plans import repository
from klaster_indicators.plans.items import quantity_done, task_record
from klaster_indicators.plans.models import ActionPlanItem
from klaster_indicators.plans.operations import plan_of_year, tasks_of
from klaster_indicators.plans.schemas import ActionPlanSum, ActionPlanSums, ActionPlanSumsParameters, ActionPlanTask
from klaster_shared.labels import Language


async def read_sums(
    session: AsyncSession, *, year: int, as_of: date, parameters: ActionPlanSumsParameters, language: Language
) -> ActionPlanSums:
    """Planned and done by the end of a day, task by task; one task with two units stands there twice.

    What was planned is what the plan says now. Raises PlanNotFound.
    """
    plan = await plan_of_year(session, year=year)
    tasks = await tasks_of(session, edition=plan.edition)
    groups: dict[tuple[str, str], list[ActionPlanItem]] = defaultdict(list)
    for item in await repository.items_of(session, plan.id):
        if _wanted(item.task, tasks, parameters):
            groups[item.task, item.unit or ""].append(item)
    planned = {task for task, _ in groups}
    return ActionPlanSums(
        plan=plan.year,
        edition=plan.edition,
        as_of=as_of,
        items=[_sum(items, tasks, as_of, language) for _, items in sorted(groups.items(), key=lambda one: one[0])],
        without_items=[code for code in sorted(tasks) if code not in planned and _wanted(code, tasks, parameters)],
    )


def _wanted(code: str, tasks: Mapping[str, Any], parameters: ActionPlanSumsParameters) -> bool:
    path = tasks[code].path if code in tasks else None
    return (not parameters.task or code in parameters.task) and (not parameters.path or path in parameters.path)


def _sum(items: Sequence[ActionPlanItem], tasks: Mapping[str, Any], as_of: date, language: Language) -> ActionPlanSum:
    first = items[0]
    counted = first.unit is not None
    standing = [item for item in items if item.state != "cancelled"]
    planned = [item.planned for item in standing if item.planned is not None]
    # What was done before an item was cancelled was done.
    done = [quantity_done(item, day=as_of) or Decimal(0) for item in items]
    return ActionPlanSum(
        task=ActionPlanTask(**task_record(first.task, tasks, language)),
        unit=first.unit,
        planned=sum(planned, Decimal(0)) if counted else None,
        done=sum(done, Decimal(0)) if counted else None,
        items=len(standing),
        without_quantity=len(standing) - len(planned) if counted else 0,
        cancelled=len(items) - len(standing),
        demonstration=sum(item.demonstration for item in items),
    )
