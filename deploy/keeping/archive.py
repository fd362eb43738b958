"""The archive: a tar.gz with a manifest, the checksums of all that is in it, and a file per database."""

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from deploy.local.errors import Refusal
from deploy.services import SERVICES
from klaster_shared.stock import Stock

Engine = Literal["sqlite", "postgresql"]
MANIFEST, SUMS, LEDGER = "manifest.json", "SHA256SUMS", "erasures.jsonl"
SUFFIXES: Mapping[Engine, str] = {"sqlite": "db", "postgresql": "dump"}
FORMAT = 1
_BLOCK = 2**20


class Manifest(BaseModel):
    """What the archive holds, and what a stack made from it has to hold."""

    format: int = FORMAT
    version: str
    engine: Engine
    began_at: datetime
    ended_at: datetime
    services: dict[str, Stock]


def file_of(service: str, engine: Engine) -> str:
    """A service's database within the archive."""
    return f"{service}.{SUFFIXES[engine]}"


def write_archive(archive: Path, folder: Path, manifest: Manifest) -> None:
    """Pack a folder of copies: whole, on the disk and for its owner alone, or not at all."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n")
    names = [MANIFEST, *sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)]
    (folder / SUMS).write_text("".join(f"{sha256(folder / name)}  {name}\n" for name in names))
    draft = archive.with_name(archive.name + ".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        # Level 6 is half as slow as 9, for a hundredth more.
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
            for name in (MANIFEST, SUMS, *names[1:]):
                tar.add(folder / name, arcname=name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(archive)


def read_archive(archive: Path, folder: Path) -> Manifest:
    """Unpack into a folder; raises Refusal where it is none of ours, or not what was written."""
    with _readable(archive):
        with tarfile.open(archive, mode="r:gz") as tar:
            for member in tar:
                if member.name not in _NAMES or not member.isfile():
                    raise Refusal(f"{archive} is no backup of this stack: it holds {member.name}")
                _unpack(tar, member, folder / member.name)
        manifest = _manifest(folder)
    _check_sums(archive, folder, manifest)
    return manifest


_NAMES = frozenset({MANIFEST, SUMS, LEDGER, *(f"{name}.{end}" for name in SERVICES for end in SUFFIXES.values())})


@contextmanager
def _readable(archive: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Refusal(f"there is no backup {archive}: name it with FROM=") from None
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise Refusal(f"{archive} cannot be read: it is damaged, or no backup ({error})") from error


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    source = tar.extractfile(member)
    assert source is not None
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while block := source.read(_BLOCK):
            target.write(block)


def _manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        raise Refusal("the archive holds no manifest that this release can read") from None
    if manifest.format != FORMAT:
        raise Refusal(f"the archive is of format {manifest.format}, this release reads {FORMAT}: take a newer one")
    return manifest


def _check_sums(archive: Path, folder: Path, manifest: Manifest) -> None:
    wanted = {file_of(service, manifest.engine) for service in SERVICES} | {MANIFEST, LEDGER}
    lines = (folder / SUMS).read_text().splitlines() if (folder / SUMS).exists() else []
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    if missing := sorted(name for name in wanted if name not in sums or not (folder / name).exists()):
        raise Refusal(f"{archive} is not whole: {', '.join(missing)} is missing")
    for name, digest in sums.items():
        if not (folder / name).exists() or sha256(folder / name) != digest:
            raise Refusal(f"{archive} is damaged: {name} is not what was written")


def sha256(path: Path) -> str:
    """The checksum as `sha256sum` writes it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
