"""The ledger of erasures: a file outside the database, so that a restored backup can be brought to forget again.

Each line is a random id and a time; lines are only ever added, and are on the disk before an erasure is acknowledged.
"""

import asyncio
import fcntl
import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from pydantic import BaseModel, ValidationError

from klaster_shared.errors import Unavailable


class Entry(BaseModel):
    """A line: a person of this id was erased."""

    person_id: UUID
    at: datetime


class Ledger:
    """The file; without one, erasures are known to the database alone."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    async def append(self, ids: Collection[UUID], *, at: datetime) -> None:
        """Write these down for good; raises Unavailable where the disk does not take it."""
        if self.path is None or not ids:
            return
        lines = "".join(f"{Entry(person_id=one, at=at).model_dump_json()}\n" for one in ids)
        try:
            await asyncio.to_thread(_append, self.path, lines.encode())
        except OSError as error:
            raise Unavailable("The ledger of erasures cannot be written: nothing was erased") from error

    async def take_in(self, lines: bytes) -> int:
        """Add those lines of another copy of the ledger that this one lacks; how many there were."""
        known, added = await self.erased(), 0
        for person_id, at in _entries(lines).items():
            if person_id not in known:
                await self.append([person_id], at=at)
                added += 1
        return added

    async def erased(self) -> dict[UUID, datetime]:
        """Who was erased, and when first."""
        return {} if self.path is None else await asyncio.to_thread(_read, self.path)


def _append(path: Path, lines: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # several processes may share the file
        size = file.seek(0, os.SEEK_END)
        if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
            lines = b"\n" + lines  # somebody was killed in the middle of a line, which was never acknowledged
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    if new:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A file that is new is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[UUID, datetime]:
    try:
        return _entries(path.read_bytes())
    except FileNotFoundError:
        return {}


def _entries(lines: bytes) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    for line in lines.splitlines():
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError:
            continue  # half a line: nobody was told that it holds
        found.setdefault(entry.person_id, entry.at)
    return found
