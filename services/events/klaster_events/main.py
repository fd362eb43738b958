"""The composition root of events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from fastapi import FastAPI

from klaster_events.agenda.routes import router as agenda_router
from klaster_events.attendance.routes import router as attendance_router
from klaster_events.certificates.routes import router as certificates_router
from klaster_events.checkin.routes import router as checkin_router
from klaster_events.checkin.scan_routes import router as scans_router
from klaster_events.clients.registry import RegistryClient
from klaster_events.consents.routes import router as consents_router
from klaster_events.database import METADATA, open_database
from klaster_events.entities.following import follow_registry
from klaster_events.event_types.routes import router as event_types_router
from klaster_events.events.routes import router as events_router
from klaster_events.figures.routes import router as figures_router
from klaster_events.links.errors import LinkExpired, LinkRefused
from klaster_events.people.routes import router as looks_router
from klaster_events.privacy.asking import router as asking_router
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.office import router as privacy_office_router
from klaster_events.privacy.pages import render_link_problem
from klaster_events.privacy.replaying import opened
from klaster_events.registrations.changing import router as changing_router
from klaster_events.registrations.routes import router as registrations_router
from klaster_events.retention.operations import forget_in_batches
from klaster_events.series.routes import router as series_router
from klaster_events.series_list.routes import router as series_list_router
from klaster_events.settings import Settings
from klaster_shared.app import build_app
from klaster_shared.changes import changes_router
from klaster_shared.database import Database
from klaster_shared.jobs import Job, Jobs

FORGET_EVERY = timedelta(minutes=5)  # a person whom a deleted event leaves behind is gone within minutes


def build_jobs(database: Database, registry: RegistryClient, settings: Settings) -> Jobs:
    """The background work: following the registry, and forgetting people whom nothing needs."""

    async def follow(job: Job) -> dict[str, Any]:
        return await follow_registry(database, registry, job=job)

    async def forget(_job: Job) -> dict[str, Any]:
        return {"forgotten": await forget_in_batches(database)}

    return Jobs(
        database,
        METADATA,
        handlers={"follow_registry": follow, "forget_people": forget},
        schedules={"follow_registry": timedelta(seconds=settings.follow_seconds), "forget_people": FORGET_EVERY},
    )


def create_app(settings: Settings) -> FastAPI:
    """The service with its routes, its copy of the registry's entities and the jobs that keep it."""
    database = open_database(settings.database_url)
    registry = RegistryClient(settings.registry_url, settings.private_key_file)
    ledger = Ledger(settings.erasures_file)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        """Nothing is answered before erasures are replayed; the client outlives the jobs that use it."""
        try:
            async with opened(database, ledger):
                yield
        finally:
            await registry.aclose()

    app = build_app(
        service="events",
        title="klaster events",
        summary="What the cluster does together: events, registrations, attendance",
        description="Types and series of events, events with seats and a waiting list, who came, figures per period.",
        settings=settings,
        metadata=METADATA,
        database=database,
        routers=[
            consents_router,
            event_types_router,
            series_list_router,
            series_router,
            events_router,
            agenda_router,
            changing_router,
            registrations_router,
            attendance_router,
            certificates_router,
            checkin_router,
            scans_router,
            looks_router,
            asking_router,
            privacy_office_router,
            figures_router,
            changes_router("events"),
        ],
        jobs=build_jobs(database, registry, settings),
        neighbours={"registry": registry.check},
        lifespan=life,
    )
    app.state.registry = registry
    app.state.ledger = ledger
    for problem in (LinkRefused, LinkExpired):
        app.add_exception_handler(problem, render_link_problem)
    return app
