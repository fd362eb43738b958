"""The runner's side of the nursery: it hands over where lines go, and adopts what was started.

Where the system cannot hand children on to somebody else (it is not Linux), nothing is born: the supervisor starts
each program anew, as it does with one that died.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from deploy.local import processes
from deploy.local.console import Console
from deploy.local.processes import Process, Program
from deploy.local.stack import MIGRATIONS, python

PR_SET_CHILD_SUBREAPER = 36  # <sys/prctl.h>
POSSIBLE = sys.platform == "linux" and hasattr(os, "pidfd_open")


class Adopted:
    """A process whose parent is gone, and which is the runner's since then."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader | None = None) -> None:
        self.pid = pid
        self.stdout: asyncio.StreamReader | None = stdout
        self.stderr = stderr
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[int] = self._loop.create_future()
        self._descriptor = os.pidfd_open(pid)
        self._loop.add_reader(self._descriptor, self._reap)

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """Until it has ended."""
        return await asyncio.shield(self._ended)

    def terminate(self) -> None:
        """Ask it to end."""
        if not self._ended.done():
            os.kill(self.pid, signal.SIGTERM)

    def _reap(self) -> None:
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
        _, status = os.waitpid(self.pid, 0)
        self._ended.set_result(os.waitstatus_to_exitcode(status))


class Nursery:
    """Migrates at once; starts programs when it is told to, and is gone. The last of them prints what is read apart."""

    def __init__(self, process: asyncio.subprocess.Process, answer: int, outputs: Sequence[Sequence[int]]) -> None:
        self._process = process
        self._answer = answer
        self._outputs = outputs
        self._left = [answer, *(each for one in outputs for each in one)]  # nobody reads of them yet

    async def ended(self, program: Program, console: Console) -> int:
        """Follow it to its end; its exit code."""
        return await processes.follow(program, self._process, console)

    def give_birth(self) -> None:
        """Start the programs as soon as everything is migrated."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"now\n")

    def refrain(self) -> None:
        """End without starting any."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def children(self) -> list[Process]:
        """What was started, once the nursery has ended well; in the order of the programs."""
        self._left.clear()
        with os.fdopen(self._answer) as answer:
            found: list[int] = json.load(answer)
        return [
            Adopted(pid, *[await _reader(output) for output in outputs])
            for pid, outputs in zip(found, self._outputs, strict=True)
        ]

    def close(self) -> None:
        """What nobody will read."""
        while self._left:
            os.close(self._left.pop())


@asynccontextmanager
async def nursery(migrations: Program, programs: Sequence[Program]) -> AsyncIterator[Nursery]:
    """Begin to migrate; of the last program the two streams are read apart."""
    pipes = [[os.pipe() for _ in range(1 + (program is programs[-1]))] for program in programs]
    answer, write = os.pipe()
    ends = [write, *(end for each in pipes for _, end in each)]
    told = {
        "runner": os.getpid(),
        "answer": write,
        "migrations": json.loads(migrations.environment[MIGRATIONS]),
        "programs": [
            {
                "command": program.command[2:],  # behind `python -m`
                "environment": {"PYTHONUNBUFFERED": "1", **program.environment},
                "output": each[0][1],
                "errors": each[-1][1],
            }
            for program, each in zip(programs, pipes, strict=True)
        ],
    }
    program = python(migrations.name, "deploy.local.nursery")
    _adopt_orphans(True)
    try:
        process = await processes.start(program, talk=True, files=ends)
        assert process.stdin is not None
        # By its input: the variables that it begins with are what the system shows of each of its copies for ever.
        process.stdin.write(json.dumps(told).encode() + b"\n")
        for end in ends:
            os.close(end)
        found = Nursery(process, answer, [[end for end, _ in each] for each in pipes])
        try:
            yield found
        finally:
            found.close()
    finally:
        _adopt_orphans(False)


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


def _adopt_orphans(whether: bool) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(whether))
