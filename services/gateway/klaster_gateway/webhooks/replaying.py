"""What became of messages, and sending them again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.webhooks import repository
from klaster_gateway.webhooks.errors import DeliveryNotFound, DeliveryWaiting
from klaster_gateway.webhooks.models import Attempt, Delivery
from klaster_gateway.webhooks.operations import get_webhook
from klaster_gateway.webhooks.owners import Owner
from klaster_gateway.webhooks.schemas import DeliveryListParameters, DeliveryRead, ReplayCreate


async def list_deliveries(
    session: AsyncSession, *, webhook_id: UUID, owner: Owner, parameters: DeliveryListParameters
) -> Sequence[Delivery]:
    """One page, the newest first, and one row more where there is more; raises WebhookNotFound."""
    await get_webhook(session, webhook_id=webhook_id, owner=owner)
    return await repository.deliveries_page(session, webhook_id, parameters)


async def count_deliveries(session: AsyncSession, *, webhook_id: UUID, parameters: DeliveryListParameters) -> int:
    """How many there are in all."""
    return await repository.count_deliveries(session, webhook_id, parameters)


async def get_delivery(
    session: AsyncSession, *, webhook_id: UUID, delivery_id: UUID, owner: Owner
) -> tuple[Delivery, Sequence[Attempt]]:
    """One delivery with its tries; raises WebhookNotFound, DeliveryNotFound."""
    await get_webhook(session, webhook_id=webhook_id, owner=owner)
    delivery = await repository.find_delivery(session, webhook_id, delivery_id)
    if delivery is None:
        raise DeliveryNotFound(f"There is no delivery {delivery_id}: they are kept for a month")
    return delivery, await repository.tries_of(session, delivery_id)


async def replay_delivery(
    session: AsyncSession, *, webhook_id: UUID, delivery_id: UUID, owner: Owner, now: datetime
) -> Delivery:
    """Send a settled message again, under its own id.

    Raises WebhookNotFound, DeliveryNotFound, or DeliveryWaiting where it is under way.
    """
    webhook = await get_webhook(session, webhook_id=webhook_id, owner=owner, held=True)
    delivery = await repository.find_delivery(session, webhook_id, delivery_id, held=True)
    if delivery is None:
        raise DeliveryNotFound(f"There is no delivery {delivery_id}: they are kept for a month")
    if delivery.state == "waiting":
        raise DeliveryWaiting(f"It is tried next at {delivery.due_at.isoformat()}")
    delivery.state, delivery.attempts, delivery.due_at, delivery.settled_at = "waiting", 0, now, None
    webhook.rest_until = now
    return delivery


async def replay_time(
    session: AsyncSession, *, webhook_id: UUID, given: ReplayCreate, owner: Owner, now: datetime
) -> int:
    """Send the settled messages of a time again, each under its own id: how many. Raises WebhookNotFound."""
    webhook = await get_webhook(session, webhook_id=webhook_id, owner=owner, held=True)
    webhook.rest_until = now
    return await repository.send_again(
        session, webhook_id, since=given.since, until=given.until or now, states=given.states, now=now
    )


def read_of(delivery: Delivery) -> DeliveryRead:
    """A delivery as it is shown."""
    shown = {
        **delivery.model_dump(),
        "message": message_id(delivery.id),
        "position": str(delivery.position) if delivery.position is not None else None,
    }
    return DeliveryRead.model_validate({name: shown[name] for name in DeliveryRead.model_fields})


def message_id(delivery_id: UUID) -> str:
    """The webhook-id: receivers know by it what they have had already."""
    return f"msg_{delivery_id.hex}"
