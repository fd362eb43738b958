"""Grants over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_gateway.grants import operations
from klaster_gateway.grants.repository import ORDER
from klaster_gateway.grants.schemas import GrantCreate, GrantListParameters, GrantRead
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("grants")


@router.get(
    "/v1/grants",
    summary="Who represents which entity",
    response_model=Page[GrantRead],
    **operation(role="office", scope="grants:read"),
)
async def list_grants(
    request: Request, session: ReadSession, now: Now, parameters: Annotated[GrantListParameters, Query()]
) -> Response:
    """Grants, the newest first, those that have ended too."""
    rows = await operations.list_grants(session, parameters=parameters, now=now)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: [row.created_at, row.id])
    items = [GrantRead.model_validate(row, from_attributes=True) for row in rows[: parameters.limit]]
    total = await operations.count_grants(session, parameters=parameters, now=now) if parameters.count else None
    body = Page[GrantRead](items=items, next=cursor, total=total)
    return conditional_json(request, body, public=False, headers=next_link(request, cursor))


@router.post(
    "/v1/grants",
    summary="Let a person act in a role",
    status_code=201,
    response_model=GrantRead,
    **operation(role="office", scope="grants:write"),
)
async def create_grant(request: Request, given: GrantCreate, session: WriteSession, now: Now) -> Response:
    """From its beginning on the person's access tokens may do what the role may. The office makes partners."""
    grant = await operations.create_grant(session, given=given, now=now)
    read = GrantRead.model_validate(grant, from_attributes=True)
    headers = {"Location": f"/v1/grants/{grant.id}"}
    return conditional_json(request, read, etag=record_etag(grant.version), public=False, headers=headers, status=201)


@router.get(
    "/v1/grants/{grant_id:uuid}",
    summary="One grant",
    response_model=GrantRead,
    **operation(role="office", scope="grants:read", problems=(404,)),
)
async def get_grant(request: Request, grant_id: UUID, session: ReadSession) -> Response:
    """Who may act as what, since when, and who said so."""
    grant = await operations.get_grant(session, grant_id=grant_id)
    read = GrantRead.model_validate(grant, from_attributes=True)
    return conditional_json(request, read, etag=record_etag(grant.version), public=False)


@router.delete(
    "/v1/grants/{grant_id:uuid}",
    summary="End a grant",
    status_code=204,
    **operation(role="office", scope="grants:write", problems=(404, 409, 412, 428)),
)
async def end_grant(request: Request, grant_id: UUID, session: WriteSession, now: Now) -> None:
    """It holds no longer, within a second. Its row stays, for the record."""
    await operations.end_grant(
        session, grant_id=grant_id, may_change=lambda version: require_match(request, version), now=now
    )
