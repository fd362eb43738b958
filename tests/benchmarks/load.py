"""Load: wrk where it is installed, else a generator of our own (asyncio and httptools)."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from tests.benchmarks.machine import load_core, peer

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Measured:
    """What one run of load came to."""

    per_second: float
    p50_ms: float
    p99_ms: float
    requests: int
    failed: int


def put_load(url: str, *, connections: int, seconds: float, headers: Mapping[str, str] | None = None) -> Measured:
    """Ask `url` over this many connections, each asking again as soon as it is answered."""
    wrk = peer("wrk")
    pinned = ["taskset", "-c", str(load_core())] if load_core() is not None else []
    options = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    if wrk is None:
        command = [sys.executable, "-m", "tests.benchmarks.generator", url, str(connections), str(seconds), *options]
        return Measured(**json.loads(_run([*pinned, *command])))
    shape = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency", "--timeout", "10s"]
    return _read(_run([*pinned, wrk, *shape, *options, url]))


def generator() -> str:
    """Which load generator is used."""
    return "wrk" if peer("wrk") else "tests.benchmarks.generator"


def _run(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _read(printed: str) -> Measured:
    def find(pattern: str) -> re.Match[str]:
        match = re.search(pattern, printed)
        if match is None:
            raise RuntimeError(f"wrk printed something else:\n{printed}")
        return match

    def milliseconds(percentile: str) -> float:
        match = find(rf"{percentile}%\s+([\d.]+)(us|ms|s)")
        return float(match[1]) * _UNITS[match[2]]

    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", printed)
    failed = int(refused[1]) if refused else 0
    failed += sum(int(number) for number in broken.groups()) if broken else 0
    return Measured(
        per_second=float(find(r"Requests/sec:\s+([\d.]+)")[1]),
        p50_ms=milliseconds("50"),
        p99_ms=milliseconds("99"),
        requests=int(find(r"(\d+) requests in")[1]),
        failed=failed,
    )


def as_json(measured: Measured) -> str:
    """For the generator's own output."""
    return json.dumps(asdict(measured))
