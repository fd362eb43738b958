"""The scorecard beside a plain page: ten years of daily values, and ten thousand indicators, on SQLite."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from klaster_shared.tokens import Signer, create_keys
from tests.benchmarks.indicators_data import YEARS, fill
from tests.benchmarks.machine import server_core
from tests.benchmarks.processes import running, wait_for
from tests.benchmarks.rounds import Row, Subject, compare
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
class IndicatorFigures:
    """What reading the scorecard came to."""

    observations: int
    large_observations: int
    rows: list[Row]

    def times(self, name: str, of: str) -> float:
        """How many times as long one takes as another, by the medians of the same rounds."""
        ratio = {row.name: row.ratio for row in self.rows}
        return ratio[of] / ratio[name]


def measure(folder: Path, *, rounds: int, seconds: float, say: Callable[[str], None]) -> IndicatorFigures:
    """One connection: what counts is how long an answer takes, not how many are made at a time."""
    with ExitStack() as stack:
        say(f"indicators: writing {YEARS} years of daily values, and {MANY:,} indicators")
        small, observations = stack.enter_context(_serving(folder / "strategy", STRATEGY, daily=True))
        large, large_observations = stack.enter_context(_serving(folder / "many", MANY, daily=False))
        subjects = [*small.subjects(_WAYS), *large.subjects(_LARGE_WAYS)]
        rows = compare(subjects, direct=PLAIN, reference=PLAIN, connections=1, rounds=rounds, seconds=seconds, say=say)
        return IndicatorFigures(observations, large_observations, rows)


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
