"""Figures over HTTP."""

from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.figures import operations
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today
from klaster_shared.etags import conditional_json
from klaster_shared.figures import FiguresRead, check_dates
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("figures")
DEFINITIONS = operations.load_figures(Path(__file__).with_name("figures.yaml"))


@router.get(
    "/v1/events/figures",
    summary="Live figures of events",
    response_model=FiguresRead,
    operation_id="list_events_figures",
    **operation(role="anonymous", scope="figures:read"),
)
async def list_figures(
    request: Request,
    session: ReadSession,
    zone: ClusterZone,
    today: Today,
    now: Now,
    language: ChosenLanguage,
    name: Annotated[list[str] | None, Query(max_length=100, description="Names of figures; all where left out")] = None,
    as_of: Annotated[date | None, Query(description="The day that point figures hold for")] = None,
    from_: Annotated[date | None, Query(alias="from", description="First day of the period of flows")] = None,
    to: Annotated[date | None, Query(description="Last day of the period of flows")] = None,
) -> Response:
    """Each with a link that lists exactly the rows counted; links that list people open for the office alone."""
    check_dates(as_of, from_, to)
    found = await operations.figures(
        session,
        definitions=DEFINITIONS,
        names=name or [],
        as_of=as_of,
        from_=from_,
        to=to,
        today=today,
        now=now,
        zone=zone,
        language=language,
    )
    return conditional_json(request, FiguresRead(items=found).model_dump(by_alias=True))
