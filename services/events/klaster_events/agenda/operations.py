"""Rules of the agenda: sessions added, changed, removed, and moved along with their event.

A change of the agenda is a change of its event, in the log too: it says that the agenda is another, never who speaks.
Whoever changes it holds the event: of two sessions for one room at one time, one is refused.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda import repository
from klaster_events.agenda.errors import AgendaFull, SessionNotFound
from klaster_events.agenda.models import AgendaSession
from klaster_events.agenda.rules import check_session, lies_within
from klaster_events.agenda.schemas import SessionCreate, SessionUpdate, Speaker
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.announcing import news, when_and_where
from klaster_events.events.models import Event
from klaster_events.events.operations import note_change
from klaster_events.outbox.operations import announce
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text
from klaster_shared.pagination import PageParameters

MOST_SESSIONS = 300  # a congress of three days with ten rooms; read as a whole wherever it is checked or shown
_OF_THE_MOMENT = ("starts_at", "ends_at", "room")


async def list_sessions(
    session: AsyncSession, *, event_id: UUID, parameters: PageParameters
) -> Sequence[AgendaSession]:
    """One page in the order of the day, and one row more where there is more."""
    return await repository.sessions_page(session, event_id, parameters)


async def count_sessions(session: AsyncSession, *, event_id: UUID) -> int:
    """How many sessions an event has."""
    return await repository.count_sessions(session, event_id)


async def sessions_of(session: AsyncSession, *, event_ids: Collection[UUID]) -> dict[UUID, list[AgendaSession]]:
    """The whole agendas of these events."""
    return await repository.sessions_of(session, event_ids)


async def get_session(session: AsyncSession, *, event_id: UUID, session_id: UUID, held: bool = False) -> AgendaSession:
    """One session of an event; raises SessionNotFound."""
    found = await repository.find_session(session, event_id, session_id, held=held)
    if found is None:
        raise SessionNotFound(f"The event has no session {session_id}")
    return found


async def create_session(
    session: AsyncSession, *, event: Event, given: SessionCreate, entity: Checked, now: datetime
) -> AgendaSession:
    """Add a session to an event that the caller holds.

    Raises Invalid where it lies outside the event or its room is taken, AgendaFull.
    """
    known = (await repository.sessions_of(session, [event.id])).get(event.id, [])
    if len(known) >= MOST_SESSIONS:
        raise AgendaFull(f"There are {len(known)} sessions")
    created = AgendaSession(
        id=new_id(),
        event_id=event.id,
        title_pl=given.title.pl,
        title_en=given.title.en,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        room=given.room,
        speakers=_speakers(given.speakers, entity),
        capacity=given.capacity,
        taken=0,
        version=1,
        created_at=now,
        updated_at=now,
    )
    check_session(created, event=event, others=known)
    await entities.keep(session, facts=entity.new, now=now)
    session.add(created)
    await note_change(session, event=event, changed=["agenda"], now=now)
    return created


async def change_session(
    session: AsyncSession, *, event: Event, found: AgendaSession, given: SessionUpdate, entity: Checked, now: datetime
) -> AgendaSession:
    """Change a session; event and session are held by the caller. Who has a seat in it is told of a new time or room.

    Raises Invalid where it would lie outside the event or its room is taken, SessionSeatsTaken.
    """
    values = _values(given, entity)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if not changed:
        return found
    before = _moment(found)
    others = (await repository.sessions_of(session, [event.id])).get(event.id, [])
    for name in changed:
        setattr(found, name, values[name])
    check_session(found, event=event, others=others)
    await entities.keep(session, facts=entity.new, now=now)
    found.version, found.updated_at = found.version + 1, now
    if set(changed) & set(_OF_THE_MOMENT):
        await _tell(session, event, found, before=before, after=_moment(found), now=now)
    await note_change(session, event=event, changed=["agenda"], now=now)
    return found


async def delete_session(session: AsyncSession, *, event: Event, found: AgendaSession, now: datetime) -> None:
    """Remove a session; event and session are held by the caller. Seats in it are given up, and people are told."""
    await _tell(session, event, found, before=_moment(found), after=None, now=now)
    await repository.delete_session(session, found.id)
    session.expunge(found)
    await note_change(session, event=event, changed=["agenda"], now=now)


async def follow_event(
    session: AsyncSession, *, event: Event, began_at: datetime, lasted: timedelta, now: datetime
) -> None:
    """Move the agenda of an event that the caller holds along with it; before, it began then and lasted so long.

    An event that moves as a whole takes its sessions with it, and so does one that would leave them behind. Raises
    Invalid where a session would not fit in any more.
    """
    sessions = (await repository.sessions_of(session, [event.id])).get(event.id, [])
    moved_by = event.starts_at - began_at
    as_a_whole = event.ends_at - event.starts_at == lasted
    if moved_by and (as_a_whole or not all(lies_within(one, event) for one in sessions)):
        for one in sessions:
            one.starts_at, one.ends_at = one.starts_at + moved_by, one.ends_at + moved_by
            one.version, one.updated_at = one.version + 1, now
    outside = next((one for one in sessions if not lies_within(one, event)), None)
    if outside is not None:
        raise Invalid.field(
            "/ends_at", "agenda_outside", f"The session {outside.title_en} would lie outside: move or shorten it first"
        )


async def _tell(
    session: AsyncSession,
    event: Event,
    one: AgendaSession,
    *,
    before: dict[str, Any],
    after: dict[str, Any] | None,
    now: datetime,
) -> None:
    if not one.taken or event.state != "published" or event.ends_at <= now:
        return
    about = {"title": {"pl": one.title_pl, "en": one.title_en}, "before": before, "after": after}
    context = {**news(event, before=when_and_where(event)), "changed": ["agenda"], "session": about}
    await announce(session, event=event, kind="changed", now=now, context=context)


def _moment(one: AgendaSession) -> dict[str, Any]:
    found: dict[str, Any] = to_jsonable_python({name: getattr(one, name) for name in _OF_THE_MOMENT})
    return found


def _values(given: SessionUpdate, entity: Checked) -> dict[str, Any]:
    values = given.model_dump()
    if "title" in values:
        title = values.pop("title")
        values |= {"title_pl": title["pl"], "title_en": title["en"]}
    if "speakers" in values:
        values["speakers"] = _speakers([Speaker.model_validate(one) for one in values["speakers"]], entity)
    return values


def _speakers(given: Sequence[Speaker], entity: Checked) -> list[dict[str, Any]]:
    return [
        {
            "name": speaker.name,
            "affiliation": speaker.affiliation,
            "entity_id": str(entity.living[speaker.entity_id]) if speaker.entity_id else None,
        }
        for speaker in given
    ]


async def records_of(
    session: AsyncSession, *, sessions: Sequence[AgendaSession], language: Language
) -> list[dict[str, Any]]:
    """Sessions with their speakers, whose entities are named as they are after all merges."""
    ids = {UUID(one["entity_id"]) for row in sessions for one in row.speakers if one["entity_id"]}
    named = await entities.names(session, ids=ids) if ids else {}
    return [
        {**placed_record(row, language), "speakers": [_speaker_record(one, named) for one in row.speakers]}
        for row in sessions
    ]


def placed_record(row: AgendaSession, language: Language) -> dict[str, Any]:
    """A session without its speakers."""
    free = None if row.capacity is None else row.capacity - row.taken
    return {
        "id": row.id,
        "event_id": row.event_id,
        "title": label_text(row.title_pl, row.title_en, language),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "room": row.room,
        "capacity": row.capacity,
        "seats": {"taken": row.taken, "free": free},
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _speaker_record(speaker: dict[str, Any], named: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    entity = named[UUID(speaker["entity_id"])] if speaker["entity_id"] else None
    return {"name": speaker["name"], "affiliation": speaker["affiliation"], "entity": entity}
