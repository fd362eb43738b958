"""One stream for everybody's lines: each begins with the name of who wrote it."""

import asyncio
import os
from typing import TextIO

RUNNER = "klaster"
COLOURS = (36, 33, 35, 32, 34, 31)  # cyan, yellow, magenta, green, blue, red: readable on light and dark
WIDTH = 10  # the longest service's name


class Console:
    """Writes whole lines, coloured by name where the stream is a terminal."""

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        self._stream = stream
        self._colour = colour
        self._colours: dict[str, int] = {}

    def say(self, text: str) -> None:
        """A line of the runner's own."""
        self.line(RUNNER, text)

    def line(self, name: str, text: str) -> None:
        """One line of `name`'s; a reader that has gone away (`make run | head`) stops nothing."""
        try:
            self._stream.write(f"{self._label(name)} {text}\n")
            self._stream.flush()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    async def follow(self, name: str, output: asyncio.StreamReader) -> None:
        """Pass on a process's lines until it closes its output; a line longer than the buffer comes in pieces."""
        while True:
            try:
                raw = await output.readuntil(b"\n")
            except asyncio.IncompleteReadError as end:
                raw = end.partial
            except asyncio.LimitOverrunError as long:
                raw = await output.readexactly(long.consumed)
            if not raw:
                return
            self.line(name, raw.decode(errors="replace").rstrip("\r\n"))

    def _label(self, name: str) -> str:
        label = f"{name:<{WIDTH}} |"
        if not self._colour:
            return label
        colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
        return f"\033[{colour}m{label}\033[0m"
