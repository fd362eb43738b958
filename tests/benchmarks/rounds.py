"""Rounds: everything compared is measured in turn, and only ratios within a round count."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.load import Measured, put_load
from tests.benchmarks.machine import cpu_seconds


@dataclass(frozen=True)
class Subject:
    """What is measured: a name, where it answers, and which process does the work."""

    name: str
    url: str
    pid: int | None = None
    headers: Callable[[], dict[str, str]] = dict


@dataclass(frozen=True)
class Sample:
    """One measurement, and the processor time of each of its requests."""

    measured: Measured
    cpu_us: float | None


@dataclass(frozen=True)
class Row:
    """What a subject came to over all rounds."""

    name: str
    connections: int
    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float
    added_ms: float
    cpu_us: float | None
    failed: int


def compare(
    subjects: Sequence[Subject],
    *,
    direct: str,
    reference: str,
    connections: int,
    rounds: int,
    seconds: float,
    say: Callable[[str], None],
) -> list[Row]:
    """A row per subject: medians, the median of the per-round ratios to `reference`, latency added to `direct`."""
    samples: dict[str, list[Sample]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        _sample(subject, connections, 1.0)  # connections open, caches warm
    for number in range(1, rounds + 1):
        for subject in subjects:
            samples[subject.name].append(_sample(subject, connections, seconds))
        say(f"  {connections} connections, round {number} of {rounds}")
    return [_row(subject.name, connections, samples, direct, reference) for subject in subjects]


def _sample(subject: Subject, connections: int, seconds: float) -> Sample:
    if subject.pid:
        _let_finish(subject.pid)
    before = cpu_seconds(subject.pid) if subject.pid else 0.0
    measured = put_load(subject.url, connections=connections, seconds=seconds, headers=subject.headers())
    used = cpu_seconds(subject.pid) - before if subject.pid else None
    return Sample(measured, None if used is None or not measured.requests else used / measured.requests * 1e6)


def _let_finish(pid: int) -> None:
    """Wait until a process rests: what it still answers after a slow subject would be charged to the next one."""
    for _ in range(100):
        before = cpu_seconds(pid)
        time.sleep(0.1)
        if cpu_seconds(pid) - before < 0.03:
            return


def _row(name: str, connections: int, samples: dict[str, list[Sample]], direct: str, reference: str) -> Row:
    own = samples[name]
    cpu = [sample.cpu_us for sample in own if sample.cpu_us is not None]
    against = zip(own, samples[reference], strict=True)
    behind = zip(own, samples[direct], strict=True)
    return Row(
        name=name,
        connections=connections,
        per_second=median(sample.measured.per_second for sample in own),
        ratio=median(one.measured.per_second / other.measured.per_second for one, other in against),
        p50_ms=median(sample.measured.p50_ms for sample in own),
        p99_ms=median(sample.measured.p99_ms for sample in own),
        added_ms=median(one.measured.p50_ms - other.measured.p50_ms for one, other in behind),
        cpu_us=median(cpu) if cpu else None,
        failed=sum(sample.measured.failed for sample in own),
    )
