"""A stack as `make run` starts it, with a data folder and ports of its own."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from deploy.services import SERVICES

READY_WITHIN = 60.0  # what the README promises, on a machine that does nothing else
SEEDED_WITHIN = 240.0  # half a minute on a machine that does nothing else; tests share theirs


def free_ports() -> int:
    """The first of four ports in a row that nobody listens on."""
    while True:
        first = random.randrange(20000, 32000)  # below those that the system gives to whoever calls
        with suppress(OSError):
            for port in range(first, first + len(SERVICES)):
                socket.create_server(("127.0.0.1", port)).close()
            return first


class Running:
    """`python -m deploy.local` with a data folder and ports of its own; its output goes to a file."""

    def __init__(self, folder: Path, port: int, **variables: str) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._output = folder / f"output-{time.monotonic_ns()}.txt"
        environment = {**os.environ, "PORT": str(port), "DATA": str(folder / "data"), **variables}
        with self._output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local"], env=environment, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def output(self) -> str:
        """Its lines so far; one that is still being written is none yet."""
        text = self._output.read_text()
        return text[: text.rfind("\n") + 1]

    @property
    def admin_key(self) -> str:
        """The key that a first start prints."""
        found = re.search(r"admin key +(klk_\S+)", self.output)
        assert found, self.output
        return found[1]

    def until(self, true: Callable[[], object], within: float) -> None:
        limit = time.monotonic() + within
        while not true():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < limit, self.output
            time.sleep(0.05)

    def until_said(self, text: str, within: float) -> None:
        self.until(lambda: re.search(rf"^klaster +\| {text}$", self.output, re.MULTILINE), within)

    def status(self, path: str) -> int:
        with suppress(httpx.HTTPError):
            return httpx.get(self.url + path, timeout=10, trust_env=False).status_code
        return 0

    def process_of(self, service: str) -> int:
        """The process that serves a service, found among the runner's children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            with suppress(OSError):
                if f"klaster_{service}\0" in Path(f"/proc/{child}/cmdline").read_text() + "\0":
                    return int(child)
        raise LookupError(service)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


@contextmanager
def running_stack(folder: Path, **variables: str) -> Iterator[Running]:
    """A stack that is up and seeded; its log lines stay out of the way."""
    stack = Running(folder, free_ports(), LOG_LEVEL="WARNING", **variables)
    try:
        stack.until_said("seeded", READY_WITHIN + SEEDED_WITHIN)
        yield stack
    finally:
        if stack.process.poll() is None:
            stack.stop()
