"""Data repositories over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.data_repositories import operations
from klaster_registry.data_repositories.repository import ORDER
from klaster_registry.data_repositories.schemas import (
    DataRepositoryCreate,
    DataRepositoryListParameters,
    DataRepositoryRead,
    DataRepositoryUpdate,
)
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("data repositories")


@router.get(
    "/v1/data-repositories",
    summary="List data repositories",
    response_model=Page[DataRepositoryRead],
    operation_id="list_data_repositories",
    **operation(role="anonymous", scope="data-repositories:read"),
)
async def list_data_repositories(
    request: Request, session: ReadSession, today: Today, parameters: Annotated[DataRepositoryListParameters, Query()]
) -> Response:
    """Data repositories by name."""
    rows = await operations.list_data_repositories(session, parameters=parameters, today=today)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.sort_name, row.id))
    total = None
    if parameters.count:
        total, _ = await operations.count_data_repositories(session, parameters=parameters, today=today)
    items = await operations.records_of(session, found=rows[: parameters.limit])
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/data-repositories",
    summary="Add a data repository",
    status_code=201,
    response_model=DataRepositoryRead,
    operation_id="create_data_repository",
    **operation(role="office", scope="data-repositories:write", problems=(404, 409)),
)
async def create_data_repository(
    request: Request, session: WriteSession, now: Now, given: DataRepositoryCreate
) -> Response:
    """Add a data repository; its operator is named where it is known."""
    found = await operations.create_data_repository(session, given=given, now=now)
    [record] = await operations.records_of(session, found=[found])
    return record_answer(request, record, status=201, location=f"/v1/data-repositories/{found.id}")


@router.get(
    "/v1/data-repositories/{repository_id:uuid}",
    summary="Read a data repository",
    response_model=DataRepositoryRead,
    operation_id="get_data_repository",
    **operation(role="anonymous", scope="data-repositories:read", problems=(404,)),
)
async def get_data_repository(request: Request, session: ReadSession, repository_id: UUID) -> Response:
    """One data repository."""
    found = await operations.get_data_repository(session, repository_id=repository_id)
    [record] = await operations.records_of(session, found=[found])
    return record_answer(request, record)


@router.patch(
    "/v1/data-repositories/{repository_id:uuid}",
    summary="Change a data repository",
    response_model=DataRepositoryRead,
    operation_id="update_data_repository",
    **operation(role="office", scope="data-repositories:write", problems=(404, 409, 412, 428)),
)
async def update_data_repository(
    request: Request, session: WriteSession, now: Now, repository_id: UUID, given: DataRepositoryUpdate
) -> Response:
    """Merge the change into the record (JSON Merge Patch)."""
    found = await operations.get_data_repository(session, repository_id=repository_id, held=True)
    require_match(request, found.version)
    found = await operations.change_data_repository(session, found=found, given=given, now=now)
    [record] = await operations.records_of(session, found=[found])
    return record_answer(request, record)


@router.delete(
    "/v1/data-repositories/{repository_id:uuid}",
    summary="Delete a data repository",
    status_code=204,
    operation_id="delete_data_repository",
    **operation(role="office", scope="data-repositories:write", problems=(404, 412, 428)),
)
async def delete_data_repository(request: Request, session: WriteSession, repository_id: UUID) -> Response:
    """Remove a data repository; the feed keeps a tombstone."""
    found = await operations.get_data_repository(session, repository_id=repository_id, held=True)
    require_match(request, found.version)
    await operations.delete_data_repository(session, found=found)
    return Response(status_code=204)
