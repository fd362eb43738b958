"""The webhooks' background work, put together: in the gateway's own process, or in a worker's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from klaster_gateway.contract.committed import committed_contract
from klaster_gateway.database import METADATA
from klaster_gateway.settings import Settings
from klaster_gateway.webhooks.delivering import Deliverer
from klaster_gateway.webhooks.feeds import ServiceFeed
from klaster_gateway.webhooks.kinds import paths_of
from klaster_gateway.webhooks.receivers import Receivers
from klaster_gateway.webhooks.targets import Targets
from klaster_gateway.webhooks.telling import Teller
from klaster_gateway.webhooks.tidying import forget_old
from klaster_shared.database import Database
from klaster_shared.dates import utc_now
from klaster_shared.following import follow
from klaster_shared.jobs import Job, JobHandler, Jobs

TIDY_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The webhooks' background work: following the feeds, and delivering what they tell of."""

    feeds: Sequence[ServiceFeed]
    receivers: Receivers
    jobs: Jobs
    deliverer: Deliverer

    async def aclose(self) -> None:
        """Close every connection; after the work has ended."""
        await self.receivers.aclose()
        for feed in self.feeds:
            await feed.aclose()


def targets_of(settings: Settings) -> Targets:
    """Where webhooks may go."""
    return Targets(http=settings.webhook_http, networks=settings.webhook_networks)


def build_hub(database: Database, settings: Settings) -> Hub:
    """A job for each feed, so that a service that is slow keeps the others' news from nobody; and the deliverer."""
    feeds = [ServiceFeed(name, url, settings.private_key_file) for name, url in settings.services.items()]
    receivers = Receivers(targets_of(settings), seconds=settings.webhook_seconds)
    deliverer = Deliverer(database, receivers, clock=utc_now, at_once=settings.webhook_at_once)
    teller = Teller(
        public_url=settings.public_url.rstrip("/"),
        paths=cache(lambda: paths_of(committed_contract())),
        wake=deliverer.wake,
    )

    def follow_feed(feed: ServiceFeed) -> JobHandler:
        async def follow_it(job: Job) -> dict[str, Any]:
            return await follow(database, METADATA, feed, name=feed.service, apply=teller.about(feed.service), job=job)

        return follow_it

    async def tidy(_job: Job) -> dict[str, Any]:
        return {"forgotten": await forget_old(database, now=utc_now())}

    following = {f"follow_{feed.service}": follow_feed(feed) for feed in feeds}
    jobs = Jobs(
        database,
        METADATA,
        handlers={**following, "tidy_webhooks": tidy},
        schedules={
            **dict.fromkeys(following, timedelta(seconds=settings.follow_seconds)),
            "tidy_webhooks": TIDY_EVERY,
        },
    )
    return Hub(feeds=feeds, receivers=receivers, jobs=jobs, deliverer=deliverer)
