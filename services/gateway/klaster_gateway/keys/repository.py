"""Every query about keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_gateway.keys.models import ApiKey
from klaster_gateway.keys.schemas import KeyListParameters
from klaster_shared.pagination import Order, after, next_cursor

_ORDER = [
    Order("created_at", col(ApiKey.created_at), descending=True),  # type: ignore[arg-type]
    Order("id", col(ApiKey.id), descending=True),  # type: ignore[arg-type]
]


class KeyRepository:
    """The keys of one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, key: ApiKey) -> None:
        """A new key."""
        self._session.add(key)

    async def key(self, key_id: UUID) -> ApiKey | None:
        """The key with this id."""
        return await self._session.get(ApiKey, key_id, with_for_update=True)

    async def read_key(self, key_id: UUID) -> ApiKey | None:
        """The key with this id, to be looked at."""
        return await self._session.get(ApiKey, key_id)

    async def key_with_prefix(self, prefix: str) -> ApiKey | None:
        """The key whose text begins with this prefix."""
        return (await self._session.execute(select(ApiKey).where(col(ApiKey.prefix) == prefix))).scalar_one_or_none()

    async def lasting_key_exists(self, role: str) -> bool:
        """Whether a key of this role is neither revoked nor bound to end."""
        statement = select(col(ApiKey.id)).where(
            col(ApiKey.role) == role, col(ApiKey.revoked_at).is_(None), col(ApiKey.expires_at).is_(None)
        )
        return (await self._session.execute(statement.limit(1))).first() is not None

    async def page(
        self, asked: KeyListParameters, *, of: UUID | None, now: datetime
    ) -> tuple[list[ApiKey], str | None]:
        """Keys, the newest first; those of one entity, where one is given."""
        statement = after(_asked(select(ApiKey), asked, of, now), _ORDER, asked.cursor)
        rows = list((await self._session.scalars(statement.limit(asked.limit + 1))).all())
        behind = next_cursor(rows, limit=asked.limit, order=_ORDER, key=lambda key: [key.created_at, key.id])
        return rows[: asked.limit], behind

    async def count(self, asked: KeyListParameters, *, of: UUID | None, now: datetime) -> int:
        """How many of those there are, revoked ones too."""
        statement = _asked(select(func.count()).select_from(ApiKey), asked, of, now)
        return int((await self._session.execute(statement)).scalar_one())

    async def note_use(self, used: Mapping[UUID, datetime]) -> None:
        """When keys were used last; what another replica noted later stays."""
        for key_id, moment in used.items():
            older = or_(col(ApiKey.last_used_at).is_(None), col(ApiKey.last_used_at) < moment)
            statement: Any = update(ApiKey).where(col(ApiKey.id) == key_id, older).values(last_used_at=moment)
            await self._session.execute(statement)


def _asked(statement: Any, asked: KeyListParameters, of: UUID | None, now: datetime) -> Any:
    if of is not None:
        statement = statement.where(col(ApiKey.entity) == of)
    if asked.role:
        statement = statement.where(col(ApiKey.role).in_(asked.role))
    if asked.entity:
        statement = statement.where(col(ApiKey.entity).in_(asked.entity))
    if asked.active is not None:
        lasting = or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now)
        active = and_(col(ApiKey.revoked_at).is_(None), lasting)
        statement = statement.where(active if asked.active else not_(active))
    return statement
