"""Questions of the survey over HTTP."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_registry.survey_questions import operations
from klaster_registry.survey_questions.repository import ORDER
from klaster_registry.survey_questions.schemas import (
    QuestionCreate,
    QuestionListParameters,
    QuestionRead,
    QuestionUpdate,
)
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
QuestionCode = Annotated[str, Path(max_length=60, examples=["sales"])]


@router.get(
    "/v1/survey-questions",
    operation_id="list_survey_questions",
    summary="List the questions of the survey",
    response_model=Page[QuestionRead],
    **operation(role="anonymous", scope="surveys:read"),
)
async def list_questions(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    parameters: Annotated[QuestionListParameters, Query()],
) -> Response:
    """Questions in their order; retired ones too, marked so."""
    rows = await operations.list_questions(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.position, row.code))
    total = await operations.count_questions(session, parameters=parameters) if parameters.count else None
    items = [operations.record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/survey-questions",
    operation_id="create_survey_question",
    summary="Add a question to the survey",
    status_code=201,
    response_model=QuestionRead,
    **operation(role="office", scope="surveys:write", problems=(409,)),
)
async def create_question(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: QuestionCreate
) -> Response:
    """Its code and unit stay for ever; it can be retired later."""
    question = await operations.create_question(session, given=given, now=now)
    return conditional_json(
        request,
        operations.record_of(question, language),
        etag=record_etag(question.version, language),
        headers={"Location": f"/v1/survey-questions/{question.code}"},
        status=201,
    )


@router.get(
    "/v1/survey-questions/{code}",
    operation_id="get_survey_question",
    summary="Read a question of the survey",
    response_model=QuestionRead,
    **operation(role="anonymous", scope="surveys:read", problems=(404,)),
)
async def get_question(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    code: QuestionCode,
    known_at: KnownAt = None,
) -> Response:
    """One question with its unit; `known_at` asks what we had recorded at an instant."""
    if known_at is not None:
        log = request.app.state.metadata.tables[TABLE]
        found = await known_record(
            session, log, collection=operations.COLLECTION, record_id=code, at=known_at, role=principal.role
        )
        return conditional_json(request, in_language(found, language))
    question = await operations.get_question(session, code=code)
    return conditional_json(
        request, operations.record_of(question, language), etag=record_etag(question.version, language)
    )


@router.get(
    "/v1/survey-questions/{code}/history",
    operation_id="list_survey_question_history",
    summary="Who changed what in a question of the survey",
    response_model=RevisionsPage,
    **operation(role="anonymous", scope="surveys:read", problems=(404,)),
)
async def list_history(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    code: QuestionCode,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Newest first. Who it was, the office alone is told."""
    log = request.app.state.metadata.tables[TABLE]
    items, cursor = await revisions_page(
        session, log, collection=operations.COLLECTION, record_id=code, role=principal.role, asked=parameters
    )
    return page_answer(request, items, cursor=cursor, total=None, public=False)


@router.patch(
    "/v1/survey-questions/{code}",
    operation_id="update_survey_question",
    summary="Change or retire a question of the survey",
    response_model=QuestionRead,
    **operation(role="office", scope="surveys:write", problems=(404, 412, 428)),
)
async def update_question(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    code: QuestionCode,
    given: QuestionUpdate,
) -> Response:
    """Merge the change into the record. What was answered stays, and stays counted."""
    question = await operations.get_question(session, code=code, held=True)
    require_match(request, question.version)
    question = await operations.change_question(session, question=question, given=given, now=now)
    return conditional_json(
        request, operations.record_of(question, language), etag=record_etag(question.version, language)
    )
