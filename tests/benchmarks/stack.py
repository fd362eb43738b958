"""The whole stack, as `make run` starts it: how long it takes, what it weighs, how fast the scorecard comes."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx

from deploy.services import SERVICES
from tests.benchmarks.load import Measured, put_load
from tests.benchmarks.machine import held_mb, resident_mb
from tests.benchmarks.processes import WIDE_QUOTAS
from tests.running import READY_WITHIN, SEEDED_WITHIN, Running, free_ports


class Memory(NamedTuple):
    """Megabytes of one process: resident, and of that what it holds where shared pages are divided among processes."""

    resident: float
    held: float


@dataclass(frozen=True)
class StackFigures:
    """Seconds, megabytes and latencies of one stack."""

    cold_ready: float
    cold_seeded: float
    warm_ready: float
    warm_seeded: float
    memory_mb: dict[str, Memory]
    memory_after_load_mb: dict[str, Memory]
    pages: dict[str, dict[int, Measured]]
    overview_ms: float
    section_ms: float


IN_TURN = 30  # times that overview and scorecard are asked in turn
PAGES = {
    "scorecard": "/v1/scorecard",
    "overview": "/v1/overview",
    "entities": "/v1/entities?registration=registered",
}


def measure(folder: Path, *, seconds: float, say: Callable[[str], None]) -> StackFigures:
    """Start on an empty folder, stop, start again on what is there, then ask for pages through the gateway."""
    say("stack: cold start")
    folder.mkdir()
    stack, cold_ready, cold_seeded = _start(folder)
    key = stack.admin_key
    _stop(stack)
    say("stack: warm start")
    stack, warm_ready, warm_seeded = _start(folder)
    try:
        before = _memory(stack)
        pages = {}
        for name, path in PAGES.items():
            say(f"stack: {name}")
            httpx.get(stack.url + path, timeout=30, trust_env=False).raise_for_status()
            pages[name] = {
                connections: put_load(stack.url + path, connections=connections, seconds=seconds * 2)
                for connections in (1, 16)
            }
        say("stack: the overview beside its slowest section")
        composed = _in_turn(stack, key)
        times = (cold_ready, cold_seeded, warm_ready, warm_seeded)
        return StackFigures(*times, before, _memory(stack), pages, *composed)
    finally:
        _stop(stack)


def _in_turn(stack: Running, key: str) -> tuple[float, float]:
    """Milliseconds of the overview and of the scorecard: medians, one request after the other."""
    paths = (PAGES["overview"], PAGES["scorecard"])
    taken: dict[str, list[float]] = {path: [] for path in paths}
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        for _ in range(IN_TURN):
            for path in paths:
                began = time.perf_counter()
                client.get(path).raise_for_status()
                taken[path].append((time.perf_counter() - began) * 1000)
    overview, section = (median(taken[path]) for path in paths)
    return overview, section


def _start(folder: Path) -> tuple[Running, float, float]:
    began = time.monotonic()
    stack = Running(folder, free_ports(), LOG_LEVEL="WARNING", **WIDE_QUOTAS)
    try:
        stack.until_said("ready", READY_WITHIN * 2)
        ready = time.monotonic() - began
        stack.until(lambda: re.search(r"\| seeded", stack.output), SEEDED_WITHIN * 3)
    except BaseException:
        _stop(stack)
        raise
    return stack, ready, time.monotonic() - began


def _stop(stack: Running) -> None:
    if stack.process.poll() is None:
        stack.stop()


def _memory(stack: Running) -> dict[str, Memory]:
    processes = {**{service: stack.process_of(service) for service in SERVICES}, "runner": stack.process.pid}
    return {name: Memory(resident_mb(process), held_mb(process)) for name, process in processes.items()}
