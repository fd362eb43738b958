"""From changes to messages: one for each receiver that asked, in the transaction that moves the feed's cursor."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.webhooks import repository
from klaster_gateway.webhooks.kinds import asks_for, body_of, may_see, type_of
from klaster_gateway.webhooks.models import Webhook
from klaster_shared.database import after_commit
from klaster_shared.following import Apply, FeedChange
from klaster_shared.identifiers import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What telling needs: where things are read, and whom to wake when there is something to send."""

    public_url: str
    paths: Callable[[], Mapping[tuple[str, str], str]]
    wake: Callable[[], None]

    def about(self, service: str) -> Apply:
        """What a page of a service's feed means here."""

        async def apply(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> int:
            webhooks = await repository.listening(session) if changes else ()
            rows = [row for change in changes for row in self._rows(service, change, webhooks, now)]
            await repository.add_deliveries(session, rows)
            if rows:
                after_commit(session, self.wake)
            return len(rows)

        return apply

    def _rows(
        self, service: str, change: FeedChange, webhooks: Sequence[Webhook], now: datetime
    ) -> Iterator[dict[str, Any]]:
        at = change.at or now
        # What was before somebody subscribed is in the export; whether they may see it is asked again when it is sent.
        told = [
            webhook
            for webhook in webhooks
            if at >= webhook.created_at
            and may_see(webhook.role, change.audience)
            and asks_for(webhook, service, change)
        ]
        if not told:
            return
        body = body_of(service, change, at=at.isoformat(), paths=self.paths(), public_url=self.public_url)
        for webhook in told:
            yield {
                "id": new_id(),
                "webhook_id": webhook.id,
                "type": type_of(service, change),
                "service": service,
                "position": change.position,
                "audience": change.audience,
                "body": body,
                "state": "waiting",
                "attempts": 0,
                "due_at": now,
                "created_at": now,
            }
