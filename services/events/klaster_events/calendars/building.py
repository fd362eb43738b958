"""Building iCalendar: one event is the same entry wherever it is handed out, so that a calendar knows it again.

Pure, from what is handed in. The agenda stands in the description: a calendar shows one event, not twenty.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vCalAddress, vText, vUri
from icalendar import Event as Entry

from klaster_events.events.models import Event

MEDIA_TYPE = "text/calendar"
Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
_PRODUCT = "-//klaster//events//EN"
_STATUS: Mapping[str, str] = MappingProxyType({"postponed": "TENTATIVE", "cancelled": "CANCELLED"})
_REFRESH = timedelta(hours=1)  # how often a calendar that subscribes may look again
# Written with a Z: UTC needs no definition, and of these zones, whose clocks have changed by the moon and by decree,
# the definitions that icalendar makes miss a change.
_NO_DEFINITION = frozenset({"UTC", "Etc/UTC", "Africa/Casablanca", "Africa/El_Aaiun", "Pacific/Fiji"})
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "postponed": ("Przełożone; nowy termin podamy później.", "Postponed; the new time will follow."),
        "cancelled": ("Odwołane.", "Cancelled."),
        "held": ("Miejsce czeka na potwierdzenie.", "The seat waits to be confirmed."),
        "agenda": ("Program:", "Agenda:"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whose calendar an entry is for: a calendar program then follows changes by itself."""

    organiser_name: str
    organiser_address: str
    person_name: str
    person_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """A session as a calendar shows it: without its speakers, whose names are not passed on."""

    starts_at: datetime
    ends_at: datetime
    title: str
    room: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What an entry says beyond the event's own row: names behind its codes, and what happens when."""

    organiser: str | None = None
    categories: Sequence[str] = ()
    agenda: Sequence[AgendaLine] = ()


NOTHING_MORE = Particulars()


def uid_of(event: Event) -> str:
    """The name under which every calendar knows an event, wherever the service is reached."""
    return f"{event.id}@events.klaster"


def entry_of(
    event: Event,
    *,
    language: str,
    now: datetime,
    url: str | None = None,
    online_url: str | None = None,
    cancelled: bool = False,
    held: bool = False,
    invitation: Invitation | None = None,
    particulars: Particulars = NOTHING_MORE,
) -> Entry:
    """An event as a calendar's entry; `online_url` only for those who may know it.

    `cancelled`: the event takes place, but not for whoever this is for. `held`: their seat is not confirmed yet.
    `now` is the stamp of the entry: for a feed the event's last change, so that what is unchanged reads the same.
    """
    entry = Entry()
    entry.add("uid", uid_of(event))
    entry.add("dtstamp", now)
    entry.add("dtstart", local_time(event.starts_at, event.zone))
    entry.add("dtend", local_time(event.ends_at, event.zone))
    entry.add("sequence", event.sequence)
    entry.add("created", event.created_at)
    entry.add("last-modified", event.updated_at)
    entry.add("summary", event.title_pl if language == "pl" else event.title_en)
    entry.add("status", "CANCELLED" if cancelled else _STATUS.get(event.state, "TENTATIVE" if held else "CONFIRMED"))
    entry.add("class", "PUBLIC" if event.visibility == "public" else "PRIVATE")
    if place := (event.place or online_url or ("Online" if event.online else None)):
        entry.add("location", place)
    if text := _description(event, language, online_url, held=held, agenda=particulars.agenda):
        entry.add("description", text)
    if url:
        entry.add("url", url)
    if online_url:
        entry.add("conference", vUri(online_url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    _add_relations(entry, event, particulars)
    if invitation is not None:
        _invite(entry, invitation)
    return entry


def local_time(moment: datetime, zone: str) -> datetime:
    """A moment on the clocks of a zone; in UTC where these show the same hour twice and it is the second time."""
    local = moment.astimezone(ZoneInfo(zone))
    unsaid = local.fold == 1 and local.replace(fold=0).utcoffset() != local.utcoffset()
    return moment.astimezone(UTC) if unsaid or zone in _NO_DEFINITION else local


def _add_relations(entry: Entry, event: Event, particulars: Particulars) -> None:
    if particulars.organiser:
        entry.add("contact", particulars.organiser)
    if particulars.categories:
        entry.add("categories", list(particulars.categories))
    if event.series is not None:
        # The series has no entry of its own; calendars that know the property see which events belong together.
        entry.add("related-to", f"series:{event.series}", parameters={"RELTYPE": "PARENT"})


def calendar_of(entries: Sequence[Entry], *, method: Method | None = "PUBLISH", name: str | None = None) -> bytes:
    """A calendar of these entries, with the time zones that they use; no `method` for one that is subscribed to."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    if method is not None:
        calendar.add("method", method)
    else:
        calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    for zone in _zones(entries):
        calendar.add_component(zone)
    for entry in entries:
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _zones(entries: Iterable[Entry]) -> list[Timezone]:
    """Every zone in which a time is written, described for the years around the events and not since 1970."""
    years: dict[str, list[int]] = {}
    for entry in entries:
        for moment in (entry.start, entry.end):
            if isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo):
                years.setdefault(str(moment.tzinfo), []).append(moment.year)
    return [_described(zone, min(found) - 1, max(found) + 2) for zone, found in sorted(years.items())]


@lru_cache(maxsize=200)
def _described(zone: str, first: int, last: int) -> Timezone:
    return Timezone.from_tzid(zone, first_date=date(first, 1, 1), last_date=date(last, 1, 1))


def _description(
    event: Event, language: str, online_url: str | None, *, held: bool, agenda: Sequence[AgendaLine]
) -> str:
    parts = [_word(event.state, language)] if event.state in _STATUS else []
    if held and not parts:
        parts.append(_word("held", language))
    text = event.description_pl if language == "pl" else event.description_en
    planned = [_word("agenda", language), *(_line(one, event.zone) for one in agenda)] if agenda else []
    return "\n\n".join(part for part in (*parts, text, "\n".join(planned), online_url) if part)


def _word(name: str, language: str) -> str:
    polish, english = _WORDS[name]
    return polish if language == "pl" else english


def _line(one: AgendaLine, zone: str) -> str:
    hours = "-".join(f"{moment.astimezone(ZoneInfo(zone)):%H:%M}" for moment in (one.starts_at, one.ends_at))
    return f"{hours} {one.title}" + (f" ({one.room})" if one.room else "")


def _invite(entry: Entry, invitation: Invitation) -> None:
    organiser = vCalAddress(f"mailto:{invitation.organiser_address}")
    organiser.params["cn"] = vText(invitation.organiser_name)
    entry.add("organizer", organiser)
    attendee = vCalAddress(f"mailto:{invitation.person_address}")
    attendee.params["cn"] = vText(invitation.person_name)
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    entry.add("attendee", attendee)
