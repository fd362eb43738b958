"""Surveys over HTTP."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_registry.surveys import operations
from klaster_registry.surveys.repository import ORDER
from klaster_registry.surveys.schemas import SurveyCreate, SurveyListParameters, SurveyRead, SurveyUpdate
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.history import KnownAt, RevisionsPage, in_language, known_record, revisions_page
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("surveys")
YearInPath = Annotated[int, Path(ge=1900, le=2200, description="The calendar year asked about", examples=[2025])]


@router.get(
    "/v1/surveys",
    operation_id="list_surveys",
    summary="List surveys",
    response_model=Page[SurveyRead],
    **operation(role="anonymous", scope="surveys:read"),
)
async def list_surveys(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    parameters: Annotated[SurveyListParameters, Query()],
) -> Response:
    """Surveys year by year."""
    rows = await operations.list_surveys(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.year,))
    total = await operations.count_surveys(session, parameters=parameters) if parameters.count else None
    items = [operations.record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/surveys",
    operation_id="create_survey",
    summary="Begin the survey of a year",
    status_code=201,
    response_model=SurveyRead,
    **operation(role="office", scope="surveys:write", problems=(409,)),
)
async def create_survey(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: SurveyCreate
) -> Response:
    """While it is open, partners answer for themselves."""
    survey = await operations.create_survey(session, given=given, now=now)
    return conditional_json(
        request,
        operations.record_of(survey, language),
        etag=record_etag(survey.version, language),
        headers={"Location": f"/v1/surveys/{survey.year}"},
        status=201,
    )


@router.get(
    "/v1/surveys/{year}",
    operation_id="get_survey",
    summary="Read the survey of a year",
    response_model=SurveyRead,
    **operation(role="anonymous", scope="surveys:read", problems=(404,)),
)
async def get_survey(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    year: YearInPath,
    known_at: KnownAt = None,
) -> Response:
    """Whether it is open, and until when partners are asked; `known_at` asks what we had recorded at an instant."""
    if known_at is not None:
        log = request.app.state.metadata.tables[TABLE]
        found = await known_record(
            session, log, collection=operations.COLLECTION, record_id=str(year), at=known_at, role=principal.role
        )
        return conditional_json(request, in_language(found, language))
    survey = await operations.get_survey(session, year=year)
    return conditional_json(request, operations.record_of(survey, language), etag=record_etag(survey.version, language))


@router.get(
    "/v1/surveys/{year}/history",
    operation_id="list_survey_history",
    summary="Who changed what in the survey of a year",
    response_model=RevisionsPage,
    **operation(role="anonymous", scope="surveys:read", problems=(404,)),
)
async def list_history(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    year: YearInPath,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Newest first. Who it was, the office alone is told."""
    log = request.app.state.metadata.tables[TABLE]
    items, cursor = await revisions_page(
        session, log, collection=operations.COLLECTION, record_id=str(year), role=principal.role, asked=parameters
    )
    return page_answer(request, items, cursor=cursor, total=None, public=False)


@router.patch(
    "/v1/surveys/{year}",
    operation_id="update_survey",
    summary="Open or close the survey of a year, or move its deadline",
    response_model=SurveyRead,
    **operation(role="office", scope="surveys:write", problems=(404, 412, 428)),
)
async def update_survey(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, year: YearInPath, given: SurveyUpdate
) -> Response:
    """Once it is closed, only the office writes answers."""
    survey = await operations.get_survey(session, year=year, held=True)
    require_match(request, survey.version)
    survey = await operations.change_survey(session, survey=survey, given=given, now=now)
    return conditional_json(request, operations.record_of(survey, language), etag=record_etag(survey.version, language))


@router.delete(
    "/v1/surveys/{year}",
    operation_id="delete_survey",
    summary="Delete a survey that nobody answered",
    status_code=204,
    **operation(role="office", scope="surveys:write", problems=(404, 409, 412, 428)),
)
async def delete_survey(request: Request, session: WriteSession, year: YearInPath) -> Response:
    """One that was answered stays (409)."""
    survey = await operations.get_survey(session, year=year, held=True)
    require_match(request, survey.version)
    await operations.delete_survey(session, survey=survey)
    return Response(status_code=204)
