"""Processes that benchmarks start, each on its core, each ended for certain."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# Quotas are counted as ever, and never used up: a gateway that refuses has nothing to measure.
ROLES = ("ANONYMOUS", "ANONYMOUS_WRITE", "INTEGRATOR", "PARTNER", "DEVICE", "OFFICE", "ADMIN")
WIDE_QUOTAS = {f"GATEWAY_RATE_{role}": "1000000000/minute" for role in ROLES}


@contextmanager
def running(
    command: Sequence[str], *, core: int | None = None, environment: Mapping[str, str] | None = None, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the length of a block."""
    pinned = [*(["taskset", "-c", str(core)] if core is not None else []), *command]
    with log.open("ab") as output:
        told = {**WIDE_QUOTAS, **os.environ, **(environment or {})}
        process = subprocess.Popen(pinned, env=told, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, *, within: float = 60.0, process: subprocess.Popen[bytes] | None = None) -> float:
    """Seconds until a URL answers 200; raises where it never does."""
    started = time.monotonic()
    while time.monotonic() - started < within:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode} before {url} answered")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return time.monotonic() - started
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer within {within:g} s")


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """What is started inside runs on one core."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
