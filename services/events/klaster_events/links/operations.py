"""Signing links, and believing them: a link names one thing and one purpose, and cannot be made up or changed."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.links import repository
from klaster_events.links.errors import LinkRefused

Purpose = Literal["registration", "calendar", "export", "erase"]
_SECRET = 32  # bytes


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
            named = self._signer(purpose).unsign(token)
            return UUID(bytes=urlsafe_b64decode(named + b"=="))
        except (BadSignature, ValueError) as error:
            raise LinkRefused("The link is incomplete or was changed on its way: copy the whole of it") from error

    def _signer(self, purpose: Purpose) -> Signer:
        if not self._keys:
            raise LinkRefused("No link has been made here yet")
        return Signer(list(self._keys), salt=f"klaster.events.{purpose}")


async def links_of(session: AsyncSession) -> Links:
    """The links made here so far, for reading."""
    return Links(await repository.keys(session))


async def signing_links(session: AsyncSession, *, now: datetime) -> Links:
    """As `links_of`, for a session that writes: the first one to sign makes the key."""
    if not await repository.keys(session):
        await repository.add_first(session, secret=secrets.token_bytes(_SECRET), now=now)
    return await links_of(session)
