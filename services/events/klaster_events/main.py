"""The composition root of events."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from klaster_events.agenda.routes import router as agenda_router
from klaster_events.attendance.import_routes import router as sheets_router
from klaster_events.attendance.routes import router as attendance_router
from klaster_events.background import build_jobs, build_post
from klaster_events.badges.routes import router as badges_router
from klaster_events.batches.routes import router as batches_router
from klaster_events.board.routes import router as board_router
from klaster_events.bookings.routes import router as bookings_router
from klaster_events.bookings.slot_routes import router as slots_router
from klaster_events.calendars.reading import router as event_router
from klaster_events.calendars.routes import router as calendars_router
from klaster_events.certificates.routes import router as certificates_router
from klaster_events.checkin.committing import scan_turns
from klaster_events.checkin.routes import router as checkin_router
from klaster_events.checkin.scan_routes import router as scans_router
from klaster_events.clients.registry import RegistryClient
from klaster_events.competitors.routes import router as competitors_router
from klaster_events.consents.routes import router as consents_router
from klaster_events.database import METADATA, open_database
from klaster_events.editions.leaving import router as table_leaving_router
from klaster_events.editions.routes import router as editions_router
from klaster_events.editions.table_routes import router as edition_tables_router
from klaster_events.event_types.routes import router as event_types_router
from klaster_events.events.routes import router as events_router
from klaster_events.figures.routes import router as figures_router
from klaster_events.interests.routes import router as interests_router
from klaster_events.introductions.routes import router as introductions_router
from klaster_events.links.errors import LinkExpired, LinkRefused
from klaster_events.matches.routes import router as matches_router
from klaster_events.meetings.routes import router as meetings_router
from klaster_events.messages.health import outbox_check
from klaster_events.messages.measures import OUTBOX
from klaster_events.messages.routes import router as messages_router
from klaster_events.my_agenda.meeting_routes import router as own_meetings_router
from klaster_events.my_agenda.part_routes import router as own_part_router
from klaster_events.my_agenda.routes import router as own_agenda_router
from klaster_events.own.browsers import show_problems
from klaster_events.own.routes import router as own_router
from klaster_events.own_booking.routes import router as own_booking_router
from klaster_events.participants.leaving import router as participant_leaving_router
from klaster_events.participants.routes import router as participants_router
from klaster_events.people.routes import router as looks_router
from klaster_events.plans.routes import router as plans_router
from klaster_events.plans.working import planning_process
from klaster_events.post_kinds.routes import router as post_kinds_router
from klaster_events.privacy.asking import router as asking_router
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.office import router as privacy_office_router
from klaster_events.privacy.pages import render_link_problem
from klaster_events.privacy.replaying import opened
from klaster_events.proposing.routes import router as proposing_router
from klaster_events.readiness.routes import router as readiness_router
from klaster_events.registrations.changing import router as changing_router
from klaster_events.registrations.committing import registration_turns
from klaster_events.registrations.crowds import router as crowds_router
from klaster_events.registrations.measures import AHEAD
from klaster_events.registrations.moving import router as moving_router
from klaster_events.registrations.routes import router as registrations_router
from klaster_events.resources.routes import router as resources_router
from klaster_events.series.routes import router as series_router
from klaster_events.series_list.routes import router as series_list_router
from klaster_events.settings import Settings
from klaster_events.showcase.audience_routes import router as audience_router
from klaster_events.showcase.routes import router as showcase_router
from klaster_shared.app import build_app
from klaster_shared.children.child import Child
from klaster_shared.dates import utc_now
from klaster_shared.feed_routes import changes_router


def create_app(settings: Settings) -> FastAPI:
    """The service with its routes, its copy of the registry's entities and the jobs that keep it."""
    database = open_database(settings.database_url)
    registry = RegistryClient(settings.registry_url, settings.private_key_file)
    ledger = Ledger(settings.erasures_file)
    sheets, planning = Child("klaster_shared.sheets", seconds=30.0), planning_process()

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        """Nothing is answered before erasures are replayed; the client outlives the jobs that use it."""
        try:
            async with opened(database, ledger):
                yield
        finally:
            await sheets.aclose()
            await planning.aclose()
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
            registrations_router,  # first: routes are looked through in their order, and a storm comes here
            consents_router,
            event_types_router,
            series_list_router,
            series_router,
            events_router,
            batches_router,
            event_router,
            agenda_router,
            calendars_router,
            changing_router,
            moving_router,
            crowds_router,
            attendance_router,
            sheets_router,
            certificates_router,
            checkin_router,
            scans_router,
            badges_router,
            looks_router,
            post_kinds_router,
            board_router,
            interests_router,
            competitors_router,
            matches_router,
            editions_router,
            edition_tables_router,
            table_leaving_router,
            participants_router,
            participant_leaving_router,
            meetings_router,
            plans_router,
            introductions_router,
            own_meetings_router,
            proposing_router,
            resources_router,
            slots_router,
            bookings_router,
            audience_router,
            showcase_router,
            readiness_router,
            asking_router,
            privacy_office_router,
            messages_router,
            own_router,
            own_part_router,
            own_agenda_router,
            own_booking_router,
            figures_router,
            changes_router("events"),
        ],
        jobs=build_jobs(database, registry, settings, planning),
        jobs_apart=[build_post(database, settings)],
        neighbours={
            "registry": registry.check,
            "mail": outbox_check(database, has_server=settings.smtp_host is not None, clock=utc_now),
        },
        measures=[AHEAD, OUTBOX],
        lifespan=life,
    )
    app.state.registry = registry
    show_problems(app)
    app.state.ledger = ledger
    app.state.sheets = sheets
    for problem in (LinkRefused, LinkExpired):
        app.add_exception_handler(problem, render_link_problem)
    app.state.scans = scan_turns(database)
    app.state.registrations = registration_turns(database, METADATA, confirm_hours=settings.confirm_hours)
    return app
