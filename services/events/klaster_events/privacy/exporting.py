"""Everything that is held about a person, from every noun that holds something."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board.models import BoardPost
from klaster_events.consents.operations import consents_of
from klaster_events.events.models import Event
from klaster_events.meetings.exporting import meetings_of_person
from klaster_events.participants.models import Participant
from klaster_events.people import operations as people
from klaster_events.people.models import PersonalDataRead
from klaster_events.privacy import operations
from klaster_events.privacy.errors import PersonNotFound
from klaster_events.resources.models import Resource

_OF_REGISTRATION = (
    "id",
    "entity_id",
    "state",
    "ticket",
    "code",
    "language",
    "origin",
    "verified_at",
    "expires_at",
    "ended_by",
    "created_at",
    "updated_at",
)
_OF_ATTENDANCE = (
    "entity_id",
    "present",
    "origin",
    "minutes",
    "certificate_number",
    "certificate_issued_at",
    "recorded_at",
)
_OF_SCAN = ("kind", "happened_at", "received_at", "reason", "undone_at")
_OF_POST = ("id", "owner_id", "side", "state", "valid_until", "created_at", "updated_at")
_OF_INTEREST = (
    "id",
    "post_id",
    "entity_id",
    "message",
    "state",
    "owner_agreed_at",
    "asker_agreed_at",
    "created_at",
    "updated_at",
)
_OF_PARTICIPATION = (
    "id",
    "edition_id",
    "registration_id",
    "entity_id",
    "kind",
    "languages",
    "fields",
    "seeks",
    "offers",
    "availability",
    "cap",
    "listed",
    "withdrawn_at",
    "created_at",
    "updated_at",
)
_OF_BOOKING = (
    "id",
    "entity_id",
    "starts_at",
    "ends_at",
    "state",
    "terms_version",
    "purpose",
    "answer",
    "created_at",
    "updated_at",
)
_OF_RESULT = ("id", "entity_id", "state", "shown_from", "shown_until", "created_at")
_OF_CONTACT = ("id", "item_id", "entity_id", "message", "created_at")
_OF_MESSAGE = ("kind", "event_id", "language", "state", "created_at", "sent_at")


async def personal_data(session: AsyncSession, *, person_id: UUID) -> dict[str, Any]:
    """What is held about a person; raises PersonNotFound, for one who was erased too."""
    person = (await people.people_by_id(session, ids=[person_id])).get(person_id)
    if person is None:
        raise PersonNotFound(f"Nothing is held about a person {person_id}")
    found = await operations.rows_about(session, person_id=person_id)
    return {
        "person": _values(person, ("id", "name", "email", "created_at")),
        "registrations": _registrations(found),
        "attendance": [{**_values(row, _OF_ATTENDANCE), "event": _event(event)} for row, event in found.attendance],
        "scans": [{**_values(row, _OF_SCAN), "event_id": event_id} for row, event_id in found.scans],
        "consents": await consents_of(session, person_id=person_id, language="all"),
        "posts": [_post(row) for row in found.posts],
        "interests": [_values(row, _OF_INTEREST) for row in found.interests],
        "meetings": await meetings_of_person(session, person_id=person_id),
        "participations": [_participation(row) for row in found.participations],
        "bookings": [{**_values(row, _OF_BOOKING), "resource": _resource(of)} for row, of in found.bookings],
        "resources": [_resource(row) for row in found.resources],
        "results": [{**_values(row, _OF_RESULT), "title": _title(row)} for row in found.results],
        "asked_contacts": [_values(row, _OF_CONTACT) for row in found.asked_contacts],
        "messages": [_values(row, _OF_MESSAGE) for row in found.messages],
        "looks": [_look(row) for row in found.looks],
    }


def _values(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _event(event: Event) -> dict[str, Any]:
    title = {"pl": event.title_pl, "en": event.title_en}
    return {**_values(event, ("id", "starts_at", "ends_at", "place")), "title": title}


def _post(post: BoardPost) -> dict[str, Any]:
    return {**_values(post, _OF_POST), "title": _title(post)}


def _title(row: Any) -> dict[str, Any]:
    return {"pl": row.title_pl, "en": row.title_en}


def _resource(row: Resource) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "name": {"pl": row.name_pl, "en": row.name_en}}


def _participation(row: Participant) -> dict[str, Any]:
    return {**_values(row, _OF_PARTICIPATION), "about": {"pl": row.about_pl, "en": row.about_en}}


def _registrations(found: operations.RowsAbout) -> list[dict[str, Any]]:
    sessions: dict[UUID, list[dict[str, Any]]] = {}
    for registration_id, session, state in found.sessions:
        title = {"pl": session.title_pl, "en": session.title_en}
        one = {"title": title, "starts_at": session.starts_at, "state": state}
        sessions.setdefault(registration_id, []).append(one)
    return [
        {
            **_values(row, _OF_REGISTRATION),
            "event": _event(event),
            "answers": answers,
            "sessions": sessions.get(row.id, []),
        }
        for row, event, answers in found.registrations
    ]


def _look(row: PersonalDataRead) -> dict[str, Any]:
    # By role: who works in the office is nobody's business outside it.
    return {"at": row.at, "role": row.actor_role, "shown": row.list_name, "event_id": row.event_id}
