"""What the runner's tests share: a console that remembers, and small programs that behave as told."""

import asyncio
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.console import Console
from deploy.local.processes import Program


class Screen:
    """A console's lines, to be waited for."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.console = Console(self._stream, colour=False)

    @property
    def lines(self) -> list[str]:
        return self._stream.getvalue().splitlines()

    def saying(self, text: str) -> list[str]:
        return [line for line in self.lines if text in line]

    async def until(self, text: str, times: int = 1, within: float = 15) -> None:
        await eventually(lambda: len(self.saying(text)) >= times, within, self._stream.getvalue)


async def eventually(true: Callable[[], bool], within: float = 15, else_say: Callable[[], str] = str) -> None:
    limit = time.monotonic() + within
    while not true():
        assert time.monotonic() < limit, else_say()
        await asyncio.sleep(0.02)


def script(folder: Path, name: str, source: str) -> Program:
    """A program of a few lines of Python, in a file of its own."""
    file = folder / f"{name}.py"
    file.write_text(source)
    return Program(name=name, command=(sys.executable, str(file)))


@pytest.fixture
def screen() -> Screen:
    return Screen()
