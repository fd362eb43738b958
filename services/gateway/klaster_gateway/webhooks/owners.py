"""On whose behalf a webhook is: who may change it, and what it may be told, asked anew each time.

A key's webhook is its holder's, a partner's its entity's, and the office looks after all of them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.grants.operations import active_grants
from klaster_gateway.keys.errors import KeyNotFound
from klaster_gateway.keys.operations import get_key
from klaster_gateway.webhooks.models import Webhook
from klaster_shared.access import may

FEEDS = "changes:read"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever asks, as far as webhooks are concerned."""

    subject: str
    role: str
    entity: UUID | None = None
    issuer: str | None = None
    issuer_subject: str | None = None

    @property
    def looks_after_all(self) -> bool:
        """Whether others' webhooks are theirs to change as well."""
        return may(self.role, "office")

    def owns(self, webhook: Webhook) -> bool:
        """Whether they may look at this one and change it."""
        if self.looks_after_all:
            return True
        if self.role == "partner":
            return webhook.role == "partner" and webhook.entity == self.entity
        return webhook.owner == self.subject


async def is_granted(session: AsyncSession, owner: Owner, *, now: datetime) -> bool:
    """Whether a person acts in their role because of a grant, which can end, and not of a claim of their token."""
    if owner.issuer is None or owner.issuer_subject is None:
        return False
    return await _holds_grant(session, owner.issuer, owner.issuer_subject, owner.role, owner.entity, now=now)


async def standing_role(session: AsyncSession, webhook: Webhook, *, now: datetime) -> str | None:
    """The role in which a webhook is told things now; None where its owner may not be told any more.

    What a token claimed cannot be asked about later: there the role holds in which the webhook was made.
    """
    kind, _, name = webhook.owner.partition(":")
    if kind == "key":
        return await _role_of_key(session, UUID(name), webhook, now=now)
    if not webhook.granted or webhook.issuer is None or webhook.issuer_subject is None:
        return webhook.role
    held = await _holds_grant(session, webhook.issuer, webhook.issuer_subject, webhook.role, webhook.entity, now=now)
    return webhook.role if held else None


async def _role_of_key(session: AsyncSession, key_id: UUID, webhook: Webhook, *, now: datetime) -> str | None:
    try:
        key = await get_key(session, key_id=key_id)
    except KeyNotFound:
        return None
    ended = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
    if ended or key.entity != webhook.entity:
        return None
    # A key that was narrowed to other scopes than the feeds' is told what everybody may know, and no more.
    return key.role if key.scopes is None or FEEDS in key.scopes else "anonymous"


async def _holds_grant(
    session: AsyncSession, issuer: str, subject: str, role: str, entity: UUID | None, *, now: datetime
) -> bool:
    grants = await active_grants(session, issuer=issuer, subject=subject, now=now)
    return any(grant.entity == entity and may(grant.role, role) for grant in grants)  # type: ignore[arg-type]
