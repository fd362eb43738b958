"""Deliveries over HTTP: what was sent, what failed, and sending it again."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic_core import from_json

from klaster_gateway.webhooks import replaying
from klaster_gateway.webhooks.repository import DELIVERY_ORDER
from klaster_gateway.webhooks.routes import CurrentOwner, delivery_answer
from klaster_gateway.webhooks.schemas import (
    AttemptRead,
    DeliveryDetail,
    DeliveryListParameters,
    DeliveryRead,
    ReplayCreate,
    ReplayRead,
)
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("webhooks")


@router.get(
    "/v1/webhooks/{webhook_id:uuid}/deliveries",
    summary="What a webhook was told, the newest first",
    response_model=Page[DeliveryRead],
    **operation(role="integrator", also=("partner",), scope="webhooks:read", problems=(404,)),
)
async def list_webhook_deliveries(
    request: Request,
    webhook_id: UUID,
    owner: CurrentOwner,
    session: ReadSession,
    parameters: Annotated[DeliveryListParameters, Query()],
) -> Response:
    """Of the last month. `state=dead` lists what was tried often enough and waits to be replayed."""
    rows = await replaying.list_deliveries(session, webhook_id=webhook_id, owner=owner, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=DELIVERY_ORDER, key=lambda row: [row.id])
    total = None
    if parameters.count:
        total = await replaying.count_deliveries(session, webhook_id=webhook_id, parameters=parameters)
    items = [replaying.read_of(row).model_dump(mode="json") for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.get(
    "/v1/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}",
    summary="One message, and every try to deliver it",
    response_model=DeliveryDetail,
    **operation(role="integrator", also=("partner",), scope="webhooks:read", problems=(404,)),
)
async def get_webhook_delivery(
    request: Request, webhook_id: UUID, delivery_id: UUID, owner: CurrentOwner, session: ReadSession
) -> Response:
    """Its body as it is sent, and what the receiver answered when. What answers say beside their status is not kept."""
    delivery, tries = await replaying.get_delivery(session, webhook_id=webhook_id, delivery_id=delivery_id, owner=owner)
    detail = DeliveryDetail(
        **replaying.read_of(delivery).model_dump(),
        body=from_json(delivery.body),
        tries=[AttemptRead.model_validate(each, from_attributes=True) for each in tries],
    )
    return conditional_json(request, detail, public=False)


@router.post(
    "/v1/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/replay",
    status_code=202,
    summary="Send one message again",
    response_model=DeliveryRead,
    **operation(role="integrator", also=("partner",), scope="webhooks:write", problems=(404, 409)),
)
async def replay_webhook_delivery(
    webhook_id: UUID, delivery_id: UUID, owner: CurrentOwner, session: WriteSession, now: Now
) -> Response:
    """A message that is dead, or that arrived and is needed once more; its webhook-id stays what it was."""
    delivery = await replaying.replay_delivery(
        session, webhook_id=webhook_id, delivery_id=delivery_id, owner=owner, now=now
    )
    return delivery_answer(webhook_id, replaying.read_of(delivery), status=202)


@router.post(
    "/v1/webhooks/{webhook_id:uuid}/replay",
    status_code=202,
    summary="Send the messages of a time again",
    response_model=ReplayRead,
    **operation(role="integrator", also=("partner",), scope="webhooks:write", problems=(404,)),
)
async def replay_webhook(
    webhook_id: UUID, given: ReplayCreate, owner: CurrentOwner, session: WriteSession, now: Now
) -> Response:
    """The dead letters of that time, or what arrived then as well; their webhook-ids stay what they were."""
    replayed = await replaying.replay_time(session, webhook_id=webhook_id, given=given, owner=owner, now=now)
    return Response(ReplayRead(replayed=replayed).model_dump_json(), 202, media_type="application/json")
