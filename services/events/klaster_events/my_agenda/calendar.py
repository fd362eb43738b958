"""One's own agenda as iCalendar: the event, and each thing that one does there. Pure, from what is handed in."""

from datetime import datetime

from icalendar import Event as Entry
from icalendar import vUri

from klaster_events.calendars.building import calendar_of, entry_of, local_time
from klaster_events.my_agenda.agenda import Agenda
from klaster_events.my_agenda.lines import Line

_NAMES = {"pl": "Mój program", "en": "My agenda"}


def agenda_calendar(agenda: Agenda, *, language: str, now: datetime, url: str) -> bytes:
    """A calendar to subscribe to: what is over or called off is gone from it at the next look."""
    own = agenda.part.own
    entries = []
    if own.registration.state not in {"cancelled", "declined"}:
        entries.append(
            entry_of(
                own.event,
                language=language,
                now=own.event.updated_at,
                url=url,
                online_url=own.online_url,
                held=not own.is_confirmed,
            )
        )
    entries += [_entry(line, language, own.event.zone) for line in agenda.lines if not line.is_optional]
    return calendar_of(entries, method=None, name=_NAMES["pl" if language == "pl" else "en"])


def _entry(line: Line, language: str, zone: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{line.id}@events.klaster")
    entry.add("dtstamp", line.updated_at)
    entry.add("last-modified", line.updated_at)
    entry.add("dtstart", local_time(line.starts_at, zone))
    entry.add("dtend", local_time(line.ends_at, zone))
    entry.add("sequence", line.version)
    entry.add("summary", line.title_pl if language == "pl" else line.title_en)
    entry.add("status", "CONFIRMED" if line.is_certain else "TENTATIVE")
    entry.add("class", "PRIVATE")
    if place := line.place or line.online_url:
        entry.add("location", place)
    if line.online_url:
        entry.add("conference", vUri(line.online_url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    return entry
