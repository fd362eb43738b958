"""Delivering: a receiver at a time to one sender, a message at a time to a receiver. At least once, under one id.

No message is sent inside a transaction. A sender that is killed after a receiver had a message and before that was
written down sends it again, under the same id; one that is killed before leaves it to the next.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import structlog

from klaster_gateway.webhooks import repository
from klaster_gateway.webhooks.answers import Answer
from klaster_gateway.webhooks.kinds import may_see
from klaster_gateway.webhooks.metrics import TRIES
from klaster_gateway.webhooks.models import Attempt, Delivery, Webhook
from klaster_gateway.webhooks.owners import standing_role
from klaster_gateway.webhooks.replaying import message_id
from klaster_gateway.webhooks.schedule import GIVE_UP_ON_RECEIVER, pause_after, rest_after, wish_of
from klaster_gateway.webhooks.signing import signed_headers
from klaster_shared.database import Database
from klaster_shared.identifiers import new_id

LOOK = 1.0  # seconds until the next look for what is due; messages that this process made wake it at once
LEASE = timedelta(seconds=45)  # renewed with each message, which takes a third of it at most
TURN = 20.0  # seconds; then whoever else waits has a turn, and a receiver with a long queue waits for its next
GONE = 410
log = structlog.get_logger(__name__)


class Sender(Protocol):
    """Sends messages to strangers' servers."""

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Whatever happens is an answer."""
        ...


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message that may be sent, as it is sent."""

    delivery_id: UUID
    url: str
    body: str
    headers: dict[str, str]


class Deliverer:
    """Sends what is due to many receivers at once: one that is slow takes its own place and nobody else's."""

    def __init__(self, database: Database, sender: Sender, *, clock: Callable[[], datetime], at_once: int) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._at_once = at_once
        self._woken = asyncio.Event()
        self.looked_at: float | None = None  # monotonic seconds; None: nobody delivers here

    def wake(self) -> None:
        """There is something to send."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; messages in hand are finished. A database that is away is waited for."""
        stopped = asyncio.create_task(stop.wait())
        working: set[asyncio.Task[None]] = set()
        try:
            while not stop.is_set():
                self.looked_at = monotonic()
                for webhook_id in await self._claimed(self._at_once - len(working)):
                    task = asyncio.create_task(self.serve(webhook_id, stop))
                    working.add(task)
                    task.add_done_callback(working.discard)
                await self._sleep(stopped, working)
            await asyncio.gather(*working)
        finally:
            self.looked_at = None
            stopped.cancel()
            for unfinished in working:
                unfinished.cancel()

    async def _sleep(self, stopped: asyncio.Task[Any], working: set[asyncio.Task[None]]) -> None:
        """Until there is something new, somebody has had their turn, or the end."""
        woken = asyncio.create_task(self._woken.wait())
        either: set[asyncio.Task[Any]] = {woken, stopped, *working}
        await asyncio.wait(either, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        self._woken.clear()

    async def _claimed(self, room: int) -> Sequence[UUID]:
        try:
            return await self.claim(room) if room > 0 else ()
        except Exception as error:  # the loop outlives whatever the database does
            log.warning("webhooks_not_claimed", error=repr(error))
            return ()

    async def claim(self, room: int) -> Sequence[UUID]:
        """Receivers that something is due for, at most so many; they are ours until their lease ends."""
        now = self._clock()
        async with self._database.read() as session:  # an idle gateway is not made to write
            if not await repository.is_anything_due(session, now=now):
                return ()
        async with self._database.write() as session:
            return await repository.claim(session, limit=room, now=now, until=now + LEASE)

    async def serve(self, webhook_id: UUID, stop: asyncio.Event) -> None:
        """One receiver's turn: its messages one after the other, until there are none, or it is in trouble."""
        until = monotonic() + TURN
        try:
            while not stop.is_set() and monotonic() < until and await self._deliver_next(webhook_id):
                pass
            async with self._database.write() as session:
                await repository.release(session, webhook_id, now=self._clock())
        except Exception as error:  # its lease ends, and somebody takes it up again
            log.warning("webhook_turn_broken_off", webhook=str(webhook_id), error=repr(error))

    async def _deliver_next(self, webhook_id: UUID) -> bool:
        """Send the next message; whether the one behind it may follow at once."""
        found = await self._next(webhook_id)
        if not isinstance(found, _Letter):
            return found
        began = self._clock(), monotonic()
        answer = await self._sender.send(found.url, found.body, found.headers)
        milliseconds = round((monotonic() - began[1]) * 1000)
        attempt = Attempt(
            id=new_id(),
            delivery_id=found.delivery_id,
            at=began[0],
            status=answer.status,
            problem=answer.problem,
            milliseconds=milliseconds,
        )
        return await self._note(webhook_id, attempt, answer)

    async def _next(self, webhook_id: UUID) -> _Letter | bool:
        now = self._clock()
        async with self._database.read() as session:
            webhook = await repository.find_webhook(session, webhook_id)
            if webhook is None or webhook.state != "active":
                return False
            delivery = await repository.next_delivery(session, webhook_id, now=now)
            if delivery is None:
                return False
            role = await standing_role(session, webhook, now=now)
        if role is None:
            await self._disable(webhook_id)
            return False
        if not may_see(role, delivery.audience):
            await self._withhold(webhook_id, delivery.id, now=now)
            return True
        return _Letter(delivery.id, webhook.url, delivery.body, _headers(webhook, delivery, now=now))

    async def _disable(self, webhook_id: UUID) -> None:
        async with self._database.write() as session:
            webhook = await repository.hold_webhook(session, webhook_id)
            if webhook is not None:
                _stop(webhook, "disabled", "owner_gone")

    async def _withhold(self, webhook_id: UUID, delivery_id: UUID, *, now: datetime) -> None:
        async with self._database.write() as session:
            delivery = await repository.find_delivery(session, webhook_id, delivery_id, held=True)
            if delivery is not None:
                delivery.state, delivery.settled_at = "withheld", now

    async def _note(self, webhook_id: UUID, attempt: Attempt, answer: Answer) -> bool:
        """Write down what came of a try; whether the receiver may be told more at once."""
        now = self._clock()
        async with self._database.write() as session:
            webhook = await repository.hold_webhook(session, webhook_id)
            delivery = await repository.find_delivery(session, webhook_id, attempt.delivery_id, held=True)
            if webhook is None or delivery is None:  # ended meanwhile
                return False
            session.add(attempt)
            webhook.lease_until = now + LEASE
            outcome = _settle(webhook, delivery, answer, now=now)
        TRIES.labels(outcome).inc()
        return outcome == "delivered" or not (answer.away or outcome == "stopped")


def _settle(webhook: Webhook, delivery: Delivery, answer: Answer, *, now: datetime) -> str:
    delivery.attempts += 1
    delivery.last_status, delivery.last_problem = answer.status, answer.problem
    if answer.accepted:
        delivery.state, delivery.settled_at = "delivered", now
        webhook.failures, webhook.failing_since, webhook.delivered_at = 0, None, now
        return "delivered"
    wish = wish_of(answer.retry_after, now=now)
    pause = pause_after(delivery.attempts, wish=wish)
    if pause is None or answer.status == GONE:
        delivery.state, delivery.settled_at = "dead", now
    else:
        delivery.due_at = now + pause
    return _suffer(webhook, answer, now=now, wish=wish) or ("dead" if delivery.state == "dead" else "failed")


def _suffer(webhook: Webhook, answer: Answer, *, now: datetime, wish: timedelta | None) -> str | None:
    """What a failure means for the receiver as a whole."""
    webhook.failing_since = webhook.failing_since or now
    if answer.away:
        webhook.failures += 1
        webhook.rest_until = now + rest_after(webhook.failures, wish=wish)
    if answer.status == GONE:
        return _stop(webhook, "disabled", "gone")
    if now - webhook.failing_since >= GIVE_UP_ON_RECEIVER:
        return _stop(webhook, "paused", "failing")
    return None


def _stop(webhook: Webhook, state: str, reason: str) -> str:
    log.warning("webhook_stopped", webhook=str(webhook.id), state=state, reason=reason)
    webhook.state, webhook.reason = state, reason
    webhook.version += 1
    return "stopped"


def _headers(webhook: Webhook, delivery: Delivery, *, now: datetime) -> dict[str, str]:
    secrets = [webhook.secret]
    if webhook.previous_secret is not None and webhook.previous_until is not None and webhook.previous_until > now:
        secrets.append(webhook.previous_secret)
    return signed_headers(message_id(delivery.id), delivery.body, now=now, with_secrets=secrets)
