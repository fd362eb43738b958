"""Gauges that the database answers: read when somebody looks, seldom enough, and the same from every replica.

A gauge that a process sets when something happens is wrong in every other process, and after every restart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import NamedTuple

import structlog
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.database import Database
from klaster_shared.dates import utc_now

KEPT = 10.0  # seconds; however many scrape, the database is asked no more often
PATIENCE = 5.0  # seconds; whoever scrapes waits for ten
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gauge:
    """What a number is called, what it means, and by what it is told apart: by few things, all known beforehand."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()


class Sample(NamedTuple):
    """One number."""

    gauge: Gauge
    value: float
    labels: tuple[str, ...] = ()


Read = Callable[[AsyncSession, datetime], Awaitable[Iterable[Sample]]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Some gauges, and the question that answers them: one that an index answers, whatever lies in the tables."""

    gauges: tuple[Gauge, ...]
    read: Read


READ = Gauge("klaster_measures_read", "Whether the database answered what is measured in it: 1, or 0")
READ_SECONDS = Gauge("klaster_measures_seconds", "How long the database took for all that is measured in it")


class Measures:
    """The measures of one service."""

    def __init__(self, database: Database, measures: Sequence[Measure]) -> None:
        self._database = database
        self._measures = list(measures)
        self._lock = asyncio.Lock()
        self._until = float("-inf")
        self._samples: list[Sample] = []

    async def exposition(self, beside: Iterable[Sample] = ()) -> bytes:
        """All that this process counts and that its database answers, in the Prometheus format."""
        async with self._lock:
            if monotonic() >= self._until:
                self._samples = await self._read()
                self._until = monotonic() + KEPT
        told = [*self._samples, *beside]
        known = [READ, READ_SECONDS, *(gauge for each in self._measures for gauge in each.gauges)]
        gauges = dict.fromkeys([*known, *(sample.gauge for sample in told)])
        return generate_latest(REGISTRY) + generate_latest(_Told(list(gauges), told))

    async def _read(self) -> list[Sample]:
        started, now = monotonic(), utc_now()
        samples: list[Sample] = []
        try:
            async with asyncio.timeout(PATIENCE), self._database.read() as session:
                for measure in self._measures:
                    samples += await measure.read(session, now)
        except Exception as error:  # numbers of before would look like numbers of now
            log.warning("measures_not_read", error=f"{type(error).__name__}: {error}")
            return [Sample(READ, 0)]
        return [*samples, Sample(READ, 1), Sample(READ_SECONDS, monotonic() - started)]


class _Told(Collector):
    def __init__(self, gauges: Sequence[Gauge], samples: Sequence[Sample]) -> None:
        self._gauges = gauges
        self._samples = samples

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
            for sample in self._samples:
                if sample.gauge is gauge:
                    family.add_metric(sample.labels, sample.value)
            yield family
