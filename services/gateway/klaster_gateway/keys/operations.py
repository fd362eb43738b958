"""What can be done with keys: make one, look at them, revoke one, recognise one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.keys.errors import EntityNeeded, ExpiryInThePast, KeyNotFound, KeyRevoked
from klaster_gateway.keys.models import ApiKey
from klaster_gateway.keys.repository import KeyRepository
from klaster_gateway.keys.schemas import KeyCreate, KeyRead
from klaster_gateway.keys.secrets import is_secret_of, new_secret, split_key
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.identifiers import new_id

MayChange = Callable[[int], None]
"""Raises where the caller has not seen this version."""


async def create_key(session: AsyncSession, *, wanted: KeyCreate, now: datetime) -> tuple[ApiKey, str]:
    """Make a key; its row, and its text, which exists nowhere else.

    Raises EntityNeeded where role and entity do not go together, ExpiryInThePast where it would never work.
    """
    if (wanted.role == "partner") != (wanted.entity is not None):
        raise EntityNeeded.field("/entity", "entity_needed", EntityNeeded.title)
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise ExpiryInThePast.field("/expires_at", "in_the_past", ExpiryInThePast.title)
    secret = new_secret()
    key = ApiKey(
        id=new_id(),
        prefix=secret.prefix,
        digest=secret.digest,
        name=wanted.name,
        role=wanted.role,
        entity=wanted.entity,
        created_at=now,
        created_by=acting(session).subject,
        expires_at=wanted.expires_at,
    )
    KeyRepository(session).add(key)
    _log(session, key, "created")
    return key, secret.text


async def revoke_key(session: AsyncSession, *, key_id: UUID, may_change: MayChange, now: datetime) -> None:
    """End a key for good; raises KeyNotFound, or KeyRevoked where it has ended already."""
    key = await KeyRepository(session).key(key_id)
    if key is None:
        raise KeyNotFound(f"There is no key {key_id}")
    if key.revoked_at is not None:
        raise KeyRevoked(f"It was revoked at {key.revoked_at.isoformat()}")
    may_change(key.version)
    key.revoked_at = now
    key.revoked_by = acting(session).subject
    key.version += 1
    _log(session, key, "updated", "revoked_at")


async def get_key(session: AsyncSession, *, key_id: UUID) -> ApiKey:
    """One key; raises KeyNotFound."""
    key = await KeyRepository(session).read_key(key_id)
    if key is None:
        raise KeyNotFound(f"There is no key {key_id}")
    return key


async def list_keys(session: AsyncSession, *, cursor: str | None, limit: int) -> tuple[list[ApiKey], str | None]:
    """A page of keys, the newest first."""
    return await KeyRepository(session).page(cursor=cursor, limit=limit)


async def count_keys(session: AsyncSession) -> int:
    """How many keys were ever made."""
    return await KeyRepository(session).count()


async def recognise_key(session: AsyncSession, *, text: str, now: datetime) -> ApiKey | None:
    """The key that this text is; None where it is none of ours, or ended."""
    parts = split_key(text)
    if parts is None:
        return None
    prefix, secret = parts
    key = await KeyRepository(session).key_with_prefix(prefix)
    if key is None or not is_secret_of(secret, key.digest) or key.revoked_at is not None:
        return None
    return None if key.expires_at is not None and key.expires_at <= now else key


async def lasting_admin_key_exists(session: AsyncSession) -> bool:
    """Whether somebody already holds a key that can make other keys and does not end by itself."""
    return await KeyRepository(session).lasting_key_exists("admin")


async def note_use(session: AsyncSession, *, used: Mapping[UUID, datetime]) -> None:
    """Write down when keys were used last. No change of the record: it is neither logged nor a new version."""
    await KeyRepository(session).note_use(used)


def _log(session: AsyncSession, key: ApiKey, kind: str, *changed: str) -> None:
    record = KeyRead.model_validate(key, from_attributes=True)
    record_change(
        session,
        kind="created" if kind == "created" else "updated",
        collection="keys",
        id=key.id,
        changed=changed,
        record=record,
        audience="admin",
    )
