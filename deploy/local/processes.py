"""Processes: started with their lines on the console, ended for certain, and never left behind."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from deploy.local.console import Console
from deploy.local.variables import neutral

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run: under which name, with which variables besides those that everybody gets, listening where."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None


class Process(Protocol):
    """A process of the runner's, however it came to be: as asyncio has it."""

    pid: int
    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        ...

    async def wait(self) -> int:
        """Until it has ended."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...


async def start(
    program: Program, *, capture: bool = False, talk: bool = False, files: Collection[int] = ()
) -> asyncio.subprocess.Process:
    """Start a program in a session of its own, so that the terminal's Ctrl+C reaches the runner alone.

    `capture`: its two streams are apart; `talk`: it is written to; `files`: what it is handed besides.
    """
    return await asyncio.create_subprocess_exec(
        *program.command,
        env={**neutral(os.environ), "PYTHONUNBUFFERED": "1", **program.environment},
        stdin=asyncio.subprocess.PIPE if talk else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE if capture else asyncio.subprocess.STDOUT,
        start_new_session=True,
        pass_fds=tuple(files),
        preexec_fn=_die_with_the_runner,
    )


async def run(program: Program, console: Console) -> int:
    """Run a program to its end, its lines on the console; its exit code. Ended early when the caller is cancelled."""
    return await follow(program, await start(program), console)


async def follow(program: Program, process: Process, console: Console) -> int:
    """A process that runs already, to its end."""
    assert process.stdout is not None
    try:
        await console.follow(program.name, process.stdout)
        return await process.wait()
    finally:
        await end(process, within=5)


async def ask(program: Program, console: Console) -> tuple[int, str]:
    """Run a program for what it prints: exit code and standard output; what it says on standard error is shown."""
    return await listen(program, await start(program, capture=True), console)


async def listen(program: Program, process: Process, console: Console) -> tuple[int, str]:
    """The same of a process that runs already."""
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        printed, _ = await asyncio.gather(process.stdout.read(), console.follow(program.name, process.stderr))
        return await process.wait(), printed.decode().strip()
    finally:
        await end(process, within=5)


async def end(process: Process, *, within: float) -> bool:
    """Ask a process to end; kill it with its children when it takes too long. True where it ended by itself."""
    if process.returncode is not None:
        return True
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), within)
    except TimeoutError:
        kill(process)
        await process.wait()
        return False
    return True


def kill(process: Process) -> None:
    """Kill a process and whatever it started."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _die_with_the_runner() -> None:
    """Services of a runner that was killed would hold their ports and files; Linux ends them with it."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
