"""Calendars of many events, of one, and of one person; what linked data and feeds say beyond the record."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda import operations as agenda
from klaster_events.agenda.models import AgendaSession
from klaster_events.calendars import repository
from klaster_events.calendars.building import AgendaLine, Particulars, calendar_of, entry_of
from klaster_events.calendars.languages import OneLanguage, spoken
from klaster_events.calendars.schemas import LOOK_BACK, MOST_ENTRIES, CalendarParameters
from klaster_events.event_types.operations import EVENT_TYPES
from klaster_events.events import operations as events
from klaster_events.events.models import Event
from klaster_events.events.records import Organisers
from klaster_events.events.viewers import Viewer
from klaster_events.links.errors import LinkRefused
from klaster_events.links.operations import links_of
from klaster_events.people.operations import names_of
from klaster_events.series.operations import series_labels

_NAMES = {"all": ("Wydarzenia klastra", "The cluster's events"), "own": ("Moje wydarzenia", "My events")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An event with the names behind its codes, and its agenda."""

    event: Event
    organisers: Organisers
    type: tuple[str, str]
    series: tuple[str, str] | None
    agenda: Sequence[AgendaSession]

    def particulars(self, language: OneLanguage) -> Particulars:
        """What a calendar's entry says of it."""
        at = 0 if language == "pl" else 1
        names = [self.type[at], *([self.series[at]] if self.series else [])]
        lines = [
            AgendaLine(
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                title=(one.title_pl, one.title_en)[at],
                room=one.room,
            )
            for one in self.agenda
        ]
        return Particulars(organiser=self.organisers.first["name"], categories=names, agenda=lines)


async def describe(session: AsyncSession, *, found: Sequence[Event]) -> list[Described]:
    """These events with all that is shown of them, in a handful of queries however many there are."""
    if not found:
        return []
    organisers = await events.organisers_of(session, events=found)
    types, series = await EVENT_TYPES.by_code(session), await series_labels(session)
    agendas = await agenda.sessions_of(session, event_ids=[event.id for event in found])
    return [
        Described(
            event=event,
            organisers=named,
            type=(types[event.type].name_pl, types[event.type].name_en),
            series=series.get(event.series) if event.series else None,
            agenda=agendas.get(event.id, ()),
        )
        for event, named in zip(found, organisers, strict=True)
    ]


async def events_calendar(
    session: AsyncSession,
    *,
    parameters: CalendarParameters,
    viewer: Viewer,
    language: OneLanguage,
    zone: str,
    today: date,
    public_url: str,
) -> bytes:
    """The calendar of all events that the parameters ask for and the viewer may see; without online links."""
    found = await events.events_within(
        session, parameters=parameters.bounded(today), zone=zone, viewer=viewer, limit=MOST_ENTRIES
    )
    described = await describe(session, found=found)
    return await _written([(one, None) for one in described], _name("all", language), language, public_url)


async def event_calendar(
    session: AsyncSession, *, event_id: UUID, viewer: Viewer, language: OneLanguage, public_url: str
) -> bytes:
    """One event as a calendar's entry; raises EventNotFound."""
    event = await events.get_event(session, event_id=event_id, viewer=viewer)
    [described] = await describe(session, found=[event])
    title = event.title_pl if language == "pl" else event.title_en
    return await _written([(described, None)], title, language, public_url)


async def personal_calendar(
    session: AsyncSession, *, token: str, asked: str | None, otherwise: str, now: datetime, public_url: str
) -> tuple[bytes, OneLanguage]:
    """What one person is registered for, with the links to join online, and its language; raises LinkRefused.

    A link opens nothing any more once its person is erased. The language is the one `asked` for by name, else the one
    of the latest registration: programs that fetch calendars say none, or that of the machine they run on.
    """
    person_id = (await links_of(session)).read("calendar", token)
    if (await names_of(session, ids=[person_id]))[person_id]["email"] is None:
        raise LinkRefused("Whoever this calendar belonged to is not known here any more")
    rows = await repository.registered_for(session, person_id, since=now - LOOK_BACK, limit=MOST_ENTRIES)
    chosen = await repository.chosen_sessions(session, [registration.id for _, registration in rows])
    described = await describe(session, found=[event for event, _ in rows])
    shown = [
        (_own_agenda(one, chosen), registration.state) for one, (_, registration) in zip(described, rows, strict=True)
    ]
    registrations = [registration for _, registration in rows]
    own = max(registrations, key=lambda one: (one.created_at, one.id)).language if registrations else otherwise
    language = spoken(asked or own)
    return await _written(shown, _name("own", language), language, public_url), language


async def _written(
    shown: Sequence[tuple[Described, str | None]], name: str, language: OneLanguage, public_url: str
) -> bytes:
    """The file, written in a thread: an entry takes 0.4 ms, and nobody at a door waits for a calendar of hundreds."""

    def write() -> bytes:
        entries = [_entry(one, language, public_url, state=state) for one, state in shown]
        return calendar_of(entries, method=None, name=name)

    return await asyncio.to_thread(write)


def _own_agenda(described: Described, chosen: set[UUID]) -> Described:
    """Sessions with seats of their own only where the person has one."""
    lines = [one for one in described.agenda if one.capacity is None or one.id in chosen]
    return Described(
        event=described.event,
        organisers=described.organisers,
        type=described.type,
        series=described.series,
        agenda=lines,
    )


def _entry(described: Described, language: OneLanguage, public_url: str, *, state: str | None) -> Any:
    event = described.event
    return entry_of(
        event,
        language=language,
        now=event.updated_at,
        url=f"{public_url}/v1/events/{event.id}",
        online_url=event.online_url if state == "confirmed" else None,
        held=state is not None and state != "confirmed",
        particulars=described.particulars(language),
    )


def _name(which: str, language: OneLanguage) -> str:
    polish, english = _NAMES[which]
    return polish if language == "pl" else english
