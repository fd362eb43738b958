"""The parent's side: a child is started by the first question, and again by the next one after it has gone."""

import asyncio
import os
import struct
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

import structlog

from klaster_shared.children.serving import ANSWERED
from klaster_shared.errors import Unavailable

_LENGTH = struct.Struct(">I")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH")  # and no secret of the service
log = structlog.get_logger(__name__)


class _Gone(Exception):  # noqa: N818 # not an error: it had nothing to do
    pass


class Child:
    """One process that answers questions of one kind, one at a time, each within its time."""

    def __init__(self, module: str, *, seconds: float, most_waiting: int = 32) -> None:
        self._module = module
        self._seconds = seconds
        self._most_waiting = most_waiting
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process that runs, if one does."""
        return self._process.pid if self._process is not None else None

    async def ask(self, question: bytes) -> bytes:
        """The child's answer; raises Unavailable where it fails, is too slow, or too many are waiting."""
        if self._waiting >= self._most_waiting:
            raise Unavailable("Too many of these are being made at the moment", headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask(question)
        finally:
            self._waiting -= 1

    async def _ask(self, question: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._seconds):
                try:
                    status, body = await self._exchange(question)
                except _Gone:  # it ended for want of questions just now
                    status, body = await self._exchange(question)
        except BaseException as error:
            await self._kill()  # whatever it still says belongs to no question
            if isinstance(error, TimeoutError | _Gone | OSError):
                log.warning("child_failed", module=self._module, error=repr(error))
                raise Unavailable("This could not be made in time", headers={"Retry-After": "5"}) from error
            raise
        if status != ANSWERED:
            log.error("child_failed", module=self._module, error=body.decode(errors="replace"))
            raise Unavailable("This could not be made")
        return body

    async def _exchange(self, question: bytes) -> tuple[bytes, bytes]:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(_LENGTH.pack(len(question)) + question)
            await process.stdin.drain()
            head = await process.stdout.readexactly(1 + _LENGTH.size)
            return head[:1], await process.stdout.readexactly(_LENGTH.unpack(head[1:])[0])
        except (BrokenPipeError, ConnectionResetError, asyncio.IncompleteReadError) as error:
            await self._kill()
            raise _Gone from error

    async def _start(self) -> Process:
        folder = Path(tempfile.gettempdir()) / f"klaster-matplotlib-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        # One thread: each more of a numeric library reserves memory, and no chart needs one.
        environment |= {"MPLCONFIGDIR": str(folder), "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = (sys.executable, "-P", "-m", self._module)
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=environment)

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()

    async def aclose(self) -> None:
        """End the process, if one runs."""
        await self._kill()
