"""Key files of the services: a private key each (JWK), and one set of all public keys (JWKS) that everybody reads.

What is written is written whole: whoever reads sees the file from before or the one from after.
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
UNTIL = "klaster_until"  # in a public key that was withdrawn: until when tokens that it signed before are believed
HandOver = Callable[[Path], None]


def stamp_of(path: Path) -> tuple[int, ...]:
    """What tells a file from the one that was there before; raises OSError where there is none."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def create_keys(names: Iterable[str], *, private: Path, jwks: Path) -> list[str]:
    """Create the private keys that are missing and the public set of all; the names of the new ones."""
    private.mkdir(parents=True, exist_ok=True, mode=0o700)
    return create_key_files({name: private / f"{name}.jwk" for name in names}, jwks=jwks)


def create_key_files(files: Mapping[str, Path], *, jwks: Path, hand_over: HandOver | None = None) -> list[str]:
    """As above, for private keys that lie in folders of their own; `hand_over` gives a new file to its reader."""
    with _locked(jwks):
        missing = [name for name, path in files.items() if not path.exists()]
        for name in missing:
            _write_secret(files[name], _new_key(name), hand_over)
        _publish(jwks, [_read(path) for path in files.values()], retiring=_retiring(jwks))
    return missing


def rotate_keys(files: Mapping[str, Path], *, jwks: Path, kept: float, hand_over: HandOver | None = None) -> None:
    """Give every owner another key, without a moment in which a token is refused.

    The new public keys are published first, then the private ones exchanged, then the old public ones marked: they
    are believed for `kept` seconds more, for as long as tokens that they signed are used.
    """
    with _locked(jwks):
        old = [_read(path) for path in files.values()]
        new = {name: _new_key(name) for name in files}
        _publish(jwks, [*old, *new.values()], retiring=_retiring(jwks))
        for name, path in files.items():
            _write_secret(path, new[name], hand_over)
        until = int(time.time() + kept)
        withdrawn = [{**_public(key), UNTIL: until} for key in old] if kept else []
        _publish(jwks, list(new.values()), retiring=[*_retiring(jwks), *withdrawn])


def _new_key(name: str) -> OKPKey:
    """A key whose id begins with its owner's name, which is the only issuer that it may sign for."""
    kid = f"{name}:{int(time.time())}-{secrets.token_hex(3)}"
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig", "alg": ALGORITHM})


def _read(path: Path) -> OKPKey:
    return OKPKey.import_key(json.loads(path.read_text()))


def _public(key: OKPKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


def _retiring(jwks: Path) -> list[dict[str, Any]]:
    """Keys that were withdrawn, and whose tokens may still be on their way."""
    published = json.loads(jwks.read_text())["keys"] if jwks.exists() else []
    return [key for key in published if key.get(UNTIL, 0) > time.time()]


def _publish(jwks: Path, keys: Iterable[OKPKey], *, retiring: Iterable[Mapping[str, Any]]) -> None:
    text = json.dumps({"keys": [*(_public(key) for key in keys), *retiring]}, indent=1)
    if jwks.exists() and jwks.read_text() == text:
        return  # an unchanged one keeps its time
    draft = jwks.with_suffix(".new")
    draft.write_text(text)
    draft.chmod(0o644)
    draft.replace(jwks)


def _write_secret(path: Path, key: OKPKey, hand_over: HandOver | None) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
    if hand_over is not None:
        hand_over(draft)
    draft.replace(path)


@contextmanager
def _locked(jwks: Path) -> Iterator[None]:
    """One who writes at a time: two rotations at once would each drop the other's keys."""
    jwks.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(jwks.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
