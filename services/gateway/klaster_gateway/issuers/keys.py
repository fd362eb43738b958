"""An issuer's public keys: found by discovery, kept, and asked for anew when a token names one that is unknown."""

import asyncio
from time import monotonic
from typing import Any

import httpx
import structlog
from joserfc.jwk import Key, KeySet
from pydantic import BaseModel, ValidationError

from klaster_gateway.issuers.errors import IssuerAway, TokenRefused

KEPT = 600.0  # seconds; a key that was withdrawn is believed no longer than this
AWAY_FOR = 5.0  # seconds for which an issuer that did not answer is not asked again: nobody queues for its silence
AT_MOST_EACH = 15.0  # seconds between two looks for keys that nobody knows: tokens are not to make us ask at will
_LARGEST = 512 * 1024
log = structlog.get_logger(__name__)


class _Discovered(BaseModel):
    issuer: str
    jwks_uri: str


class IssuerKeys:
    """The keys of one issuer."""

    def __init__(self, issuer: str, client: httpx.AsyncClient) -> None:
        self._issuer = issuer
        self._client = client
        self._keys: dict[str, Key] = {}
        self._looked_at = float("-inf")
        self._away_until = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> Key:
        """The key of this id; raises TokenRefused where the issuer has none, IssuerAway where it cannot be asked."""
        if kid not in self._keys or monotonic() - self._looked_at > KEPT:
            await self._refresh(kid)
        key = self._keys.get(kid)
        if key is None:
            raise TokenRefused("It is signed with a key that its issuer does not publish")
        return key

    async def _refresh(self, kid: str) -> None:
        async with self._lock:
            age = monotonic() - self._looked_at
            if age < AT_MOST_EACH or (kid in self._keys and age <= KEPT):
                return  # somebody else has just looked
            if monotonic() >= self._away_until:
                await self._look()
            # What is known goes on: an issuer that is away for a while locks nobody out.
            if kid not in self._keys and monotonic() < self._away_until:
                raise IssuerAway(f"{self._issuer} cannot be asked", headers={"Retry-After": "5"})

    async def _look(self) -> None:
        try:
            self._keys = await self._published()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("issuer_away", issuer=self._issuer, error=f"{type(error).__name__}: {error}")
            self._away_until = monotonic() + AWAY_FOR
        else:
            self._looked_at = monotonic()

    async def _published(self) -> dict[str, Key]:
        where = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            told = _Discovered.model_validate(await self._json(where))
        except ValidationError as error:
            raise ValueError("the discovery document lacks issuer or jwks_uri") from error
        if told.issuer != self._issuer:
            raise ValueError(f"the discovery document is of {told.issuer}")
        keys = KeySet.import_key_set(await self._json(told.jwks_uri)).keys
        return {str(key.kid): key for key in keys if key.kid and key.get("use", "sig") == "sig"}

    async def _json(self, url: str) -> Any:
        response = await self._client.get(url)
        response.raise_for_status()
        if len(response.content) > _LARGEST:
            raise ValueError("the answer is larger than any set of keys")
        return response.json()
