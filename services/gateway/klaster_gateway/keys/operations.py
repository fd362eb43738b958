"""What can be done with keys: make one, look at them, give one another secret, revoke one, recognise one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.keys.errors import KeyEnded, KeyNotFound, KeyRevoked, RotationUnderWay
from klaster_gateway.keys.making import Maker, check_rotated, check_wanted
from klaster_gateway.keys.models import ApiKey
from klaster_gateway.keys.repository import KeyRepository
from klaster_gateway.keys.schemas import KeyCreate, KeyListParameters, KeyRead
from klaster_gateway.keys.scopes import ScopesOf
from klaster_gateway.keys.secrets import is_secret_of, new_secret, split_key
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.identifiers import new_id

MayChange = Callable[[int], None]
"""Raises where the caller has not seen this version."""
_KEY = "key:"


async def maker_of(session: AsyncSession, *, subject: str, role: str, entity: UUID | None) -> Maker:
    """Whoever makes keys: with a key of their own, they make none that may do more, or for longer."""
    if not subject.startswith(_KEY):
        return Maker(role=role, entity=entity)
    own = await get_key(session, key_id=UUID(subject.removeprefix(_KEY)))
    scopes = frozenset(own.scopes) if own.scopes is not None else None
    return Maker(role=role, entity=entity, scopes=scopes, expires_at=own.expires_at)


async def create_key(
    session: AsyncSession, *, wanted: KeyCreate, by: Maker, scopes: ScopesOf, now: datetime
) -> tuple[ApiKey, str]:
    """Make a key; its row, and its text, which exists nowhere else.

    Raises KeyBeyondYou, EntityNeeded where role and entity do not go together, UnknownScope for what the role has not,
    ExpiryInThePast where it would never work.
    """
    wanted = check_wanted(wanted, by=by, scopes=scopes, now=now)
    secret = new_secret()
    key = ApiKey(
        id=new_id(),
        prefix=secret.prefix,
        digest=secret.digest,
        name=wanted.name,
        role=wanted.role,
        entity=wanted.entity,
        scope=None if wanted.scopes is None else " ".join(sorted(set(wanted.scopes))),
        created_at=now,
        created_by=acting(session).subject,
        expires_at=wanted.expires_at,
    )
    KeyRepository(session).add(key)
    _log(session, key, "created")
    return key, secret.text


async def rotate_key(
    session: AsyncSession, *, key_id: UUID, by: Maker, overlap: timedelta, may_change: MayChange, now: datetime
) -> tuple[ApiKey, str]:
    """Give a key another secret; the one before works until `overlap` has passed. All else of it stays.

    Raises KeyNotFound, KeyRevoked or KeyEnded, KeyBeyondYou, and RotationUnderWay where a secret from before still
    works: it was promised to somebody. Without any overlap all end at once, which is for a secret that leaked.
    """
    key = await _held(session, key_id, by.keys_of, may_change)
    check_rotated(key, by=by)
    if key.expires_at is not None and key.expires_at <= now:
        raise KeyEnded(f"It ended at {key.expires_at.isoformat()}")
    if overlap and key.previous_until is not None and key.previous_until > now:
        raise RotationUnderWay(f"It works until {key.previous_until.isoformat()}; overlap_minutes 0 ends it now")
    secret = new_secret(key.prefix)
    key.previous_digest, key.previous_until = (key.digest, now + overlap) if overlap else (None, None)
    key.digest, key.rotated_at = secret.digest, now
    key.version += 1
    _log(session, key, "updated", "rotated_at", "previous_until")
    return key, secret.text


async def revoke_key(
    session: AsyncSession, *, key_id: UUID, of: UUID | None, may_change: MayChange, now: datetime
) -> None:
    """End a key for good; raises KeyNotFound, or KeyRevoked where it has ended already."""
    key = await _held(session, key_id, of, may_change)
    key.revoked_at = now
    key.revoked_by = acting(session).subject
    key.version += 1
    _log(session, key, "updated", "revoked_at")


async def _held(session: AsyncSession, key_id: UUID, of: UUID | None, may_change: MayChange) -> ApiKey:
    """A key that is to be changed; whoever speaks for an entity is told of its keys alone."""
    key = await KeyRepository(session).key(key_id)
    if key is None or of not in {None, key.entity}:
        raise KeyNotFound(f"There is no key {key_id}")
    may_change(key.version)
    if key.revoked_at is not None:
        raise KeyRevoked(f"It was revoked at {key.revoked_at.isoformat()}")
    return key


async def get_key(session: AsyncSession, *, key_id: UUID, of: UUID | None = None) -> ApiKey:
    """One key, or one of an entity's; raises KeyNotFound."""
    key = await KeyRepository(session).read_key(key_id)
    if key is None or of not in {None, key.entity}:
        raise KeyNotFound(f"There is no key {key_id}")
    return key


async def list_keys(
    session: AsyncSession, *, asked: KeyListParameters, of: UUID | None, now: datetime
) -> tuple[list[ApiKey], str | None]:
    """A page of keys, or of an entity's, the newest first."""
    return await KeyRepository(session).page(asked, of=of, now=now)


async def count_keys(session: AsyncSession, *, asked: KeyListParameters, of: UUID | None, now: datetime) -> int:
    """How many there are of those."""
    return await KeyRepository(session).count(asked, of=of, now=now)


async def recognise_key(session: AsyncSession, *, text: str, now: datetime) -> ApiKey | None:
    """The key that this text is; None where it is none of ours, or ended."""
    parts = split_key(text)
    if parts is None:
        return None
    prefix, secret = parts
    key = await KeyRepository(session).key_with_prefix(prefix)
    if key is None or key.revoked_at is not None or not _opens(key, secret, now):
        return None
    return None if key.expires_at is not None and key.expires_at <= now else key


def _opens(key: ApiKey, secret: str, now: datetime) -> bool:
    if is_secret_of(secret, key.digest):
        return True
    if key.previous_digest is None or key.previous_until is None or key.previous_until <= now:
        return False
    return is_secret_of(secret, key.previous_digest)


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
