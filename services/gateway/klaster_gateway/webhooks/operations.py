"""Rules of subscriptions: make, change, end one; a new secret; a test."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.webhooks import repository
from klaster_gateway.webhooks.errors import TooManyWebhooks, WebhookNotFound, WebhookPaused
from klaster_gateway.webhooks.kinds import PING, ping_body
from klaster_gateway.webhooks.models import Delivery, Webhook
from klaster_gateway.webhooks.owners import Owner, is_granted
from klaster_gateway.webhooks.schemas import WebhookCreate, WebhookListParameters, WebhookRead, WebhookUpdate
from klaster_gateway.webhooks.signing import new_secret
from klaster_shared.changes import Kind, record_change
from klaster_shared.identifiers import new_id

COLLECTION = "webhooks"
MOST = 20  # of one owner: each is told everything it asks for, one message at a time
MayChange = Callable[[int], None]
"""Raises where the caller has not seen this version."""


async def create_webhook(session: AsyncSession, *, given: WebhookCreate, owner: Owner, now: datetime) -> Webhook:
    """Subscribe; its URL has been looked at before. Raises TooManyWebhooks."""
    if await repository.count_of_owner(session, owner) >= MOST:
        raise TooManyWebhooks(f"There may be {MOST} of them: end one, or let one ask for more")
    asked = given.model_dump(mode="json")
    webhook = Webhook(
        id=new_id(),
        **asked,
        state="active",
        secret=new_secret(),
        **_owned_by(owner),
        granted=await is_granted(session, owner, now=now),
        created_at=now,
        lease_until=now,
        rest_until=now,
        failures=0,
        version=1,
    )
    session.add(webhook)
    _log(session, webhook, "created")
    return webhook


async def get_webhook(session: AsyncSession, *, webhook_id: UUID, owner: Owner, held: bool = False) -> Webhook:
    """One webhook; raises WebhookNotFound, also where it is somebody else's."""
    look = repository.hold_webhook if held else repository.find_webhook
    webhook = await look(session, webhook_id)
    if webhook is None or not owner.owns(webhook):
        raise WebhookNotFound(f"There is no webhook {webhook_id}")
    return webhook


async def update_webhook(
    session: AsyncSession, *, webhook_id: UUID, given: WebhookUpdate, owner: Owner, may_change: MayChange, now: datetime
) -> Webhook:
    """Change a subscription, pause it, or let it go on; raises WebhookNotFound."""
    webhook = await get_webhook(session, webhook_id=webhook_id, owner=owner, held=True)
    may_change(webhook.version)
    changes = given.model_dump(mode="json", exclude_unset=True)
    active = changes.pop("active", None)
    for field, value in changes.items():
        setattr(webhook, field, value)
    if active is True:
        await _let_go_on(session, webhook, owner, now=now)
    elif active is False:
        webhook.state, webhook.reason = "paused", "asked"
    webhook.version += 1
    _log(session, webhook, "updated", *changes, *(["state"] if active is not None else []))
    return webhook


async def _let_go_on(session: AsyncSession, webhook: Webhook, owner: Owner, *, now: datetime) -> None:
    """What waits goes out at once. One whose owner is gone becomes theirs who take it up."""
    if webhook.reason == "owner_gone":
        for field, value in _owned_by(owner).items():
            setattr(webhook, field, value)
        webhook.granted = await is_granted(session, owner, now=now)
    webhook.state, webhook.reason = "active", None
    webhook.failures, webhook.failing_since, webhook.rest_until = 0, None, now


def _owned_by(owner: Owner) -> dict[str, Any]:
    return {
        "owner": owner.subject,
        "role": owner.role,
        "entity": owner.entity,
        "issuer": owner.issuer,
        "issuer_subject": owner.issuer_subject,
    }


async def delete_webhook(session: AsyncSession, *, webhook_id: UUID, owner: Owner, may_change: MayChange) -> None:
    """End a subscription: what waits for it goes with it. Raises WebhookNotFound."""
    webhook = await get_webhook(session, webhook_id=webhook_id, owner=owner, held=True)
    may_change(webhook.version)
    await session.delete(webhook)
    record_change(session, kind="deleted", collection=COLLECTION, id=webhook.id, audience="office")


async def rotate_secret(
    session: AsyncSession, *, webhook_id: UUID, overlap: timedelta, owner: Owner, now: datetime
) -> Webhook:
    """A new secret; for a while the one before signs as well. Raises WebhookNotFound."""
    webhook = await get_webhook(session, webhook_id=webhook_id, owner=owner, held=True)
    webhook.previous_secret = webhook.secret if overlap else None
    webhook.previous_until = now + overlap if overlap else None
    webhook.secret = new_secret()
    webhook.version += 1
    _log(session, webhook, "updated", "secret")
    return webhook


async def ping(session: AsyncSession, *, webhook_id: UUID, owner: Owner, now: datetime) -> Delivery:
    """Send a test, like any other message; raises WebhookNotFound, or WebhookPaused where nothing would be sent."""
    webhook = await get_webhook(session, webhook_id=webhook_id, owner=owner, held=True)
    if webhook.state != "active":
        raise WebhookPaused("Let it go on first: PATCH it with active true")
    webhook.rest_until = now
    delivery = Delivery(
        id=new_id(),
        webhook_id=webhook.id,
        type=PING,
        service="gateway",
        audience="anonymous",
        body=ping_body(str(webhook.id), at=now.isoformat()),
        state="waiting",
        attempts=0,
        due_at=now,
        created_at=now,
    )
    session.add(delivery)
    return delivery


async def list_webhooks(session: AsyncSession, *, owner: Owner, parameters: WebhookListParameters) -> Sequence[Webhook]:
    """One page of those that are the caller's to look at, and one row more where there is more."""
    return await repository.webhooks_page(session, owner, parameters)


async def count_webhooks(session: AsyncSession, *, owner: Owner, parameters: WebhookListParameters) -> int:
    """How many there are in all."""
    return await repository.count_webhooks(session, owner, parameters)


def read_of(webhook: Webhook) -> WebhookRead:
    """A webhook as it is shown."""
    shown = {**webhook.model_dump(), "previous_secret_until": webhook.previous_until}
    return WebhookRead.model_validate({name: shown[name] for name in WebhookRead.model_fields})


def _log(session: AsyncSession, webhook: Webhook, kind: Kind, *changed: str) -> None:
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=webhook.id,
        changed=changed,
        record=read_of(webhook),
        audience="office",
    )
