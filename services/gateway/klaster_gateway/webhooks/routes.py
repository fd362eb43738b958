"""Webhooks over HTTP: subscriptions, their secrets, and a test."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_gateway.caller import CALLER, Caller
from klaster_gateway.webhooks import operations, replaying
from klaster_gateway.webhooks.models import Webhook
from klaster_gateway.webhooks.owners import Owner
from klaster_gateway.webhooks.repository import ORDER
from klaster_gateway.webhooks.schemas import (
    DeliveryRead,
    RotationCreate,
    WebhookCreate,
    WebhookCreated,
    WebhookListParameters,
    WebhookRead,
    WebhookUpdate,
)
from klaster_gateway.webhooks.targets import Targets
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("webhooks")
_ALSO: Any = ("partner",)


async def owner_of(request: Request, principal: CurrentPrincipal) -> Owner:
    """Whoever asks, with what their issuer calls them."""
    caller: Caller | None = request.scope.get(CALLER)
    issuer = (caller.issuer, caller.issuer_subject) if caller is not None else (None, None)
    return Owner(principal.subject, principal.role, principal.entity, *issuer)


async def allowed_target(request: Request) -> None:
    """Look where the URL of the body leads, before a transaction begins; raises TargetRefused."""
    targets: Targets = request.app.state.targets
    try:
        given = await request.json()
    except ValueError:
        return  # whoever reads the body says what is wrong with it
    if isinstance(given, dict) and isinstance(given.get("url"), str):
        await targets.check(given["url"].strip())


CurrentOwner = Annotated[Owner, Depends(owner_of)]
AllowedTarget = Annotated[None, Depends(allowed_target)]


@router.get(
    "/v1/webhooks",
    summary="Your webhooks, the newest first",
    response_model=Page[WebhookRead],
    **operation(role="integrator", also=_ALSO, scope="webhooks:read"),
)
async def list_webhooks(
    request: Request, owner: CurrentOwner, session: ReadSession, parameters: Annotated[WebhookListParameters, Query()]
) -> Response:
    """Those made with this key; for a partner, those of its entity; for the office, all."""
    rows = await operations.list_webhooks(session, owner=owner, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: [row.created_at, row.id])
    items = [_record(row) for row in rows[: parameters.limit]]
    total = await operations.count_webhooks(session, owner=owner, parameters=parameters) if parameters.count else None
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    "/v1/webhooks",
    status_code=201,
    summary="Be told of changes",
    response_model=WebhookCreated,
    **operation(role="integrator", also=_ALSO, scope="webhooks:write", problems=(409,), secret=True),
)
async def create_webhook(
    request: Request,
    given: WebhookCreate,
    _target: AllowedTarget,
    owner: CurrentOwner,
    session: WriteSession,
    now: Now,
) -> Response:
    """From now on each change that you ask for and may see comes to your URL, signed (Standard Webhooks).

    The answer carries the secret, once: a replay under the same Idempotency-Key is 409 with its Location.
    """
    webhook = await operations.create_webhook(session, given=given, owner=owner, now=now)
    shown = {**_record(webhook), "secret": webhook.secret}
    return record_answer(request, shown, status=201, location=f"/v1/webhooks/{webhook.id}", public=False)


@router.get(
    "/v1/webhooks/{webhook_id:uuid}",
    summary="One webhook",
    response_model=WebhookRead,
    **operation(role="integrator", also=_ALSO, scope="webhooks:read", problems=(404,)),
)
async def get_webhook(request: Request, webhook_id: UUID, owner: CurrentOwner, session: ReadSession) -> Response:
    """What it asks for, and how its receiver is doing; never its secret."""
    webhook = await operations.get_webhook(session, webhook_id=webhook_id, owner=owner)
    return record_answer(request, _record(webhook), public=False)


@router.patch(
    "/v1/webhooks/{webhook_id:uuid}",
    summary="Change a webhook, pause it, let it go on",
    response_model=WebhookRead,
    **operation(role="integrator", also=_ALSO, scope="webhooks:write", problems=(404, 412, 428)),
)
async def update_webhook(
    request: Request,
    webhook_id: UUID,
    given: WebhookUpdate,
    _target: AllowedTarget,
    owner: CurrentOwner,
    session: WriteSession,
    now: Now,
) -> Response:
    """Merge the change (JSON Merge Patch). While it is paused, news is kept for a month; then it goes on from there."""
    webhook = await operations.update_webhook(
        session,
        webhook_id=webhook_id,
        given=given,
        owner=owner,
        may_change=lambda version: require_match(request, version),
        now=now,
    )
    return record_answer(request, _record(webhook), public=False)


@router.delete(
    "/v1/webhooks/{webhook_id:uuid}",
    status_code=204,
    summary="End a webhook",
    **operation(role="integrator", also=_ALSO, scope="webhooks:write", problems=(404, 412, 428)),
)
async def delete_webhook(request: Request, webhook_id: UUID, owner: CurrentOwner, session: WriteSession) -> None:
    """Nothing is sent any more, what waits included."""
    await operations.delete_webhook(
        session, webhook_id=webhook_id, owner=owner, may_change=lambda version: require_match(request, version)
    )


@router.post(
    "/v1/webhooks/{webhook_id:uuid}/rotate",
    summary="A new secret",
    response_model=WebhookCreated,
    **operation(role="integrator", also=_ALSO, scope="webhooks:write", problems=(404,), secret=True),
)
async def rotate_webhook_secret(
    request: Request, webhook_id: UUID, given: RotationCreate, owner: CurrentOwner, session: WriteSession, now: Now
) -> Response:
    """Messages carry two signatures until the secret before ends: change it on your side within that time."""
    webhook = await operations.rotate_secret(
        session, webhook_id=webhook_id, overlap=timedelta(hours=given.overlap_hours), owner=owner, now=now
    )
    shown = {**_record(webhook), "secret": webhook.secret}
    return record_answer(request, shown, location=f"/v1/webhooks/{webhook.id}", public=False)


@router.post(
    "/v1/webhooks/{webhook_id:uuid}/ping",
    status_code=202,
    summary="Send a test",
    response_model=DeliveryRead,
    **operation(role="integrator", also=_ALSO, scope="webhooks:write", problems=(404, 409)),
)
async def ping_webhook(webhook_id: UUID, owner: CurrentOwner, session: WriteSession, now: Now) -> Response:
    """A message of the type `klaster.ping`, signed and tried again like any other; Location says what became of it."""
    delivery = await operations.ping(session, webhook_id=webhook_id, owner=owner, now=now)
    return delivery_answer(webhook_id, replaying.read_of(delivery), status=202)


def delivery_answer(webhook_id: UUID, delivery: DeliveryRead, *, status: int) -> Response:
    """A delivery that is under way."""
    headers = {"Location": f"/v1/webhooks/{webhook_id}/deliveries/{delivery.id}", "Cache-Control": "private, no-store"}
    return Response(delivery.model_dump_json(), status, headers, media_type="application/json")


def _record(webhook: Webhook) -> dict[str, Any]:
    return operations.read_of(webhook).model_dump(mode="json")
