"""Keys over HTTP, and who the caller is."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_gateway.caller import CALLER, Caller
from klaster_gateway.keys.models import ApiKey
from klaster_gateway.keys.operations import (
    count_keys,
    create_key,
    get_key,
    list_keys,
    maker_of,
    revoke_key,
    rotate_key,
)
from klaster_gateway.keys.schemas import KeyCreate, KeyCreated, KeyListParameters, KeyRead, KeyRotate, WhoAmI
from klaster_shared.access import Principal, entity_of, may, operation
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.pagination import Page, next_link
from klaster_shared.routing import api_router

router = api_router("keys")


def _whose(principal: Principal) -> UUID | None:
    """Whose keys somebody is told of and may end: an admin everybody's (None), others those of their entity."""
    return None if may(principal.role, "admin") else entity_of(principal)


def _shown_once(key: ApiKey, text: str, response: Response) -> KeyCreated:
    response.headers.update(
        {"Location": f"/v1/keys/{key.id}", "ETag": record_etag(key.version), "Cache-Control": "no-store"}
    )
    return KeyCreated(**KeyRead.model_validate(key, from_attributes=True).model_dump(), key=text)


@router.get(
    "/v1/keys",
    summary="API keys, the newest first",
    response_model=Page[KeyRead],
    **operation(role="partner", scope="keys:read"),
)
async def list_api_keys(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    now: Now,
    parameters: Annotated[KeyListParameters, Query()],
) -> Response:
    """Every key that was made, revoked ones too; an admin sees all of them, others those of the entity they speak for.

    Secrets are shown nowhere.
    """
    of = _whose(principal)
    keys, cursor = await list_keys(session, asked=parameters, of=of, now=now)
    items = [KeyRead.model_validate(key, from_attributes=True) for key in keys]
    total = await count_keys(session, asked=parameters, of=of, now=now) if parameters.count else None
    body = Page[KeyRead](items=items, next=cursor, total=total)
    return conditional_json(request, body, public=False, headers=next_link(request, cursor))


@router.post(
    "/v1/keys",
    status_code=201,
    summary="Make an API key",
    **operation(role="partner", scope="keys:write", problems=(409,), secret=True),
)
async def create_api_key(
    request: Request,
    body: KeyCreate,
    session: WriteSession,
    principal: CurrentPrincipal,
    response: Response,
    now: Now,
) -> KeyCreated:
    """An admin makes keys of any role; who speaks for an entity makes keys of partners for it, and no others.

    A key makes none that may do more than itself. The answer carries the new key, once: a replay under the same
    Idempotency-Key is 409 with its Location.
    """
    _whose(principal)
    by = await maker_of(session, subject=principal.subject, role=principal.role, entity=principal.entity)
    key, text = await create_key(session, wanted=body, by=by, scopes=request.app.state.scopes, now=now)
    return _shown_once(key, text, response)


@router.get(
    "/v1/keys/{key_id:uuid}",
    summary="One API key",
    response_model=KeyRead,
    **operation(role="partner", scope="keys:read", problems=(404,)),
)
async def get_api_key(request: Request, key_id: UUID, session: ReadSession, principal: CurrentPrincipal) -> Response:
    """What it may do, until when, and when it was used last; never its secret."""
    key = await get_key(session, key_id=key_id, of=_whose(principal))
    read = KeyRead.model_validate(key, from_attributes=True)
    # The last use is no new version, but another representation.
    used = str(int(key.last_used_at.timestamp())) if key.last_used_at else ""
    return conditional_json(request, read, etag=record_etag(key.version, used), public=False)


@router.delete(
    "/v1/keys/{key_id:uuid}",
    status_code=204,
    summary="Revoke an API key",
    **operation(role="partner", scope="keys:write", problems=(404, 409, 412, 428)),
)
async def revoke_api_key(
    request: Request, key_id: UUID, session: WriteSession, principal: CurrentPrincipal, now: Now
) -> None:
    """It opens nothing any more, within a second. Its row stays, for the record."""
    await revoke_key(
        session,
        key_id=key_id,
        of=_whose(principal),
        may_change=lambda version: require_match(request, version),
        now=now,
    )


@router.post(
    "/v1/keys/{key_id:uuid}/rotate",
    status_code=200,
    summary="Give an API key another secret",
    **operation(role="partner", scope="keys:write", problems=(404, 409, 412, 428), secret=True),
)
async def rotate_api_key(
    request: Request,
    key_id: UUID,
    session: WriteSession,
    principal: CurrentPrincipal,
    response: Response,
    now: Now,
    body: KeyRotate | None = None,
) -> KeyCreated:
    """The key stays the same one (its id, prefix, name, what it may do); its secret is another.

    The one before works for `overlap_minutes`, a day unless told otherwise: put the new one everywhere in that time.
    With 0 it ends at once, which is for a secret that leaked.
    """
    _whose(principal)
    by = await maker_of(session, subject=principal.subject, role=principal.role, entity=principal.entity)
    key, text = await rotate_key(
        session,
        key_id=key_id,
        by=by,
        overlap=timedelta(minutes=(body or KeyRotate()).overlap_minutes),
        may_change=lambda version: require_match(request, version),
        now=now,
    )
    return _shown_once(key, text, response)


@router.get(
    "/v1/whoami", summary="Who you are to us", response_model=WhoAmI, **operation(role="anonymous", scope="whoami:read")
)
async def get_caller(request: Request, principal: CurrentPrincipal, session: ReadSession) -> Response:
    """Your role, the entity you speak for, and the name of your key or of you at your issuer."""
    kind, _, key_id = principal.subject.partition(":")
    key = await get_key(session, key_id=UUID(key_id)) if kind == "key" else None
    caller: Caller | None = request.scope.get(CALLER)
    me = WhoAmI.model_validate(
        {
            "subject": principal.subject,
            "role": principal.role,
            "entity": principal.entity,
            "scopes": key.scopes if key else None,
            "name": key.name if key else None,
            "expires_at": key.expires_at if key else None,
            "issuer": caller.issuer if caller else None,
            "issuer_subject": caller.issuer_subject if caller else None,
            "entities": caller.entities if caller else [],
        }
    )
    return conditional_json(request, me, public=False)
