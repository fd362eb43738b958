"""The data folder: one runner at a time, and a note of what it runs for the commands that come later."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from deploy.local.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class Running:
    """What runs on a data folder: the runner's process, the gateway's port, each service's database."""

    process: int
    port: int
    databases: Mapping[str, str]


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data folder; raises Refusal where another runner does. However the process ends, its lock goes too."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(data / "runner.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = f" (process {who.process})" if (who := _note(data)) else ""
            raise Refusal(f"another runner{other} uses {data}: stop it, or choose a folder with DATA=") from None
        try:
            yield
        finally:
            (data / "runner.json").unlink(missing_ok=True)


def note(data: Path, running: Running) -> None:
    """Leave a note of what runs; it holds passwords of databases, so nobody else may read it."""
    write_secret(data / "runner.json", json.dumps(asdict(running)))


def running(data: Path) -> Running:
    """What runs on the data folder; raises Refusal where nothing does."""
    if found := found_running(data):
        return found
    raise Refusal(f"nothing runs on {data}: start it with `make run`, or name its folder with DATA=")


def found_running(data: Path) -> Running | None:
    """What runs on the data folder, if anything does."""
    try:
        with (data / "runner.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _note(data)
    except FileNotFoundError:
        pass
    return None


@contextmanager
def restoring(data: Path) -> Iterator[None]:
    """While a backup is put in: whoever is killed in the middle leaves a mark that nothing may run on."""
    mark = data / "restoring.json"
    write_secret(mark, json.dumps({"process": os.getpid()}))
    try:
        yield
    finally:  # not reached by who is killed
        mark.unlink()


def is_restoring(data: Path) -> bool:
    """Whether a restore has begun here and not ended: by the lock's owner, or by one that was killed."""
    return (data / "restoring.json").exists()


def moved_to(data: Path) -> str | None:
    """The server that the stack's data has moved to; None where it has not."""
    try:
        return str(json.loads((data / "moved.json").read_text())["to"])
    except FileNotFoundError:
        return None


def note_move(data: Path, *, to: str, at: datetime, rows: int) -> None:
    """Leave a note that the data goes on elsewhere: whoever starts the old files by mistake is told."""
    write_secret(data / "moved.json", json.dumps({"to": to, "at": at.isoformat(), "rows": rows}))


def write_secret(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _note(data: Path) -> Running | None:
    try:
        return Running(**json.loads((data / "runner.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
