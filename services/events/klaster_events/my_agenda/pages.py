"""The page of one's own agenda: whole in itself, in both languages, with the profile as a form."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import Request
from fastapi.responses import Response

from klaster_events.editions.records import kind_record
from klaster_events.editions.windows import LAST_DAY
from klaster_events.my_agenda.agenda import Agenda
from klaster_events.my_agenda.lines import Line, overlapping, whom
from klaster_events.my_agenda.meetings import OwnMeetings
from klaster_events.my_agenda.operations import Part, steps_of
from klaster_events.pages.framing import Spoken, framed, spoken, words_of
from klaster_events.participants.models import Participant
from klaster_events.times import day_and_time, hours, span

_FOLDER = Path(__file__).parent


def agenda_page(request: Request, agenda: Agenda, meetings: OwnMeetings, *, token: str, now: datetime) -> Response:
    """The agenda day by day, and below it one's own part in the meetings."""
    own = agenda.part.own
    event, language = own.event, spoken(request, own.registration.language)
    content = {
        "heading": event.title_pl if language == "pl" else event.title_en,
        "when": span(event.starts_at, event.ends_at, zone=event.zone, language=language),
        "name": own.name,
        "path": f"/v1/registration-links/{token}",
        "days": _days(agenda.lines, event.zone, language),
        "meetings": [_meeting(one, meetings, event.zone, language) for one in meetings.records],
        "more": meetings.more,
        "takes_part": agenda.part.takes_part,
        "may": steps_of(agenda.part, now=now),
        "kinds": [kind_record(kind, language) for kind in agenda.part.found[0].kinds] if agenda.part.found else [],
        "profile": _profile(agenda.part),
        "hours": _hours(agenda.part, language),
    }
    return framed(_FOLDER, language, content)


def word(name: str, language: Spoken) -> str:
    """What the pages say."""
    said: str = words_of(_FOLDER)[name][language]
    return said


def _days(lines: Sequence[Line], zone: str, language: Spoken) -> list[dict[str, Any]]:
    twice = overlapping(lines)
    days = groupby(lines, key=lambda line: line.starts_at.astimezone(ZoneInfo(zone)).date())
    return [
        {
            "title": format_date(day, "EEEE, d MMMM y", locale=language),
            "lines": [_line(line, zone, language, twice=line.id in twice) for line in found],
        }
        for day, found in days
    ]


def _line(line: Line, zone: str, language: Spoken, *, twice: bool) -> dict[str, Any]:
    note = f"state_{line.state}"
    return {
        "kind": line.kind,
        "title": line.title_pl if language == "pl" else line.title_en,
        "hours": hours(line.starts_at, line.ends_at, zone=zone, language=language, day=False),
        "place": line.place,
        "online_url": line.online_url,
        "note": word(note, language) if note in words_of(_FOLDER) else None,
        "twice": twice,
    }


def _meeting(record: dict[str, Any], meetings: OwnMeetings, zone: str, language: Spoken) -> dict[str, Any]:
    slots = meetings.slots.get(record["id"], ())
    return {
        "id": record["id"],
        "whom": whom(record),
        "says": _says(record, zone, language),
        "message": record["message"],
        "may": record["may"],
        "said": record["outcome"] is not None,
        "project": _project(record["project"], language),
        "placed": record["starts_at"] is not None,
        "slots": [
            {
                "value": slot["starts_at"].isoformat(),
                "text": hours(slot["starts_at"], slot["ends_at"], zone=zone, language=language, day=True),
            }
            for slot in slots
        ],
    }


def _says(record: dict[str, Any], zone: str, language: Spoken) -> str:
    """Where a meeting stands, in a sentence."""
    if record["starts_at"] is not None:
        return hours(record["starts_at"], record["ends_at"], zone=zone, language=language, day=True)
    if record["state"] == "requested":
        said = word(f"requested_{record['side']}", language)
        until = record["expires_at"]
        return said if until is None else f"{said} {day_and_time(until, zone=zone, language=language)}"
    return word("agreed", language)


def _project(fate: dict[str, Any] | None, language: Spoken) -> dict[str, Any] | None:
    """What became of the project that was proposed, in a sentence; where it is, once it is there."""
    if fate is None:
        return None
    return {
        "says": word(f"project_{fate['state']}", language),
        "answer": fate["answer"],
        "record": fate["record"] if fate["state"] == "accepted" else None,
    }


def _profile(part: Part) -> dict[str, Any]:
    """What the form holds: what was said, also before somebody left."""
    one = part.participant
    return {
        "kind": one.kind if one else "",
        **{name: ", ".join(getattr(one, name)) if one else "" for name in ("languages", "fields", "seeks", "offers")},
        "about_pl": _said(one, "about_pl"),
        "about_en": _said(one, "about_en"),
        "cap": one.cap if one and one.cap is not None else "",
        "listed": bool(one and one.listed),
    }


def _hours(part: Part, language: Spoken) -> list[dict[str, str]]:
    """Each day of the event, with the hours that were said of it."""
    event, zone = part.own.event, ZoneInfo(part.own.event.zone)
    first, last = (moment.astimezone(zone).date() for moment in (event.starts_at, event.ends_at))
    said = (part.participant.availability if part.participant else None) or []
    return [
        {
            "title": format_date(first + timedelta(days=number), "EEEE, d MMMM", locale=language),
            "said": ", ".join(f"{one['from']}-{one['until']}" for one in said if one["day"] == number + 1),
        }
        for number in range(min((last - first).days + 1, LAST_DAY))
    ]


def _said(one: Participant | None, name: str) -> str:
    return getattr(one, name, None) or ""
