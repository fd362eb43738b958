"""Internal tokens: who a request comes from, signed for one service and one minute (Ed25519, RFC 9864 names)."""

import argparse
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from klaster_shared.errors import Unauthenticated

ALGORITHM = "Ed25519"
LIFETIME = 60  # seconds
CLOCK_SKEW = 30  # seconds that two machines may differ
_MAX_CACHED = 4096


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
    """Mints tokens in the name of one service."""

    def __init__(self, issuer: str, key: OKPKey) -> None:
        self.issuer = issuer
        self._key = key

    @classmethod
    def from_file(cls, issuer: str, path: Path) -> "Signer":
        """Read the service's private key (a JWK file)."""
        return cls(issuer, OKPKey.import_key(json.loads(path.read_text())))

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
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, algorithms=[ALGORITHM])


class Verifier:
    """Checks tokens meant for one service, and keeps what it verified until the token expires.

    A signature check costs more than a whole lean route, and a caller repeats its token for most of a minute.
    The key file is read again when it changes, so that keys rotate without a restart.
    """

    def __init__(self, audience: str, jwks_file: Path) -> None:
        self.audience = audience
        self._file = jwks_file
        self._stamp = 0.0
        self._keys: dict[str, OKPKey] = {}
        self._known: dict[str, tuple[float, Claims]] = {}

    def verify(self, token: str, *, now: float | None = None) -> Claims:
        """The claims of a good token; raises Unauthenticated, or ClockSkew when it is of another time."""
        moment = now if now is not None else time.time()
        known = self._known.get(token)
        if known is not None and known[0] > moment:
            return known[1]
        raw = self._decode(token)
        self._check_time(raw, moment)
        claims = _claims(raw, self.audience)
        if len(self._known) >= _MAX_CACHED:
            self._known.clear()
        self._known[token] = (float(raw["exp"]) + CLOCK_SKEW, claims)
        return claims

    def _decode(self, token: str) -> dict[str, Any]:
        self._refresh_keys()
        try:
            header = json.loads(_unpadded(token.split(".", 1)[0]))
            key = self._keys[header["kid"]]
            decoded = jwt.decode(token, key, algorithms=[ALGORITHM])
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unauthenticated("The internal token is not one of ours") from error
        claims = dict(decoded.claims)
        # A key signs in one name only: the neighbour that holds it cannot speak as the gateway.
        if claims.get("iss") != header["kid"].split(":", 1)[0]:
            raise Unauthenticated("The internal token is signed by another than it says")
        return claims

    def _check_time(self, raw: dict[str, Any], moment: float) -> None:
        issued, expires = raw.get("iat"), raw.get("exp")
        if not isinstance(issued, int) or not isinstance(expires, int) or expires - issued > LIFETIME:
            raise Unauthenticated("The internal token does not say when it is good")
        if issued > moment + CLOCK_SKEW or expires <= moment - CLOCK_SKEW:
            raise ClockSkew(f"Issued at {issued}, expires at {expires}, here it is {int(moment)}")

    def _refresh_keys(self) -> None:
        stamp = self._file.stat().st_mtime
        if stamp == self._stamp:
            return
        keys = KeySet.import_key_set(json.loads(self._file.read_text())).keys
        self._keys = {str(key.kid): key for key in keys if isinstance(key, OKPKey)}
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


def create_keys(names: Iterable[str], *, private: Path, jwks: Path) -> list[str]:
    """Create the private keys that are missing and the public set of all; the names of the new ones.

    A key's id begins with its owner's name, which is the only issuer it may sign for.
    """
    private.mkdir(parents=True, exist_ok=True, mode=0o700)
    created = []
    public = []
    for name in names:
        path = private / f"{name}.jwk"
        if not path.exists():
            key = OKPKey.generate_key("Ed25519", {"kid": f"{name}:{int(time.time())}", "use": "sig", "alg": ALGORITHM})
            _write_secret(path, json.dumps(key.as_dict(private=True)))
            created.append(name)
        public.append(OKPKey.import_key(json.loads(path.read_text())).as_dict(private=False))
    _write_whole(jwks, json.dumps({"keys": public}, indent=1))
    return created


def _write_secret(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _write_whole(path: Path, text: str) -> None:
    """Readers see the old file or the new one, never half of it; an unchanged one keeps its time."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)


def main() -> None:
    """Create missing key pairs: `python -m klaster_shared.tokens --jwks FILE --private DIR NAME...`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--jwks", type=Path, required=True, help="the public keys of all, as a JWK set")
    parser.add_argument("--private", type=Path, required=True, help="folder for the private keys")
    parser.add_argument("names", nargs="+", help="who signs: gateway, indicators, events, ...")
    arguments = parser.parse_args()
    create_keys(arguments.names, private=arguments.private, jwks=arguments.jwks)


if __name__ == "__main__":
    main()
