"""What became of the last writes: a disk that is full refuses them while everything is still read from it."""

import sqlite3
from time import monotonic
from typing import Any

from sqlalchemy.exc import DBAPIError

TOLD_FOR = 300.0  # seconds after the last refusal; whoever has repaired it need not wait for a write
# PostgreSQL: a server that only stands by, no room left, a device that fails.
_STATES = {"25006": "read-only", "53100": "no room is left", "58030": "the device fails"}
_SQLITE = {
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_FULL: "no room is left",
    sqlite3.SQLITE_IOERR: "the device fails",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
}


class Writes:
    """Notes why a write was refused by the disk; the next one that succeeds clears it."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._at = 0.0

    def note_failure(self, error: Exception) -> None:
        """A transaction that was to write failed, for whatever reason."""
        if isinstance(error, DBAPIError) and (reason := _reason_of(error.orig)) is not None:
            self._reason, self._at = reason, monotonic()

    def note_success(self) -> None:
        """A transaction was committed."""
        self._reason = None

    @property
    def refused(self) -> str | None:
        """Why the disk takes nothing, as far as writes have shown it lately."""
        return self._reason if monotonic() - self._at < TOLD_FOR else None


def _reason_of(error: Any) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _STATES.get(state)
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _SQLITE.get(code & 0xFF)  # the rest says more exactly what the low byte names
