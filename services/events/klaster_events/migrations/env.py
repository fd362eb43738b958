"""Alembic's environment: this service's models, in the caller's transaction."""

# Every module of tables is named here: one that is missed would look like tables to drop.
from klaster_events.agenda import models as agenda
from klaster_events.attendance import models as attendance
from klaster_events.board import models as board
from klaster_events.bookings import models as bookings
from klaster_events.certificates import models as certificates
from klaster_events.checkin import models as checkin
from klaster_events.competitors import models as competitors
from klaster_events.consents import models as consents
from klaster_events.database import METADATA
from klaster_events.editions import models as editions
from klaster_events.entities import models as entities
from klaster_events.event_types import models as event_types
from klaster_events.events import models as events
from klaster_events.interests import models as interests
from klaster_events.links import models as links
from klaster_events.meetings import models as meetings
from klaster_events.outbox import models as outbox
from klaster_events.participants import models as participants
from klaster_events.people import models as people
from klaster_events.plans import models as plans
from klaster_events.post_kinds import models as post_kinds
from klaster_events.privacy import models as privacy
from klaster_events.proposing import models as proposing
from klaster_events.readiness import models as readiness
from klaster_events.registrations import models as registrations
from klaster_events.resources import models as resources
from klaster_events.series import models as series
from klaster_events.showcase import models as showcase
from klaster_shared.migrations import run_environment

TABLES = (
    agenda,
    attendance,
    board,
    bookings,
    certificates,
    checkin,
    competitors,
    consents,
    editions,
    entities,
    event_types,
    events,
    interests,
    links,
    meetings,
    outbox,
    participants,
    people,
    plans,
    post_kinds,
    privacy,
    proposing,
    readiness,
    registrations,
    resources,
    series,
    showcase,
)

run_environment(METADATA)
