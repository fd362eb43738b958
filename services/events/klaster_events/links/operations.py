"""Signing links, and believing them: a link names one thing and one purpose, and cannot be made up or changed."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from itsdangerous import BadSignature, SignatureExpired, Signer, TimestampSigner
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.links import repository
from klaster_events.links.errors import LinkExpired, LinkRefused

Purpose = Literal["registration", "booking", "calendar", "export", "erase"]
_SECRET = 32  # bytes
_CHANGED = "The link is incomplete or was changed on its way: copy the whole of it"


class _ClockedSigner(TimestampSigner):
    """Signs with the time that it is handed, as everything here does."""

    now: int = 0

    def get_timestamp(self) -> int:
        return self.now


class Links:
    """Signs with the newest key, believes all."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = keys

    def sign(self, purpose: Purpose, thing: UUID) -> str:
        """The token of a link; the same for as long as the key is the newest."""
        return self._signer(purpose).sign(urlsafe_b64encode(thing.bytes).rstrip(b"=")).decode()

    def read(self, purpose: Purpose, token: str) -> UUID:
        """What a token names; raises LinkRefused where we did not sign it for this purpose."""
        try:
            return _named(self._signer(purpose).unsign(token))
        except (BadSignature, ValueError) as error:
            raise LinkRefused(_CHANGED) from error

    def sign_for_a_while(self, purpose: Purpose, thing: UUID, *, now: datetime) -> str:
        """The token of a link that opens for some time only: it carries when it was made."""
        return self._clocked(purpose, now).sign(urlsafe_b64encode(thing.bytes).rstrip(b"=")).decode()

    def read_within(self, purpose: Purpose, token: str, *, within: timedelta, now: datetime) -> UUID:
        """What a token of `sign_for_a_while` names; raises LinkRefused, or LinkExpired where it is older."""
        try:
            return _named(self._clocked(purpose, now).unsign(token, max_age=int(within.total_seconds())))
        except SignatureExpired as error:
            raise LinkExpired("Ask for a new link: this one has done its time") from error
        except (BadSignature, ValueError) as error:
            raise LinkRefused(_CHANGED) from error

    def _signer(self, purpose: Purpose) -> Signer:
        return Signer(self._known_keys(), salt=f"klaster.events.{purpose}")

    def _clocked(self, purpose: Purpose, now: datetime) -> TimestampSigner:
        signer = _ClockedSigner(self._known_keys(), salt=f"klaster.events.{purpose}.timed")
        signer.now = int(now.timestamp())
        return signer

    def _known_keys(self) -> list[bytes]:
        if not self._keys:
            raise LinkRefused("No link has been made here yet")
        return list(self._keys)


def _named(signed: bytes) -> UUID:
    return UUID(bytes=urlsafe_b64decode(signed + b"=="))


async def links_of(session: AsyncSession) -> Links:
    """The links made here so far, for reading."""
    return Links(await repository.keys(session))


async def signing_links(session: AsyncSession, *, now: datetime) -> Links:
    """As `links_of`, for a session that writes: the first one to sign makes the key."""
    if not await repository.keys(session):
        await repository.add_first(session, secret=secrets.token_bytes(_SECRET), now=now)
    return await links_of(session)
