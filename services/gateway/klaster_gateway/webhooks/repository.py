"""Every query about webhooks, their deliveries and attempts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_gateway.webhooks.models import Attempt, Delivery, Webhook
from klaster_gateway.webhooks.owners import Owner
from klaster_gateway.webhooks.schemas import DeliveryListParameters, WebhookListParameters
from klaster_shared.pagination import Order, after

ORDER = (
    Order("created_at", col(Webhook.created_at), descending=True),  # type: ignore[arg-type]
    Order("id", col(Webhook.id), descending=True),  # type: ignore[arg-type]
)
DELIVERY_ORDER = (Order("id", col(Delivery.id), descending=True),)  # type: ignore[arg-type]
MOST_TRIES = 50
_STATES = ("waiting", "delivered", "dead", "withheld")  # all there are: named, one index serves
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


async def hold_webhook(session: AsyncSession, webhook_id: UUID) -> Webhook | None:
    """One webhook, held until this transaction ends."""
    return await session.get(Webhook, webhook_id, with_for_update=True)


async def find_webhook(session: AsyncSession, webhook_id: UUID) -> Webhook | None:
    """One webhook, to be looked at."""
    return await session.get(Webhook, webhook_id)


async def webhooks_page(session: AsyncSession, owner: Owner, asked: WebhookListParameters) -> Sequence[Webhook]:
    """One page, the newest first, and one row more where there is more."""
    statement = _listed(select(Webhook), owner, asked)
    return (await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all()


async def count_webhooks(session: AsyncSession, owner: Owner, asked: WebhookListParameters) -> int:
    """How many the parameters ask for."""
    return int(await session.scalar(_listed(select(func.count()).select_from(Webhook), owner, asked)) or 0)


async def count_of_owner(session: AsyncSession, owner: Owner) -> int:
    """How many this owner has made; of a partner, everybody who speaks for the entity."""
    statement = select(func.count()).select_from(Webhook)
    if owner.entity is not None:
        statement = statement.where(col(Webhook.role) == "partner", col(Webhook.entity) == owner.entity)
    else:
        statement = statement.where(col(Webhook.owner) == owner.subject)
    return int(await session.scalar(statement) or 0)


def _listed(statement: Any, owner: Owner, asked: WebhookListParameters) -> Any:
    if not owner.looks_after_all:
        own = (
            [col(Webhook.role) == "partner", col(Webhook.entity) == owner.entity]
            if owner.role == "partner"
            else [col(Webhook.owner) == owner.subject]
        )
        statement = statement.where(*own)
    return statement.where(col(Webhook.state).in_(asked.state)) if asked.state else statement


async def listening(session: AsyncSession) -> Sequence[Webhook]:
    """The webhooks that news is kept for: those that are paused find it waiting when they go on."""
    return (await session.scalars(select(Webhook).where(col(Webhook.state) != "disabled"))).all()


async def add_deliveries(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """New messages."""
    if rows:
        await session.execute(insert(Delivery), rows)


def _is_due(now: datetime) -> Any:
    waits = exists().where(
        col(Delivery.webhook_id) == col(Webhook.id), col(Delivery.state) == "waiting", col(Delivery.due_at) <= now
    )
    return (
        select(col(Webhook.id))
        .where(
            col(Webhook.state) == "active",
            col(Webhook.lease_until) <= now,
            col(Webhook.rest_until) <= now,
            waits,
        )
        .order_by(col(Webhook.lease_until), col(Webhook.id))
    )


async def is_anything_due(session: AsyncSession, *, now: datetime) -> bool:
    """Whether there is a receiver to send something to."""
    return await session.scalar(_is_due(now).limit(1)) is not None


async def claim(session: AsyncSession, *, limit: int, now: datetime, until: datetime) -> Sequence[UUID]:
    """Take receivers that something is due for, those that waited longest for a turn first; nobody else sends to them.

    A sender that is killed leaves them to the next one when its lease ends.
    """
    ids = list((await session.scalars(_is_due(now).limit(limit).with_for_update(skip_locked=True))).all())
    if ids:
        taken = update(Webhook).where(col(Webhook.id).in_(ids)).values(lease_until=until)
        await session.execute(taken.execution_options(**_AS_WRITTEN))
    return ids


async def release(session: AsyncSession, webhook_id: UUID, *, now: datetime) -> None:
    """Give a receiver back."""
    given = update(Webhook).where(col(Webhook.id) == webhook_id).values(lease_until=now)
    await session.execute(given.execution_options(**_AS_WRITTEN))


async def next_delivery(session: AsyncSession, webhook_id: UUID, *, now: datetime) -> Delivery | None:
    """What a receiver is told next: what has been due longest, in the order of the feed."""
    statement = (
        select(Delivery)
        .where(col(Delivery.webhook_id) == webhook_id, col(Delivery.state) == "waiting", col(Delivery.due_at) <= now)
        .order_by(col(Delivery.due_at), col(Delivery.position), col(Delivery.id))
    )
    return (await session.scalars(statement.limit(1))).one_or_none()


async def find_delivery(
    session: AsyncSession, webhook_id: UUID, delivery_id: UUID, *, held: bool = False
) -> Delivery | None:
    """One delivery of a webhook."""
    found = await session.get(Delivery, delivery_id, with_for_update=held or None)
    return found if found is not None and found.webhook_id == webhook_id else None


async def deliveries_page(session: AsyncSession, webhook_id: UUID, asked: DeliveryListParameters) -> Sequence[Delivery]:
    """One page, the newest first, and one row more where there is more."""
    statement = after(_deliveries(select(Delivery), webhook_id, asked), DELIVERY_ORDER, asked.cursor)
    return (await session.scalars(statement.limit(asked.limit + 1))).all()


async def count_deliveries(session: AsyncSession, webhook_id: UUID, asked: DeliveryListParameters) -> int:
    """How many the parameters ask for."""
    statement = _deliveries(select(func.count()).select_from(Delivery), webhook_id, asked)
    return int(await session.scalar(statement) or 0)


def _deliveries(statement: Any, webhook_id: UUID, asked: DeliveryListParameters) -> Any:
    statement = statement.where(col(Delivery.webhook_id) == webhook_id)
    return statement.where(col(Delivery.state).in_(asked.state)) if asked.state else statement


async def tries_of(session: AsyncSession, delivery_id: UUID) -> Sequence[Attempt]:
    """The tries of a delivery, the newest first."""
    statement = select(Attempt).where(col(Attempt.delivery_id) == delivery_id).order_by(col(Attempt.at).desc())
    return (await session.scalars(statement.limit(MOST_TRIES))).all()


async def send_again(
    session: AsyncSession,
    webhook_id: UUID,
    *,
    since: datetime,
    until: datetime,
    states: Sequence[str],
    now: datetime,
) -> int:
    """Make settled messages of a time wait anew: how many."""
    statement = update(Delivery).where(
        col(Delivery.webhook_id) == webhook_id,
        col(Delivery.state).in_(states),
        col(Delivery.created_at) >= since,
        col(Delivery.created_at) < until,
    )
    anew = {"state": "waiting", "attempts": 0, "due_at": now, "settled_at": None}
    done = await session.execute(statement.values(anew).execution_options(**_AS_WRITTEN))
    return int(getattr(done, "rowcount", 0))


async def forget_deliveries(session: AsyncSession, *, before: datetime) -> int:
    """Delete what came up before an instant, whatever became of it: how many."""
    gone = await session.execute(
        delete(Delivery)
        .where(col(Delivery.state).in_(_STATES), col(Delivery.created_at) < before)
        .execution_options(**_AS_WRITTEN)
    )
    return int(getattr(gone, "rowcount", 0))


async def counts(session: AsyncSession, *, now: datetime) -> tuple[int, int, datetime | None]:
    """How many messages wait for receivers that are not paused, how many are dead, and when the oldest came up."""
    waiting = (
        select(func.count(), func.min(col(Delivery.created_at)))
        .join(Webhook, col(Webhook.id) == col(Delivery.webhook_id))
        .where(col(Delivery.state) == "waiting", col(Webhook.state) == "active", col(Delivery.due_at) <= now)
    )
    number, oldest = (await session.execute(waiting)).one()
    dead = await session.scalar(select(func.count()).select_from(Delivery).where(col(Delivery.state) == "dead"))
    return int(number), int(dead or 0), oldest


async def webhooks_by_state(session: AsyncSession) -> dict[str, int]:
    """How many webhooks there are of each state."""
    statement = select(col(Webhook.state), func.count()).group_by(col(Webhook.state))
    return {state: int(number) for state, number in (await session.execute(statement)).all()}
