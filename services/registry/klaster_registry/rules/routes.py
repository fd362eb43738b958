"""The report on rules over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.rules import operations
from klaster_registry.rules.schemas import RulesRead
from klaster_shared.access import operation
from klaster_shared.dates import Day
from klaster_shared.dependencies import ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.figure_routes import Calendar
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("rules")


@router.get(
    "/v1/registry/rules",
    summary="Rules: how each is kept, and who breaks it",
    response_model=RulesRead,
    operation_id="list_registry_rules",
    **operation(role="anonymous", scope="rules:read"),
)
async def list_rules(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    code: Annotated[list[str] | None, Query(max_length=100, description="Codes of rules; all where left out")] = None,
    as_of: Annotated[Day | None, Query(description="The day that is looked at; today")] = None,
) -> Response:
    """The strategy's rules and the register's own; each with a link that lists exactly the rows that break it."""
    asked = operations.Asked(
        day=as_of or today, calendar=Calendar(today, request.app.state.settings.zone), language=language
    )
    chosen = operations.chosen_rules(code or [])
    items = [await operations.report(session, rule=rule, asked=asked) for rule in chosen]
    return conditional_json(request, {"items": items})
