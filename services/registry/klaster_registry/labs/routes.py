"""Laboratories over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.labs import operations
from klaster_registry.labs.repository import ORDER
from klaster_registry.labs.schemas import LabCreate, LabListParameters, LabRead, LabUpdate
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("labs")


@router.get(
    "/v1/labs",
    summary="List laboratories",
    response_model=Page[LabRead],
    operation_id="list_labs",
    **operation(role="anonymous", scope="labs:read"),
)
async def list_labs(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[LabListParameters, Query()],
) -> Response:
    """Laboratories by name; `area_m2` is that of the day asked for."""
    labs = await operations.list_labs(session, parameters=parameters, today=today)
    cursor = next_cursor(labs, limit=parameters.limit, order=ORDER, key=lambda lab: (lab.sort_name, lab.id))
    total = None
    if parameters.count:
        total = (await operations.measure_labs(session, parameters=parameters, today=today)).labs
    day = parameters.as_of or today
    page = labs[: parameters.limit]
    items = await operations.records_of(session, labs=page, day=day, language=language)
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/labs",
    summary="Add a laboratory",
    status_code=201,
    response_model=LabRead,
    operation_id="create_lab",
    **operation(role="office", scope="labs:write", problems=(404, 409)),
)
async def create_lab(
    request: Request, session: WriteSession, now: Now, today: Today, language: ChosenLanguage, given: LabCreate
) -> Response:
    """Add a laboratory of an entity; an area that is not known is left out, never guessed."""
    lab = await operations.create_lab(session, given=given, now=now)
    [record] = await operations.records_of(session, labs=[lab], day=today, language=language)
    return record_answer(request, record, status=201, location=f"/v1/labs/{lab.id}")


@router.get(
    "/v1/labs/{lab_id:uuid}",
    summary="Read a laboratory",
    response_model=LabRead,
    operation_id="get_lab",
    **operation(role="anonymous", scope="labs:read", problems=(404,)),
)
async def get_lab(
    request: Request, session: ReadSession, today: Today, language: ChosenLanguage, lab_id: UUID
) -> Response:
    """One laboratory with its areas over time."""
    lab = await operations.get_lab(session, lab_id=lab_id)
    [record] = await operations.records_of(session, labs=[lab], day=today, language=language)
    return record_answer(request, record)


@router.patch(
    "/v1/labs/{lab_id:uuid}",
    summary="Change a laboratory",
    response_model=LabRead,
    operation_id="update_lab",
    **operation(role="office", scope="labs:write", problems=(404, 409, 412, 428)),
)
async def update_lab(
    request: Request,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    lab_id: UUID,
    given: LabUpdate,
) -> Response:
    """Merge the change into the record (JSON Merge Patch)."""
    lab = await operations.get_lab(session, lab_id=lab_id, held=True)
    require_match(request, lab.version)
    lab = await operations.change_lab(session, lab=lab, given=given, now=now)
    [record] = await operations.records_of(session, labs=[lab], day=today, language=language)
    return record_answer(request, record)


@router.delete(
    "/v1/labs/{lab_id:uuid}",
    summary="Delete a laboratory",
    status_code=204,
    operation_id="delete_lab",
    **operation(role="office", scope="labs:write", problems=(404, 412, 428)),
)
async def delete_lab(request: Request, session: WriteSession, lab_id: UUID) -> Response:
    """Remove a laboratory; the feed keeps a tombstone."""
    lab = await operations.get_lab(session, lab_id=lab_id, held=True)
    require_match(request, lab.version)
    await operations.delete_lab(session, lab=lab)
    return Response(status_code=204)
