"""Keeps programs running: one that dies comes back, after a pause that grows while it keeps dying."""

import asyncio
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from deploy.local import processes
from deploy.local.console import Console
from deploy.local.processes import Process, Program


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for what, in seconds."""

    first_pause: float = 0.5
    longest_pause: float = 30.0
    healthy_after: float = 60.0  # who ran this long is forgiven its earlier deaths
    to_end: float = 25.0  # a service drains for 20; five more, and it hangs


class Supervised:
    """One program, kept running from `start` to `stop`."""

    def __init__(self, program: Program, console: Console, patience: Patience) -> None:
        self.program = program
        self._console = console
        self._patience = patience
        self._stopping = asyncio.Event()
        self._process: Process | None = None
        self._born: Process | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, born: Process | None = None) -> None:
        """Begin to keep the program running, which runs already as `born`, or does not."""
        self._born = born
        self._task = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """End the program for good: asked first, killed when it takes too long."""
        self._stopping.set()
        if self._process is not None and not await processes.end(self._process, within=self._patience.to_end):
            self._console.say(f"{self.program.name} did not end in {self._patience.to_end:g} s and was killed")
        if self._task is not None:
            await self._task

    def kill(self) -> None:
        """End the program at once."""
        self._stopping.set()
        if self._process is not None:
            processes.kill(self._process)

    async def _keep_running(self) -> None:
        pause = self._patience.first_pause
        while not self._stopping.is_set():
            began = time.monotonic()
            ending = await self._run_once()
            if self._stopping.is_set():
                return
            if time.monotonic() - began >= self._patience.healthy_after:
                pause = self._patience.first_pause
            self._console.say(f"{self.program.name} {ending}; it starts again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, self._patience.longest_pause)

    async def _run_once(self) -> str:
        try:
            process = self._process = self._born or await processes.start(self.program)
        except OSError as error:
            return f"could not start ({error.strerror})"
        self._born = None
        if self._stopping.is_set():  # told to stop while it was being started
            await processes.end(process, within=self._patience.to_end)
        assert process.stdout is not None
        lines = asyncio.create_task(self._console.follow(self.program.name, process.stdout))
        code = await process.wait()
        # A child that outlived its parent may still hold the pipe: its lines are not waited for.
        await asyncio.wait([lines], timeout=1)
        lines.cancel()
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


class Supervisor:
    """A table of programs, started together, stopped in turns."""

    def __init__(self, programs: Sequence[Program], console: Console, patience: Patience | None = None) -> None:
        self._supervised = [Supervised(program, console, patience or Patience()) for program in programs]

    def start(self, born: Mapping[str, Process] | None = None) -> None:
        """Start every program that is not born already."""
        for supervised in self._supervised:
            supervised.start((born or {}).get(supervised.program.name))

    async def stop(self, *, first: str = "") -> None:
        """Stop `first` before the others: the door closes while those behind it can still answer what is under way."""
        await asyncio.gather(*(each.stop() for each in self._supervised if each.program.name == first))
        await asyncio.gather(*(each.stop() for each in self._supervised if each.program.name != first))

    def kill(self) -> None:
        """End every program at once."""
        for supervised in self._supervised:
            supervised.kill()
