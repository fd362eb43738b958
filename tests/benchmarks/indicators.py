"""The scorecard beside a plain page: ten years of daily values, and ten thousand indicators, on SQLite."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from klaster_shared.keyfiles import create_keys
from klaster_shared.tokens import Signer
from tests.benchmarks.indicators_data import YEARS, fill
from tests.benchmarks.machine import cpu_seconds, server_core
from tests.benchmarks.processes import running, wait_for
from tests.benchmarks.rounds import Subject
from tests.running import free_ports

STRATEGY, MANY = 50, 10_000
PLAIN = "a plain page: 50 observations"
WHOLE, LARGE = "scorecard", f"scorecard of {MANY:,} indicators"
PAGE, LARGE_PAGE = "page of 50 indicators", f"page of 50 of {MANY:,} indicators"
_WAYS = {
    PLAIN: "/v1/indicators/C.1.1-1/observations?measure=registered&limit=50",
    PAGE: "/v1/indicators?limit=50",
    WHOLE: "/v1/scorecard",
    "scorecard, `as_of` two years ago": "/v1/scorecard?as_of=2024-06-30",
    "scorecard, `known_at` two years ago": "/v1/scorecard?known_at=2024-06-30T12:00:00Z",
    "scorecard, both": "/v1/scorecard?as_of=2023&known_at=2024-06-30T12:00:00Z",
}
_LARGE_WAYS = {LARGE_PAGE: "/v1/indicators?limit=50", LARGE: "/v1/scorecard"}


@dataclass(frozen=True)
class _Sample:
    """Seconds of an answer, by the median of a round, and of the processor."""

    took: float
    cpu: float


@dataclass(frozen=True)
class IndicatorFigures:
    """What reading the scorecard came to, round by round."""

    observations: int
    large_observations: int
    taken: dict[str, list[_Sample]]

    def ms(self, name: str) -> float:
        """How long an answer takes."""
        return median(sample.took for sample in self.taken[name]) * 1000

    def cpu_ms(self, name: str) -> float:
        """What of that is the service's own work."""
        return median(sample.cpu for sample in self.taken[name]) * 1000

    def times(self, name: str, of: str) -> float:
        """How many times as long one takes as another: the median of the rounds' ratios."""
        return median(one.took / other.took for one, other in zip(self.taken[name], self.taken[of], strict=True))


def measure(folder: Path, *, rounds: int, seconds: float, say: Callable[[str], None]) -> IndicatorFigures:
    """One connection, asked in turn: what counts is how long an answer takes, not how many are made at a time."""
    with ExitStack() as stack:
        say(f"indicators: writing {YEARS} years of daily values, and {MANY:,} indicators")
        small, observations = stack.enter_context(_serving(folder / "strategy", STRATEGY, daily=True))
        large, large_observations = stack.enter_context(_serving(folder / "many", MANY, daily=False))
        subjects = [*small.subjects(_WAYS), *large.subjects(_LARGE_WAYS)]
        taken: dict[str, list[_Sample]] = {subject.name: [] for subject in subjects}
        for subject in subjects:
            _sample(subject, 0.5)  # connections open, caches warm
        for number in range(1, rounds + 1):
            for subject in subjects:
                taken[subject.name].append(_sample(subject, seconds))
            say(f"  indicators, round {number} of {rounds}")
        return IndicatorFigures(observations, large_observations, taken)


def _sample(subject: Subject, seconds: float) -> _Sample:
    """Answers for so long, one at least: some take longer than a round does."""
    assert subject.pid is not None
    latencies: list[float] = []
    with httpx.Client(headers=subject.headers(), timeout=120, trust_env=False) as client:
        client.get(subject.url.partition("/v1/")[0] + "/health/live")  # connected
        before, began = cpu_seconds(subject.pid), perf_counter()
        while perf_counter() - began < seconds or not latencies:
            asked = perf_counter()
            client.get(subject.url).raise_for_status()
            latencies.append(perf_counter() - asked)
    return _Sample(median(latencies), (cpu_seconds(subject.pid) - before) / len(latencies))


@dataclass(frozen=True)
class _Service:
    url: str
    pid: int
    keys: Path

    def subjects(self, ways: dict[str, str]) -> list[Subject]:
        return [Subject(name, self.url + path, self.pid, self.signed) for name, path in ways.items()]

    def signed(self) -> dict[str, str]:
        """A fresh token: they are good for a minute."""
        signer = Signer.from_file("gateway", self.keys / "gateway.jwk")
        scopes = ("indicators:read", "scorecard:read")
        token = signer.mint(audience="indicators", subject="anonymous", role="anonymous", scopes=scopes)
        return {"Authorization": f"Bearer {token}"}


@contextmanager
def _serving(folder: Path, indicators: int, *, daily: bool) -> Iterator[tuple[_Service, int]]:
    keys, port = folder / "keys", free_ports()
    create_keys(["gateway", "indicators"], private=keys, jwks=keys / "jwks.json")
    database = f"sqlite+aiosqlite:///{folder}/indicators.db"
    observations = asyncio.run(fill(database, indicators=indicators, daily=daily))
    told = {
        "INDICATORS_DATABASE_URL": database,
        "INDICATORS_JWKS_FILE": f"{keys}/jwks.json",
        "INDICATORS_PORT": str(port),
        "INDICATORS_LOG_LEVEL": "WARNING",
        "INDICATORS_RUN_JOBS": "false",
    }
    command = [sys.executable, "-m", "klaster_indicators"]
    with running(command, core=server_core(), environment=told, log=folder / "indicators.out") as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/ready", process=process)
        yield _Service(url, process.pid, keys), observations
