"""The background work of indicators, and the two neighbours that it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from klaster_indicators.clients.events import events_figures
from klaster_indicators.clients.figures import FiguresOf
from klaster_indicators.clients.registry import RegistryFeed, registry_figures
from klaster_indicators.live.worker import Refresher, refreshing_jobs
from klaster_indicators.merging.following import follow_merges
from klaster_indicators.settings import Settings
from klaster_shared.database import Database
from klaster_shared.jobs import Job, Jobs
from klaster_shared.tokens import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """The refresh of live figures and the following of merges, in the service's own process or in a worker's."""

    jobs: Jobs
    refresher: Refresher
    sources: Mapping[str, FiguresOf]
    feed: RegistryFeed | None

    async def aclose(self) -> None:
        """Close every connection; after the work has ended."""
        for source in self.sources.values():
            await source.aclose()
        if self.feed is not None:
            await self.feed.aclose()


def build_background(database: Database, settings: Settings) -> Background:
    """Connections open with the first question; without a key there is nobody to ask."""
    sources, feed = _sources(settings), _feed(settings)
    refresher = Refresher(database, sources=sources, zone=settings.zone)

    async def follow(_job: Job) -> dict[str, Any]:
        return await follow_merges(database, feed)

    beside = {"follow_merges": follow}
    jobs = refreshing_jobs(database, refresher, minutes=settings.refresh_minutes, beside=beside)
    return Background(jobs=jobs, refresher=refresher, sources=sources, feed=feed)


def _feed(settings: Settings) -> RegistryFeed | None:
    if settings.private_key_file is None:
        return None
    return RegistryFeed(settings.registry_url, Signer.from_file("indicators", settings.private_key_file))


def _sources(settings: Settings) -> Mapping[str, FiguresOf]:
    if settings.private_key_file is None:
        return {}
    signer = Signer.from_file("indicators", settings.private_key_file)
    return {
        "registry": registry_figures(settings.registry_url, signer),
        "events": events_figures(settings.events_url, signer),
    }
