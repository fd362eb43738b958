"""Internal tokens: who a request comes from, signed for one service and one minute (Ed25519, RFC 9864 names)."""

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic_core import from_json

from klaster_shared.errors import Unauthenticated
from klaster_shared.keyfiles import ALGORITHM, UNTIL, create_keys, rotate_keys, stamp_of

LIFETIME = 60  # seconds
CLOCK_SKEW = 30  # seconds that two machines may differ
LOOKED_AT_EACH = 1.0  # seconds between two looks at the file of public keys
_MAX_CACHED = 4096
log = structlog.get_logger(__name__)


class ClockSkew(Unauthenticated):
    code, title = "clock_skew", "The token is from another time: compare the clocks of the machines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says: who (subject, role, entity), through whom (issuer), for what (scopes)."""

    issuer: str
    subject: str
    role: str
    scopes: frozenset[str]
    entity: UUID | None = None


class Signer:
    """Mints tokens in the name of one service. The key file is read again when it changes: keys rotate under way."""

    def __init__(self, issuer: str, path: Path) -> None:
        self.issuer = issuer
        self._file = path
        self._stamp = stamp_of(path)
        self._key = self._read()

    @classmethod
    def from_file(cls, issuer: str, path: Path) -> "Signer":
        """Read the service's private key (a JWK file)."""
        return cls(issuer, path)

    def _read(self) -> OKPKey:
        return OKPKey.import_key(json.loads(self._file.read_text()))

    @property
    def kid(self) -> str:
        """Which key is signed with now."""
        return str(self._newest_key().kid)

    def _newest_key(self) -> OKPKey:
        """The key of now; the one before where the file cannot be read at this moment, until it can."""
        try:
            stamp = stamp_of(self._file)
            if stamp != self._stamp:
                self._key, self._stamp = self._read(), stamp
        except (OSError, ValueError) as error:
            log.warning("key_file_unreadable", file=self._file.name, error=f"{type(error).__name__}: {error}")
        return self._key

    def mint(
        self,
        *,
        audience: str,
        subject: str,
        role: str,
        scopes: Iterable[str],
        entity: UUID | None = None,
        now: float | None = None,
    ) -> str:
        """A token for `audience` alone, good for one minute."""
        issued = int(now if now is not None else time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": audience,
            "sub": subject,
            "role": role,
            "scope": " ".join(sorted(scopes)),
            "iat": issued,
            "exp": issued + LIFETIME,
        }
        if entity is not None:
            claims["entity"] = str(entity)
        key = self._newest_key()
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


class Verifier:
    """Checks tokens meant for one service, and keeps what it verified until the token expires.

    A signature check costs more than a whole lean route, and a caller repeats its token for most of a minute.
    The key file is read again when it changes, so that keys rotate without a restart: looked at once a second, and at
    once for a key that nobody knows. A key that was withdrawn is believed until the moment that the file says.
    """

    def __init__(self, audience: str, jwks_file: Path) -> None:
        self.audience = audience
        self._file = jwks_file
        self._stamp: tuple[int, ...] = ()
        self._looked_at = float("-inf")
        self._keys: dict[str, OKPKey] = {}
        self._until: dict[str, float] = {}
        self._known: dict[str, tuple[float, Claims]] = {}

    def verify(self, token: str, *, now: float | None = None) -> Claims:
        """The claims of a good token; raises Unauthenticated, or ClockSkew when it is of another time."""
        moment = now if now is not None else time.time()
        if time.monotonic() - self._looked_at >= LOOKED_AT_EACH:
            self._refresh_keys()
        known = self._known.get(token)
        if known is not None and known[0] > moment:
            return known[1]
        raw, until = self._decode(token, moment)
        self._check_time(raw, moment)
        claims = _claims(raw, self.audience)
        if len(self._known) >= _MAX_CACHED:
            self._known.clear()
        self._known[token] = (min(float(raw["exp"]) + CLOCK_SKEW, until), claims)
        return claims

    def _decode(self, token: str, moment: float) -> tuple[dict[str, Any], float]:
        """Its claims, and until when the key that signed them is believed."""
        try:
            kid = from_json(_unpadded(token.split(".", 1)[0]))["kid"]
            if kid not in self._keys:
                self._refresh_keys()
            until = self._until.get(kid, float("inf"))
            if until <= moment:
                raise KeyError(kid)
            decoded = jwt.decode(token, self._keys[kid], algorithms=[ALGORITHM])
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unauthenticated("The internal token is not one of ours") from error
        claims = dict(decoded.claims)
        # A key signs in one name only: the neighbour that holds it cannot speak as the gateway.
        if claims.get("iss") != kid.split(":", 1)[0]:
            raise Unauthenticated("The internal token is signed by another than it says")
        return claims, until

    def _check_time(self, raw: dict[str, Any], moment: float) -> None:
        issued, expires = raw.get("iat"), raw.get("exp")
        if not isinstance(issued, int) or not isinstance(expires, int) or expires - issued > LIFETIME:
            raise Unauthenticated("The internal token does not say when it is good")
        if issued > moment + CLOCK_SKEW or expires <= moment - CLOCK_SKEW:
            raise ClockSkew(f"Issued at {issued}, expires at {expires}, here it is {int(moment)}")

    def _refresh_keys(self) -> None:
        self._looked_at = time.monotonic()
        stamp = stamp_of(self._file)
        if stamp == self._stamp:
            return
        published = json.loads(self._file.read_text())
        keys = KeySet.import_key_set(published).keys
        self._keys = {str(key.kid): key for key in keys if isinstance(key, OKPKey)}
        self._until = {key["kid"]: float(key[UNTIL]) for key in published["keys"] if UNTIL in key}
        self._known.clear()
        self._stamp = stamp


def _unpadded(part: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _claims(raw: dict[str, Any], audience: str) -> Claims:
    if raw.get("aud") != audience:
        raise Unauthenticated("The internal token is meant for another service")
    try:
        return Claims(
            issuer=str(raw["iss"]),
            subject=str(raw["sub"]),
            role=str(raw["role"]),
            scopes=frozenset(str(raw.get("scope", "")).split()),
            entity=UUID(raw["entity"]) if "entity" in raw else None,
        )
    except (KeyError, ValueError) as error:
        raise Unauthenticated("The internal token is incomplete") from error


def main() -> None:
    """Create missing key pairs: `python -m klaster_shared.tokens --jwks FILE --private DIR NAME...`.

    `--rotate` gives everybody another one while services run: they sign with the new keys at once, and tokens of the
    old ones are good for the rest of their minute. `--at-once` withdraws the old ones at the same moment, which is for
    a key that leaked: what is under way then may be refused.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--jwks", type=Path, required=True, help="the public keys of all, as a JWK set")
    parser.add_argument("--private", type=Path, required=True, help="folder for the private keys")
    parser.add_argument("--rotate", action="store_true", help="give everybody named another key")
    parser.add_argument("--at-once", action="store_true", help="with --rotate: the old keys are good for nothing")
    parser.add_argument("names", nargs="+", help="who signs: gateway, indicators, events, ...")
    arguments = parser.parse_args()
    create_keys(arguments.names, private=arguments.private, jwks=arguments.jwks)
    if arguments.rotate:
        files = {name: arguments.private / f"{name}.jwk" for name in arguments.names}
        rotate_keys(files, jwks=arguments.jwks, kept=0 if arguments.at_once else LIFETIME + CLOCK_SKEW)


if __name__ == "__main__":
    main()
