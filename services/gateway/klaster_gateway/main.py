"""The gateway's composition root: the app of its own routes, and the door in front of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from klaster_gateway.access.callers import KeyRing
from klaster_gateway.access.people import People
from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.cache.answering import Cache
from klaster_gateway.cache.following import follow
from klaster_gateway.cache.store import Store
from klaster_gateway.clients.neighbours import Neighbours
from klaster_gateway.contract.committed import committed_contract
from klaster_gateway.contract.routes import mount_assets
from klaster_gateway.contract.routes import router as contract_router
from klaster_gateway.database import METADATA, open_database
from klaster_gateway.door import Door, Limits
from klaster_gateway.forwarding.forwarder import Forwarder
from klaster_gateway.forwarding.table import RouteTable
from klaster_gateway.grants.routes import router as grants_router
from klaster_gateway.hub import build_hub, targets_of
from klaster_gateway.issuers.verifying import Issuers
from klaster_gateway.keys.routes import router as keys_router
from klaster_gateway.keys.scopes import scopes_of_roles
from klaster_gateway.limits.crowd import Crowd
from klaster_gateway.limits.rates import Rates
from klaster_gateway.overview.routes import router as overview_router
from klaster_gateway.path_page.routes import router as path_router
from klaster_gateway.problems.routes import router as problems_router
from klaster_gateway.profile.routes import router as profile_router
from klaster_gateway.search.routes import router as search_router
from klaster_gateway.settings import Settings
from klaster_gateway.status.routes import router as status_router
from klaster_gateway.stream.hub import Hub
from klaster_gateway.stream.routes import router as stream_router
from klaster_gateway.webhooks.delivery_routes import router as deliveries_router
from klaster_gateway.webhooks.metrics import WEBHOOKS
from klaster_gateway.webhooks.routes import router as webhooks_router
from klaster_shared.app import build_app
from klaster_shared.watching.measures import Sample
from klaster_shared.watching.standing import FOLLOWED

USE_WRITTEN_EVERY = 60.0  # seconds; "last used" is told to the minute
log = structlog.get_logger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """The gateway's own routes, behind internal tokens like every service's; `create_door` puts the door in front."""
    database = open_database(settings.database_url)
    webhooks = build_hub(database, settings)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        """Connections open before the first request and close after the last; uses of keys are stored at the end."""
        app.state.neighbours = Neighbours(settings.services, mint=app.state.mint, forwarder=app.state.forwarder)
        app.state.hub = Hub(settings.services, app.state.neighbours.feed, stopping=app.state.stopping)
        app.state.own_samples = lambda: [
            Sample(FOLLOWED, position, (feed, "stream")) for feed, position in app.state.hub.positions().items()
        ]
        await app.state.forwarder.open()
        background = [
            asyncio.create_task(_write_down_use(app.state.keys)),
            asyncio.create_task(app.state.hub.follow()),
            asyncio.create_task(_end_streams(app)),
        ]
        if app.state.cache is not None:
            background.append(asyncio.create_task(follow(app.state.cache.store, app.state.neighbours)))
        try:
            yield
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await _write_once(app.state.keys)
            await app.state.forwarder.close()
            await app.state.neighbours.aclose()
            await webhooks.aclose()
            if app.state.people is not None:
                await app.state.people.aclose()

    app = build_app(
        service="gateway",
        title="klaster gateway",
        summary="One door to the cluster's services",
        description="Keys, the state of the services, and pages composed of several.",
        settings=settings,
        metadata=METADATA,
        database=database,
        routers=[
            *(keys_router, grants_router, webhooks_router, deliveries_router),
            *(status_router, problems_router, contract_router),
            *(overview_router, profile_router, path_router, search_router, stream_router),
        ],
        jobs=webhooks.jobs,
        jobs_apart=[webhooks.deliverer],
        measures=[WEBHOOKS],
        lifespan=life,
    )
    mount_assets(app)
    app.state.keys = KeyRing(database)
    app.state.targets = targets_of(settings)
    kept = settings.cache_megabytes * 1024 * 1024
    app.state.cache = Cache(Store(settings.services, max_bytes=kept)) if kept else None
    issuers = Issuers(settings.issuers) if settings.issuers else None
    app.state.people = People(database, issuers) if issuers is not None else None
    app.state.mint = TokenMint(settings.private_key_file)
    app.state.forwarder = Forwarder(
        settings.services, connect_timeout=settings.connect_timeout, read_timeout=settings.read_timeout
    )
    return app


def create_door(app: FastAPI, *, contract: dict[str, object] | None = None) -> Door:
    """The gateway as it is served: everything comes through the door, which knows the merged contract."""
    settings: Settings = app.state.settings
    known = committed_contract() if contract is None else contract
    app.state.scopes = scopes_of_roles(known)
    return Door(
        app,
        table=RouteTable(known),
        keys=app.state.keys,
        mint=app.state.mint,
        forwarder=app.state.forwarder,
        limits=Limits(
            rates=Rates(settings.rates, store=settings.limits_store),
            crowd=Crowd(
                requests=settings.max_in_flight, streams=settings.max_streams, listeners=settings.max_listeners
            ),
            trusted_proxies=settings.trusted_proxies,
            origins=frozenset(settings.cors_origins),
        ),
        cache=app.state.cache,
        people=app.state.people,
    )


async def _end_streams(app: FastAPI) -> None:
    await app.state.stopping.wait()
    app.state.forwarder.end_streams()


async def _write_down_use(keys: KeyRing) -> None:
    while True:
        await asyncio.sleep(USE_WRITTEN_EVERY)
        await _write_once(keys)


async def _write_once(keys: KeyRing) -> None:
    try:
        await keys.write_down_use()
    except Exception as error:  # a database that is away costs this note, never the door
        log.warning("key_use_not_stored", error=f"{type(error).__name__}: {error}")
