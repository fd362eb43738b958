"""Which keys somebody may make: none that may do more than they, or for longer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from klaster_gateway.keys.errors import EntityNeeded, ExpiryInThePast, KeyBeyondYou, UnknownScope
from klaster_gateway.keys.models import ApiKey
from klaster_gateway.keys.schemas import KeyCreate
from klaster_gateway.keys.scopes import ScopesOf
from klaster_shared.access import may
from klaster_shared.errors import FieldError


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who makes keys: in which role, for whom, and within what, where they came with a key that was narrowed."""

    role: str
    entity: UUID | None = None
    scopes: frozenset[str] | None = None
    expires_at: datetime | None = None

    @property
    def is_admin(self) -> bool:
        """Whether they make keys of any role, for anybody."""
        return may(self.role, "admin")

    @property
    def keys_of(self) -> UUID | None:
        """Whose keys they deal with: an admin everybody's (None)."""
        return None if self.is_admin else self.entity


ADMIN = Maker(role="admin")


def check_wanted(wanted: KeyCreate, *, by: Maker, scopes: ScopesOf, now: datetime) -> KeyCreate:
    """The key as it is made: what was left out is what its maker has.

    Raises KeyBeyondYou, EntityNeeded, UnknownScope, ExpiryInThePast.
    """
    if not by.is_admin:
        wanted = _for_own_entity(wanted, by)
    if (wanted.role == "partner") != (wanted.entity is not None):
        raise EntityNeeded.field("/entity", "entity_needed", EntityNeeded.title)
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise ExpiryInThePast.field("/expires_at", "in_the_past", ExpiryInThePast.title)
    return _within_scopes(_within_time(wanted, by), by, scopes)


def check_rotated(key: ApiKey, *, by: Maker) -> None:
    """Whoever gets a key's new secret holds it: raises KeyBeyondYou where it may do more than they, or for longer."""
    if by.scopes is not None and not (key.scopes is not None and by.scopes.issuperset(key.scopes)):
        raise KeyBeyondYou("It may do more than your own key is narrowed to")
    if not by.is_admin and by.expires_at is not None and (key.expires_at is None or key.expires_at > by.expires_at):
        raise KeyBeyondYou(f"It lasts longer than your own key, which ends at {by.expires_at.isoformat()}")


def _for_own_entity(wanted: KeyCreate, by: Maker) -> KeyCreate:
    if wanted.role != "partner":
        raise _beyond("/role", f"Whoever speaks for an entity makes keys of partners, none of {wanted.role}")
    if wanted.entity not in {None, by.entity}:
        raise _beyond("/entity", "You do not speak for it")
    return wanted.model_copy(update={"entity": by.entity})


def _within_time(wanted: KeyCreate, by: Maker) -> KeyCreate:
    if by.is_admin or by.expires_at is None:
        return wanted
    if wanted.expires_at is not None and wanted.expires_at > by.expires_at:
        raise _beyond("/expires_at", f"Your own key ends at {by.expires_at.isoformat()}")
    return wanted.model_copy(update={"expires_at": wanted.expires_at or by.expires_at})


def _within_scopes(wanted: KeyCreate, by: Maker, scopes: ScopesOf) -> KeyCreate:
    if wanted.scopes is None:
        # A key that was narrowed hands on no more than it has, of what the new one's role has at all.
        inherited = None if by.scopes is None else sorted(by.scopes & scopes[wanted.role])
        if inherited == []:
            raise _beyond("/scopes", f"Of what your key is narrowed to, {wanted.role} has nothing")
        return wanted.model_copy(update={"scopes": inherited})
    wrong = [
        FieldError(pointer=f"/scopes/{place}", code="unknown_scope", detail=f"The role {wanted.role} has no {scope}")
        for place, scope in enumerate(wanted.scopes)
        if scope not in scopes[wanted.role]
    ]
    if wrong:
        raise UnknownScope("; ".join(error["detail"] for error in wrong), errors=wrong)
    for place, scope in enumerate(wanted.scopes):
        if by.scopes is not None and scope not in by.scopes:
            raise _beyond(f"/scopes/{place}", f"Your own key has no {scope}")
    return wanted


def _beyond(pointer: str, detail: str) -> KeyBeyondYou:
    return KeyBeyondYou(detail, errors=[FieldError(pointer=pointer, code=KeyBeyondYou.code, detail=detail)])
