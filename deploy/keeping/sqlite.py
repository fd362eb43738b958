"""A stack of `make run` on SQLite: files in the data folder."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path

from deploy.keeping import programs
from deploy.keeping.archive import Engine
from deploy.keeping.stacks import taking_stock
from deploy.local import folder
from deploy.local.errors import Refusal
from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from deploy.services import SERVICES
from klaster_shared.stock import Stock


class SqliteStack:
    """The files, or, while it is restored, those that become them."""

    engine: Engine = "sqlite"

    def __init__(self, settings: RunnerSettings, files: Path | None = None) -> None:
        self._settings = settings
        self._files = files or settings.data

    def program(self, service: str, module: str, *arguments: str) -> Program:
        """A module of a service, told which file is its database."""
        return Stack(settings=self._settings, databases=self.urls()).module(service, module, *arguments)

    def urls(self) -> Mapping[str, str]:
        """Each service's database."""
        return {name: f"sqlite+aiosqlite:///{self._file(name)}" for name in SERVICES}

    async def copy(self, service: str, into: Path) -> Stock:
        """Copy a file in one step: others write meanwhile, and the copy holds nothing of it."""
        self.refuse_missing(service)
        await asyncio.to_thread(_copy, self._file(service), into)
        copied = _Copied(self._settings, service, into)
        found = await programs.stock(taking_stock(copied, service))
        await asyncio.to_thread(_close, into)
        return found

    def refuse_missing(self, service: str) -> None:
        """Raise Refusal where a service has no file."""
        if not self._file(service).exists():
            raise Refusal(f"there is no {self._file(service)}: name the stack's folder with DATA=")

    @asynccontextmanager
    async def emptied(self) -> AsyncIterator[None]:
        """Files are filled beside the data, and put in their place when all is well."""
        data = self._settings.data
        with folder.locked(data):
            if not folder.is_restoring(data):
                _refuse_files(data)
            self._clear()
            with folder.restoring(data):
                self._files = data / "restoring"
                self._files.mkdir(mode=0o700)
                try:
                    yield
                except BaseException:
                    self._clear()
                    raise
                for service in SERVICES:
                    _close(self._file(service))
                    self._file(service).replace(data / f"{service}.db")
                self._files.rmdir()
            self._files = data

    async def load(self, service: str, copy: Path) -> None:
        """A file is its own copy."""
        await asyncio.to_thread(shutil.copyfile, copy, self._file(service))
        self._file(service).chmod(0o600)

    def _file(self, service: str) -> Path:
        return self._files / f"{service}.db"

    def _clear(self) -> None:
        """Take out what this restore, or one that was cut short, has put in."""
        data = self._settings.data
        shutil.rmtree(data / "restoring", ignore_errors=True)
        for service in SERVICES:
            for file in data.glob(f"{service}.db*"):
                file.unlink()


class _Copied(SqliteStack):
    """One service's copy, with a name of its own."""

    def __init__(self, settings: RunnerSettings, service: str, file: Path) -> None:
        super().__init__(settings, file.parent)
        self._copied = {service: file}

    def _file(self, service: str) -> Path:
        return self._copied.get(service, super()._file(service))


def _refuse_files(data: Path) -> None:
    for service in SERVICES:
        if (data / f"{service}.db").exists():
            raise Refusal(f"{data} holds a stack ({service}.db): restore into another folder, or move its files away")


def _copy(source: Path, into: Path) -> None:
    """All pages in one step of SQLite's own: step by step it would begin anew whenever somebody writes."""
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)
    with closing(reading) as original, closing(sqlite3.connect(into)) as copy:
        original.backup(copy, pages=-1)
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    into.chmod(0o600)
    if verdict != "ok":
        raise Refusal(f"{source} is damaged: {verdict}")


def _close(file: Path) -> None:
    """One file, without a log beside it."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
