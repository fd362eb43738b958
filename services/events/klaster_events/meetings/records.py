"""A meeting as it is written: in answers, and in the change log. No queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from klaster_events.editions.models import EditionTable
from klaster_events.meetings.models import Meeting, MeetingOutcome
from klaster_events.meetings.parties import MeetingSide, Met, Party

_SAID = (
    "state",
    "mutual",
    "asker_priority",
    "asked_priority",
    "starts_at",
    "ends_at",
    "planned_by",
    "hindrance",
    "ended_by",
    "expires_at",
    "answered_at",
    "version",
    "created_at",
    "updated_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What stands beside meetings: looked up once for all that are shown."""

    entities: Mapping[UUID, dict[str, Any]]
    tables: Mapping[UUID, EditionTable]
    demonstration: bool
    people: Mapping[UUID, dict[str, Any]] = field(default_factory=dict)
    texts: Mapping[tuple[UUID, UUID, str], str] = field(default_factory=dict)
    outcomes: Mapping[tuple[UUID, UUID], MeetingOutcome] = field(default_factory=dict)
    projects: Mapping[UUID, dict[str, Any]] = field(default_factory=dict)


def feed_record(met: Met) -> dict[str, Any]:
    """What the change log keeps: ids, states and times; nothing that people said."""
    meeting = met.meeting
    return {
        "id": meeting.id,
        "edition": meeting.edition_id,
        "asked_by": _bare(met.asker),
        "asked": _bare(met.asked),
        "table": meeting.table_id,
        **{name: getattr(meeting, name) for name in _SAID},
    }


def _bare(party: Party) -> dict[str, Any]:
    one = party.participant
    return {"id": one.id, "kind": one.kind, "entity": one.entity_id}


def record_of(met: Met, known: Known) -> dict[str, Any]:
    """The record as lists answer with it."""
    meeting = met.meeting
    table = known.tables.get(meeting.table_id) if meeting.table_id else None
    return {
        "id": meeting.id,
        "edition": meeting.edition_id,
        "asked_by": _named(met.asker, known),
        "asked": _named(met.asked, known),
        "table": table_named(table) if table else None,
        "demonstration": known.demonstration,
        **{name: getattr(meeting, name) for name in _SAID},
    }


def _named(party: Party, known: Known) -> dict[str, Any]:
    one = party.participant
    entity = known.entities[one.entity_id] if one.entity_id else None
    return {"id": one.id, "kind": one.kind, "entity": entity}


def table_named(table: EditionTable) -> dict[str, Any]:
    """A table, by what it is."""
    return {"id": table.id, "code": table.code, "room": table.room, "online": table.online}


def in_full(met: Met, known: Known, *, sides: Sequence[MeetingSide], office: bool) -> dict[str, Any]:
    """The record with message, names and outcomes, as far as who reads may know."""
    return {
        **record_of(met, known),
        **_written(met, known),
        "sides": {
            side: {
                "name": _name(party, known, own=office or side in sides),
                "outcome": _outcome(met.meeting, party, known) if office or side in sides else None,
            }
            for side, party in met.sides
        },
    }


def own_record(met: Met, known: Known, *, side: MeetingSide, now: datetime) -> dict[str, Any]:
    """The record for one of the two, with what they can do now."""
    other = met.party("asked" if side == "asker" else "asker")
    return {
        **record_of(met, known),
        **_written(met, known),
        "side": side,
        "with": {**_named(other, known), "name": _name(other, known, own=False)},
        "outcome": _outcome(met.meeting, met.party(side), known),
        "may": steps_of(met.meeting, side, project=known.projects.get(met.meeting.id) is None, now=now),
    }


def _written(met: Met, known: Known) -> dict[str, Any]:
    meeting = met.meeting
    table = known.tables.get(meeting.table_id) if meeting.table_id else None
    return {
        "message": known.texts.get((meeting.id, meeting.asked_by_id, "request")),
        "online_url": table.online_url if table else None,
        "project": known.projects.get(meeting.id),
    }


def _name(party: Party, known: Known, *, own: bool) -> str | None:
    found = known.people.get(party.registration.person_id)
    name: str | None = found["name"] if found else None
    return name if own or party.participant.listed else None


def _outcome(meeting: Meeting, party: Party, known: Known) -> dict[str, Any] | None:
    found = known.outcomes.get((meeting.id, party.participant.id))
    if found is None:
        return None
    return {
        "took_place": found.took_place,
        "rating": found.rating,
        "next_step": found.next_step,
        "note": known.texts.get((meeting.id, party.participant.id, "note")),
    }


def steps_of(meeting: Meeting, side: MeetingSide, *, project: bool, now: datetime) -> list[str]:
    """What one of the two can do now."""
    if meeting.state == "requested":
        return ["accept", "decline"] if side == "asked" else ["cancel"]
    if meeting.state == "accepted":
        return ["schedule", "cancel"]
    if meeting.state == "scheduled":
        return ["schedule", "cancel"] if meeting.starts_at is not None and meeting.starts_at > now else ["outcome"]
    if meeting.state == "took_place":
        return ["outcome", "project"] if project else ["outcome"]
    return ["outcome"] if meeting.state == "missed" else []
