"""Answers over HTTP: an entity's own for its partner, all of them for the office, sums for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.survey_answers import operations
from klaster_registry.survey_answers.operations import Sender
from klaster_registry.survey_answers.repository import ORDER, VALUE_ORDER
from klaster_registry.survey_answers.schemas import (
    AnswerIn,
    AnswerListParameters,
    AnswerRead,
    SumsRead,
    ValueListParameters,
    ValueRead,
)
from klaster_registry.surveys import operations as surveys
from klaster_registry.surveys.routes import YearInPath
from klaster_shared.access import Principal, entity_of, may, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.errors import Forbidden, PreconditionFailed
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.history import KnownAt, known_record
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.records import add_history_route
from klaster_shared.routing import api_router

router = api_router("surveys")
_ANSWER = "/v1/surveys/{year}/answers/{entity_id:uuid}"


async def _sender(session: AsyncSession, principal: Principal, entity_id: UUID) -> Sender:
    """Whose answer this is; raises Forbidden where a partner speaks for somebody else. Merges are followed."""
    entity = await entities.resolve(session, reference=str(entity_id))
    office = may(principal.role, "office")
    if not office and await _own(session, principal) != entity:
        raise Forbidden("A partner answers for its own entity alone")
    return Sender(entity=entity, office=office)


async def _own(session: AsyncSession, principal: Principal) -> UUID:
    return await entities.resolve(session, reference=str(entity_of(principal)))


@router.get(
    "/v1/surveys/{year}/answers",
    operation_id="list_survey_answers_of_year",
    summary="List the answers to a year's survey",
    response_model=Page[AnswerRead],
    **operation(role="partner", scope="surveys:read", problems=(404,)),
)
async def list_answers(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    year: YearInPath,
    parameters: Annotated[AnswerListParameters, Query()],
) -> Response:
    """All of them for the office; a partner sees its own and no other."""
    await surveys.get_survey(session, year=year)
    if not may(principal.role, "office"):
        own = await _own(session, principal)
        if parameters.entity and parameters.entity != [own]:
            raise Forbidden("A partner sees its own answers alone")
        parameters = parameters.model_copy(update={"entity": [own]})
    rows = await operations.list_answers(session, year=year, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.entity_id,))
    total = await operations.count_answers(session, year=year, parameters=parameters) if parameters.count else None
    items = await operations.records_of(session, answers=rows[: parameters.limit])
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.get(
    _ANSWER,
    operation_id="get_survey_answer",
    summary="Read what an entity answered",
    response_model=AnswerRead,
    **operation(role="partner", scope="surveys:read", problems=(404,)),
)
async def get_answer(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    year: YearInPath,
    entity_id: UUID,
    known_at: KnownAt = None,
) -> Response:
    """For the entity itself and the office; `known_at` asks what we had recorded at an instant."""
    await surveys.get_survey(session, year=year)
    sender = await _sender(session, principal, entity_id)
    answer = await operations.get_answer(session, year=year, entity=sender.entity)
    if known_at is not None:
        log = request.app.state.metadata.tables[TABLE]
        # The log is the office's; whose answer it is may read what they said themselves.
        found = await known_record(
            session, log, collection=operations.COLLECTION, record_id=str(answer.id), at=known_at, role="office"
        )
        return conditional_json(request, found, public=False)
    [record] = await operations.records_of(session, answers=[answer])
    return record_answer(request, record, public=False)


@router.put(
    _ANSWER,
    operation_id="put_survey_answer",
    summary="Answer a year's survey, or change the answer",
    response_model=AnswerRead,
    **operation(role="partner", scope="surveys:write", problems=(404, 409, 412, 428)),
)
async def put_answer(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    year: YearInPath,
    entity_id: UUID,
    given: AnswerIn,
) -> Response:
    """The whole answer; over one that is there, with its ETag in If-Match.

    A partner keeps a draft and submits it, while the survey is open. The office verifies what says what it rests on,
    or returns it to draft with a note.
    """
    survey = await surveys.get_survey(session, year=year)
    sender = await _sender(session, principal, entity_id)
    answer = await operations.find_answer(session, year=year, entity=sender.entity, held=True)
    if answer is not None:
        require_match(request, answer.version)
    elif request.headers.get("if-match") is not None:
        raise PreconditionFailed("There is no answer yet: leave If-Match out")
    written = await operations.write_answer(session, survey=survey, answer=answer, sender=sender, given=given, now=now)
    [record] = await operations.records_of(session, answers=[written])
    status = 201 if answer is None else 200
    location = f"/v1/surveys/{year}/answers/{sender.entity}" if answer is None else None
    return record_answer(request, record, status=status, location=location, public=False)


@router.delete(
    _ANSWER,
    operation_id="delete_survey_answer",
    summary="Delete what an entity answered",
    status_code=204,
    **operation(role="office", scope="surveys:write", problems=(404, 412, 428)),
)
async def delete_answer(request: Request, session: WriteSession, year: YearInPath, entity_id: UUID) -> Response:
    """For what should never have been written; what was wrong is returned to draft instead."""
    entity = await entities.resolve(session, reference=str(entity_id))
    answer = await operations.get_answer(session, year=year, entity=entity, held=True)
    require_match(request, answer.version)
    await operations.delete_answer(session, answer=answer)
    return Response(status_code=204)


@router.get(
    "/v1/surveys/{year}/sums",
    operation_id="get_survey_sums",
    summary="Read what a year's survey adds up to",
    response_model=SumsRead,
    **operation(role="anonymous", scope="surveys:read", problems=(404,)),
)
async def get_sums(request: Request, session: ReadSession, language: ChosenLanguage, year: YearInPath) -> Response:
    """Sums of verified answers, and how many there are; none where fewer than three entities answered."""
    survey = await surveys.get_survey(session, year=year)
    items = await operations.sums_of(session, year=survey.year, language=language)
    return conditional_json(request, {"year": survey.year, "items": items})


@router.get(
    "/v1/survey-answers",
    operation_id="list_survey_answers",
    summary="List single values of all surveys",
    response_model=Page[ValueRead],
    **operation(role="office", scope="surveys:read"),
)
async def list_values(
    request: Request, session: ReadSession, parameters: Annotated[ValueListParameters, Query()]
) -> Response:
    """One row an entity, year and question: what the figures of the survey add up."""
    rows = await operations.list_values(session, parameters=parameters)
    cursor = next_cursor(
        rows, limit=parameters.limit, order=VALUE_ORDER, key=lambda row: (row.year, row.entity_id, row.code)
    )
    total = (await operations.sum_values(session, parameters=parameters)).rows if parameters.count else None
    items = await operations.value_records(session, rows=rows[: parameters.limit])
    return page_answer(request, items, cursor=cursor, total=total, public=False)


add_history_route(
    router,
    path="/v1/survey-answers/{record_id:uuid}",
    one="survey_answer",
    title="an answer to a survey",
    collection=operations.COLLECTION,
    reader="office",
    scope="surveys",
)
