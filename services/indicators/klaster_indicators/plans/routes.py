"""Action plans, their items and their sums over HTTP."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_indicators.framework.asked import last_day_of
from klaster_indicators.plans import items, operations
from klaster_indicators.plans.repository import ITEM_ORDER, PLAN_ORDER
from klaster_indicators.plans.schemas import (
    ActionPlanCreate,
    ActionPlanItemCreate,
    ActionPlanItemListParameters,
    ActionPlanItemRead,
    ActionPlanItemUpdate,
    ActionPlanListParameters,
    ActionPlanRead,
    ActionPlanSums,
    ActionPlanSumsParameters,
    ActionPlanUpdate,
)
from klaster_indicators.plans.sums import read_sums
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("plans")
add_record_routes(
    router,
    Noun(
        path="/v1/plans",
        one="plan",
        many="plans",
        titles=("action plans", "an action plan"),
        about="Yearly action plans, September to August, the newest first.",
        shapes=Shapes(
            create=ActionPlanCreate, update=ActionPlanUpdate, read=ActionPlanRead, parameters=ActionPlanListParameters
        ),
        order=PLAN_ORDER,
        rules=Rules(
            page=operations.list_plans,
            count=operations.count_plans,
            get=operations.get_plan,
            create=operations.create_plan,
            change=operations.change_plan,
            delete=operations.delete_plan,
            render=operations.records_of,
        ),
    ),
)
add_record_routes(
    router,
    Noun(
        path="/v1/plan-items",
        one="plan_item",
        many="plan_items",
        titles=("items of action plans", "an item of an action plan"),
        about="What is to be done for the tasks of level D, by the first day.",
        shapes=Shapes(
            create=ActionPlanItemCreate,
            update=ActionPlanItemUpdate,
            read=ActionPlanItemRead,
            parameters=ActionPlanItemListParameters,
        ),
        order=ITEM_ORDER,
        rules=Rules(
            page=items.list_items,
            count=items.count_items,
            get=items.get_item,
            create=items.create_item,
            change=items.change_item,
            delete=items.delete_item,
            render=items.records_of,
        ),
    ),
)


@router.get(
    "/v1/plans/{year:int}/sums",
    operation_id="get_plan_sums",
    summary="The measures of level D: planned and done, by task and unit",
    response_model=ActionPlanSums,
    **operation(role="anonymous", scope="plans:read", problems=(404,)),
)
async def get_plan_sums(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    year: Annotated[int, Path(ge=2006, le=2199, description="The year in which the plan begins", examples=[2026])],
    parameters: Annotated[ActionPlanSumsParameters, Query()],
) -> Response:
    """As of today, or of any day before. Units are never mixed: a task with two of them has two sums."""
    as_of = last_day_of(parameters.as_of, today=today)
    sums = await read_sums(session, year=year, as_of=as_of, parameters=parameters, language=language)
    return conditional_json(request, sums)
