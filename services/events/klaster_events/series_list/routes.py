"""The list of series over HTTP."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.series.operations import record_of
from klaster_events.series.schemas import SeriesRead
from klaster_events.series_list import operations
from klaster_events.series_list.filters import SeriesListParameters
from klaster_events.series_list.repository import ORDER
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import ReadSession
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("series")


@router.get(
    "/v1/series",
    summary="List series of events",
    response_model=Page[SeriesRead],
    **operation(role="anonymous", scope="series:read"),
)
async def list_series(
    request: Request,
    session: ReadSession,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[SeriesListParameters, Query()],
) -> Response:
    """Series by code: those that run on a day, or had a completed event in a period."""
    rows = await operations.list_series(session, parameters=parameters, zone=zone)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.code,))
    total = None
    if parameters.count:
        total, _ = await operations.count_series(session, parameters=parameters, zone=zone)
    items = [record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total)
