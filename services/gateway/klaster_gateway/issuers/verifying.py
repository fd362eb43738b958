"""Access tokens (RFC 9068): whose they are, whom they are for, until when, and which of our roles they name."""

import hashlib
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from pydantic_core import from_json

from klaster_gateway.issuers.errors import TokenRefused
from klaster_gateway.issuers.keys import IssuerKeys
from klaster_gateway.issuers.settings import IssuerSettings
from klaster_shared.access import INCLUDES, Role

CLOCK_SKEW = 30  # seconds
# What tells an ID token, where an issuer writes the same type over both (OpenID Connect Core, 2 and 3.3.2.11).
_OF_ID_TOKENS = frozenset({"nonce", "at_hash", "c_hash"})
_TIMEOUT = httpx.Timeout(5.0, connect=2.0)
_MAX_KEPT = 10_000
_MAX_TOKEN = 16 * 1024
_REFUSED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who an access token speaks of: an opaque subject of ours, whom the issuer means, and a role by its claims."""

    subject: str
    issuer: str
    issuer_subject: str
    role: Role
    expires_at: float


class Issuers:
    """Verifies access tokens of the issuers that are configured, and of no others."""

    def __init__(self, settings: Sequence[IssuerSettings]) -> None:
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)
        self._settings = {each.issuer: each for each in settings}
        self._keys = {each.issuer: IssuerKeys(each.issuer, self._client) for each in settings}
        self._known: dict[str, Holder] = {}

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def holder_of(self, token: str) -> Holder:
        """Whose token this is; raises TokenRefused, or IssuerAway where its issuer's keys cannot be had."""
        known = self._known.get(token)
        if known is not None and known.expires_at > time.time() - CLOCK_SKEW:
            return known
        holder = await self._verified(token)
        if len(self._known) >= _MAX_KEPT:
            self._known.clear()
        self._known[token] = holder
        return holder

    async def _verified(self, token: str) -> Holder:
        header, claimed = _unverified(token)
        issuer = claimed.get("iss")
        settings = self._settings.get(issuer) if isinstance(issuer, str) else None
        if settings is None:
            raise TokenRefused("Its issuer is not one of ours", headers=_REFUSED)
        if not _is_access_token(header, claimed, settings):
            raise TokenRefused("It is no access token (RFC 9068): send that, not an ID token", headers=_REFUSED)
        if header.get("alg") not in settings.algorithms:
            raise TokenRefused("It is signed in a way that is not accepted", headers=_REFUSED)
        key = await self._keys[settings.issuer].find(str(header.get("kid", "")))
        if key.get("alg") not in {None, header["alg"]}:
            raise TokenRefused("Its key is for another way of signing", headers=_REFUSED)
        try:
            claims = jwt.decode(token, key, algorithms=list(settings.algorithms)).claims
        except (JoseError, ValueError, TypeError) as error:
            raise TokenRefused("Its signature does not hold", headers=_REFUSED) from error
        return _holder(claims, settings)


def _is_access_token(header: Mapping[str, Any], claims: Mapping[str, Any], settings: IssuerSettings) -> bool:
    told = str(header.get("typ", "")).lower().removeprefix("application/")
    if told not in {kind.lower() for kind in settings.token_types}:
        return False
    return told == "at+jwt" or not _OF_ID_TOKENS.intersection(claims)


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before anything is believed: only to find the issuer's keys."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _MAX_TOKEN:
        raise TokenRefused("It is neither a key of ours nor an access token", headers=_REFUSED)
    try:
        # The library's own reader fails on a thousand brackets in another way than on what is no JSON.
        header, claims = (from_json(urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except ValueError as error:
        raise TokenRefused("It cannot be read", headers=_REFUSED) from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TokenRefused("It cannot be read", headers=_REFUSED)
    return header, claims


def _holder(claims: Mapping[str, Any], settings: IssuerSettings) -> Holder:
    now = time.time()
    expires, issued, subject = claims.get("exp"), claims.get("iat"), claims.get("sub")
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        raise TokenRefused("It does not say when it is good", headers=_REFUSED)
    if expires <= now - CLOCK_SKEW or max(issued, claims.get("nbf") or 0) > now + CLOCK_SKEW:
        raise TokenRefused("It has ended, or has not begun", headers=_REFUSED)
    audience = claims.get("aud")
    if settings.audience not in (audience if isinstance(audience, list) else [audience]):
        raise TokenRefused("It is meant for somebody else", headers=_REFUSED)
    if not isinstance(subject, str) or not subject:
        raise TokenRefused("It speaks of nobody", headers=_REFUSED)
    return Holder(
        subject=subject_of(settings.issuer, subject),
        issuer=settings.issuer,
        issuer_subject=subject,
        role=_role(claims, settings),
        expires_at=float(expires),
    )


def subject_of(issuer: str, subject: str) -> str:
    """An opaque name for a person: the same each time, and telling nobody who it is."""
    both = f"{issuer}\n{subject}".encode()
    return f"oidc:{hashlib.blake2b(both, digest_size=16).hexdigest()}"


def _role(claims: Mapping[str, Any], settings: IssuerSettings) -> Role:
    """The role that includes most; `anonymous` where the claims name none of ours."""
    found: Any = claims
    for step in settings.roles_claim.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    named = found if isinstance(found, list) else [found] if isinstance(found, str) else []
    ours: list[Role] = [settings.roles[name] for name in named if isinstance(name, str) and name in settings.roles]
    return max(ours, key=lambda role: len(INCLUDES[role]), default="anonymous")
