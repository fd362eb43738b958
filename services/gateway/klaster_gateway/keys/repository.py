"""Every query about keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_gateway.keys.models import ApiKey
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

    async def page(self, *, cursor: str | None, limit: int) -> tuple[list[ApiKey], str | None]:
        """Keys, the newest first."""
        rows = list((await self._session.scalars(after(select(ApiKey), _ORDER, cursor).limit(limit + 1))).all())
        behind = next_cursor(rows, limit=limit, order=_ORDER, key=lambda key: [key.created_at, key.id])
        return rows[:limit], behind

    async def count(self) -> int:
        """How many keys there are, revoked ones too."""
        return int((await self._session.execute(select(func.count()).select_from(ApiKey))).scalar_one())

    async def note_use(self, used: Mapping[UUID, datetime]) -> None:
        """When keys were used last; what another replica noted later stays."""
        for key_id, moment in used.items():
            older = or_(col(ApiKey.last_used_at).is_(None), col(ApiKey.last_used_at) < moment)
            statement: Any = update(ApiKey).where(col(ApiKey.id) == key_id, older).values(last_used_at=moment)
            await self._session.execute(statement)
