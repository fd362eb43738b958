"""Paths over HTTP."""

from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response

from klaster_indicators.framework.dependencies import AskedEditionNow
from klaster_indicators.paths import operations, reads
from klaster_indicators.paths.schemas import PathPage, PathsRead
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("paths")


@router.get(
    "/v1/paths",
    operation_id="list_paths",
    summary="The development paths with their visions",
    response_model=PathsRead,
    **operation(role="anonymous", scope="strategy:read", problems=(404,)),
)
async def list_paths(
    request: Request, session: ReadSession, language: ChosenLanguage, asked: AskedEditionNow
) -> Response:
    """In the strategy's order. Before a strategy is adopted the list is empty."""
    paths = await operations.list_paths(session, asked=asked)
    return conditional_json(request, PathsRead(items=[reads.path_read(path, language) for path in paths]))


@router.get(
    "/v1/paths/{code}",
    operation_id="get_path",
    summary="A path as people read it",
    response_model=PathPage,
    **operation(role="anonymous", scope="strategy:read", problems=(404,)),
)
async def get_path(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    code: Annotated[str, Path(max_length=60, description="Code or number of a path", examples=["entities", "1"])],
    asked: AskedEditionNow,
) -> Response:
    """Vision, effects, their indicators, programmes with their goals, tasks and services."""
    facts = await operations.read_path(session, code=code, asked=asked)
    return conditional_json(request, reads.path_page(facts, language))
