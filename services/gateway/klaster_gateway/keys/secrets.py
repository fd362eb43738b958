"""What a key looks like: `klk_<prefix>_<secret>`; the prefix finds its row, the secret's digest proves it."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

KEY = "klk_"  # how every key begins
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without what people misread: l, o, 0, 1
_SHAPE = re.compile(r"klk_([a-z2-9]{8})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A key as it is shown once, and what is kept of it."""

    text: str
    prefix: str
    digest: bytes


def new_secret(prefix: str | None = None) -> NewSecret:
    """A key with 256 random bits; another secret of the key with this prefix, where one is given."""
    prefix = prefix or "".join(secrets.choice(_ALPHABET) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    return NewSecret(text=f"klk_{prefix}_{secret}", prefix=prefix, digest=digest_of(secret))


def digest_of(secret: str) -> bytes:
    """SHA-256 is enough here: the secret is 256 random bits, so there is no dictionary to try and nothing to slow down.

    A password hash would cost every first request of a key 50 ms and protect against nothing.
    """
    return hashlib.sha256(secret.encode()).digest()


def split_key(text: str) -> tuple[str, str] | None:
    """Prefix and secret of what looks like a key of ours."""
    match = _SHAPE.fullmatch(text)
    return (match[1], match[2]) if match else None


def is_secret_of(secret: str, digest: bytes) -> bool:
    """Whether `secret` is the one that was stored, in constant time."""
    return hmac.compare_digest(digest_of(secret), digest)
