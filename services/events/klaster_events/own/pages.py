"""The page of one's own registration: whole in itself, in both languages; nothing runs or is loaded from elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from klaster_events.agenda.models import AgendaSession
from klaster_events.consents.models import ConsentText
from klaster_events.events.models import Event
from klaster_events.own.operations import Own, steps_of
from klaster_events.own.records import held_until
from klaster_events.pages.framing import Spoken, framed, spoken, words_of
from klaster_events.times import day_and_time, hours, span
from klaster_shared.errors import Problem

_FOLDER = Path(__file__).parent
_TONES = {"confirmed": "good", "pending": "ask", "offered": "ask", "declined": "bad", "cancelled": "bad"}


def own_page(request: Request, own: Own, *, token: str, now: datetime) -> Response:
    """The page of a registration."""
    event, language = own.event, spoken(request, own.registration.language)
    may = steps_of(own, now=now)
    content = {
        "own": own,
        "event": event,
        "heading": event.title_pl if language == "pl" else event.title_en,
        "state": _word(f"state_{own.registration.state}", language),
        "tone": _TONES.get(own.registration.state, ""),
        "says": _says(own, language, now),
        "may": may,
        "moved": event.state in {"postponed", "cancelled"},
        "when": span(event.starts_at, event.ends_at, zone=event.zone, language=language),
        "calendar": own.code is not None,
        "path": f"/v1/registration-links/{token}",
        "sessions": [_session(one, chosen, event, language) for one, chosen in own.sessions],
        "consents": [_consent(text, language, given=given) for text, given in own.consents],
    }
    return framed(_FOLDER, language, content)


def problem_page(request: Request, problem: Problem) -> Response:
    """A page that says what did not work, and leads back where there is a way back."""
    language = spoken(request)
    token = request.path_params.get("token", "")
    lost = problem.code == "link_refused"
    within = request.url.path.rpartition(token)[2]
    place = "/agenda" if within.startswith(("/participa", "/meetings")) else ""  # the page whose form it was
    content = {
        "heading": _word("problem", language),
        "says": _word(_reason(problem), language),
        "back": None if lost else f"/v1/registration-links/{token}{place}?lang={language}",
    }
    return framed(_FOLDER, language, content, page="problem.html", status=problem.status)


def _reason(problem: Problem) -> str:
    """The most telling thing that there are words for."""
    names = [*(f"{problem.code}_{error['code']}" for error in problem.errors), problem.code]
    return next((name for name in names if name in words_of(_FOLDER)), "problem_other")


def _word(name: str, language: Spoken) -> str:
    said: str = words_of(_FOLDER)[name][language]
    return said


def _says(own: Own, language: Spoken, now: datetime) -> str:
    """What there is to know of a registration, in a sentence or two."""
    registration, event = own.registration, own.event
    if event.state in {"cancelled", "postponed", "completed"}:
        return _word(f"event_{event.state}", language)
    if event.ends_at <= now:
        return _word("event_over", language)
    name = f"says_{registration.state}"
    if registration.state == "cancelled" and registration.ended_by == "expired":
        name = "says_cancelled_expired"
    until = held_until(own, now=now)
    if until is not None and f"{name}_until" in words_of(_FOLDER):
        name = f"{name}_until"
    told = _word(name, language).format(
        until=day_and_time(until, zone=event.zone, language=language) if until else "", place=own.place_in_queue
    )
    asks = registration.verified_at is None and registration.state in {"waiting", "requested"}
    return f"{told} {_word('says_unverified', language)}" if asks else told


def _session(one: AgendaSession, chosen: str | None, event: Event, language: Spoken) -> dict[str, Any]:
    days = {moment.astimezone(ZoneInfo(event.zone)).date() for moment in (event.starts_at, event.ends_at)}
    return {
        "id": one.id,
        "title": one.title_pl if language == "pl" else one.title_en,
        "when": hours(one.starts_at, one.ends_at, zone=event.zone, language=language, day=len(days) > 1),
        "room": one.room,
        "free": None if one.capacity is None else one.capacity - one.taken,
        "chosen": chosen,
    }


def _consent(text: ConsentText, language: Spoken, *, given: bool) -> dict[str, Any]:
    return {
        "purpose": text.purpose,
        "version": text.version,
        "text": text.text_pl if language == "pl" else text.text_en,
        "given": given,
    }
