"""The outbox over HTTP, for the office. Ids alone: nobody's name or address is shown here."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_events.messages import operations
from klaster_events.messages.repository import ORDER
from klaster_events.messages.schemas import MessageListParameters, MessageRead, OutboxRead
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("messages")


async def _has_server(request: Request) -> bool:
    return request.app.state.settings.smtp_host is not None


HasServer = Annotated[bool, Depends(_has_server)]


@router.get(
    "/v1/messages",
    summary="List messages",
    response_model=Page[MessageRead],
    **operation(role="office", scope="messages:read"),
)
async def list_messages(
    request: Request,
    session: ReadSession,
    has_server: HasServer,
    parameters: Annotated[MessageListParameters, Query()],
) -> Response:
    """What people were or are to be told, the oldest first: kinds, states, reasons, and ids instead of people."""
    rows = await operations.list_messages(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.created_at, row.id))
    total = await operations.count_messages(session, parameters=parameters) if parameters.count else None
    items = [operations.record_of(row, has_server=has_server) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.get(
    "/v1/messages/summary",
    summary="Read the state of the outbox",
    response_model=OutboxRead,
    **operation(role="office", scope="messages:read"),
)
async def get_outbox(request: Request, session: ReadSession, now: Now, has_server: HasServer) -> Response:
    """How many messages there are of each state and kind, and how long the oldest has waited."""
    outbox = await operations.outbox_of(session, has_server=has_server, now=now)
    return conditional_json(request, outbox, public=False)


@router.get(
    "/v1/messages/{message_id:uuid}",
    summary="Read a message's state",
    response_model=MessageRead,
    **operation(role="office", scope="messages:read", problems=(404,)),
)
async def get_message(request: Request, session: ReadSession, has_server: HasServer, message_id: UUID) -> Response:
    """One message: whether it went out, or why not."""
    message = await operations.get_message(session, message_id=message_id)
    return conditional_json(request, operations.record_of(message, has_server=has_server), public=False)


@router.post(
    "/v1/messages/{message_id:uuid}/resend",
    summary="Send a message once more",
    response_model=MessageRead,
    **operation(role="office", scope="messages:write", problems=(404,)),
)
async def resend_message(
    request: Request, session: WriteSession, now: Now, has_server: HasServer, message_id: UUID
) -> Response:
    """Put it back into the outbox, due now, under its Message-ID. What is no longer true is still not sent."""
    message = await operations.resend(session, message_id=message_id, now=now)
    return conditional_json(request, operations.record_of(message, has_server=has_server), public=False)


@router.post(
    "/v1/messages/{message_id:uuid}/drop",
    summary="Drop a message that waits",
    response_model=MessageRead,
    **operation(role="office", scope="messages:write", problems=(404, 409)),
)
async def drop_message(request: Request, session: WriteSession, has_server: HasServer, message_id: UUID) -> Response:
    """Nobody is told. A message that a mail server has in hand at this moment may go out all the same."""
    message = await operations.drop(session, message_id=message_id)
    return conditional_json(request, operations.record_of(message, has_server=has_server), public=False)
