"""Programs of the tools: what they print, what goes into them, and none whose failure passes unsaid."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from deploy.local.errors import Refusal
from deploy.local.processes import Program
from klaster_shared.stock import Stock

PIPE = asyncio.subprocess.PIPE


async def ask(program: Program, *, given: Path | None = None) -> str:
    """What a program prints, with a file for its input; raises Refusal with its last line where it fails."""
    with (given or Path(os.devnull)).open("rb") as source:
        process = await _start(program, stdin=source, stdout=PIPE)
        printed, said = await process.communicate()
    _check(program, process.returncode, said)
    return printed.decode()


async def write(program: Program, into: Path) -> None:
    """A program's output as a file that its owner alone may read; raises Refusal where it fails."""
    with os.fdopen(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        process = await _start(program, stdin=subprocess.DEVNULL, stdout=target)
        _, said = await process.communicate()
    _check(program, process.returncode, said)


@asynccontextmanager
async def held(program: Program) -> AsyncIterator[Stock]:
    """A stock and its snapshot, which stays as long as the block."""
    process = await _start(program, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        if not line.startswith(b"{"):
            _, said = await process.communicate(b"")
            _check(program, process.returncode or 1, said)
        yield Stock.model_validate_json(line)
    finally:
        process.stdin.close()  # it ends by itself
        await process.communicate()


async def stock(program: Program) -> Stock:
    """A stock, taken and let go."""
    return Stock.model_validate_json(await ask(program))


async def _start(program: Program, *, stdin: IO[bytes] | int, stdout: IO[bytes] | int) -> asyncio.subprocess.Process:
    environment = {**os.environ, **program.environment}
    try:
        return await asyncio.create_subprocess_exec(
            *program.command, env=environment, stdin=stdin, stdout=stdout, stderr=PIPE, limit=2**24
        )
    except FileNotFoundError:
        raise Refusal(f"{program.command[0]} is not on this machine") from None


def _check(program: Program, code: int | None, said: bytes) -> None:
    if code:
        lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
        raise Refusal(f"{program.name}: {lines[-1].strip() if lines else f'ended with code {code}'}")
