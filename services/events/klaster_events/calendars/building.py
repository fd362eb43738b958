"""Building iCalendar: one event is the same entry wherever it is handed out, so that a calendar knows it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from klaster_events.events.models import Event

MEDIA_TYPE = "text/calendar"
Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
_PRODUCT = "-//klaster//events//EN"
_STATUS = {"postponed": "TENTATIVE", "cancelled": "CANCELLED"}
_AROUND = timedelta(days=366)  # time zones are described for the years around the events, not since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whose calendar an entry is for: a calendar program then follows changes by itself."""

    organiser_name: str
    organiser_address: str
    person_name: str
    person_address: str


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
    invitation: Invitation | None = None,
) -> Entry:
    """An event as a calendar's entry; `online_url` only for those who may know it.

    `cancelled`: the event takes place, but not for whoever this is for.
    """
    zone = ZoneInfo(event.zone)
    entry = Entry()
    entry.add("uid", uid_of(event))
    entry.add("dtstamp", now)
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("sequence", event.sequence)
    entry.add("created", event.created_at)
    entry.add("last-modified", event.updated_at)
    entry.add("summary", event.title_pl if language == "pl" else event.title_en)
    entry.add("status", "CANCELLED" if cancelled else _STATUS.get(event.state, "CONFIRMED"))
    if place := (event.place or online_url):
        entry.add("location", place)
    if text := _description(event, language, online_url):
        entry.add("description", text)
    if url:
        entry.add("url", url)
    if invitation is not None:
        _invite(entry, invitation)
    return entry


def calendar_of(entries: Sequence[Entry], *, method: Method = "PUBLISH", name: str | None = None) -> bytes:
    """A calendar of these entries, with the time zones that they use."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(entry)
    if entries:
        first, last = _span(entries)
        calendar.add_missing_timezones(first_date=first, last_date=last)
    return bytes(calendar.to_ical())


def _description(event: Event, language: str, online_url: str | None) -> str:
    text = event.description_pl if language == "pl" else event.description_en
    return "\n\n".join(part for part in (text, online_url) if part)


def _invite(entry: Entry, invitation: Invitation) -> None:
    organiser = vCalAddress(f"mailto:{invitation.organiser_address}")
    organiser.params["cn"] = vText(invitation.organiser_name)
    entry.add("organizer", organiser)
    attendee = vCalAddress(f"mailto:{invitation.person_address}")
    attendee.params["cn"] = vText(invitation.person_name)
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    entry.add("attendee", attendee)


def _span(entries: Sequence[Entry]) -> tuple[date, date]:
    first = min(_day(entry.start) for entry in entries)
    last = max(_day(entry.end) for entry in entries)
    return first - _AROUND, last + _AROUND


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
