"""The machine that measures: its cores, its processes' time and memory, and which peers it has."""

import os
import platform
import shutil
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PEERS = {"nginx": "the proxy that the gateway is compared with", "wrk": "the load generator"}


def server_core() -> int | None:
    """The core of whatever is measured; None where there is one core only."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0] if len(cores) > 1 else None


def load_core() -> int | None:
    """The core of load generators and of what lies behind the measured."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[1] if len(cores) > 1 else None


def peer(name: str) -> str | None:
    """Where a peer's program is; None where it is missing."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def missing_peers() -> list[str]:
    """One sentence per peer that is not installed."""
    return [f"{name} is missing: {purpose}" for name, purpose in PEERS.items() if peer(name) is None]


def description() -> str:
    """Processor, cores, system and Python, in one line."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def with_children(pid: int) -> list[int]:
    """A process and everything below it."""
    found, level = [pid], [pid]
    while level:
        below = [child for parent in level for child in _children(parent)]
        found += below
        level = below
    return found


def _children(pid: int) -> Iterable[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from (int(child) for child in task.read_text().split())
        except OSError:
            continue


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its children have used."""
    return sum(_ticks(each) for each in with_children(pid)) / TICK


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def resident_mb(pid: int) -> float:
    """Resident memory of one process, in MB (10^6 bytes)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def held_mb(pid: int) -> float:
    """What of it the machine holds for this process: pages that several share are divided among them (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024 / 1e6


def command_line(pid: int) -> str:
    """How a process was started."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
