"""The page of one's own booking: as every page behind a link, whole in itself and in both languages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from klaster_events.pages.framing import Spoken, framed, spoken, words_of
from klaster_events.times import span
from klaster_shared.errors import Problem

_FOLDER = Path(__file__).parent
_TONES = {"approved": "good", "used": "good", "declined": "bad", "cancelled": "bad"}


def path_of(token: str) -> str:
    """Where a link leads."""
    return f"/v1/booking-links/{token}"


def booking_page(record: Mapping[str, Any], language: Spoken, *, token: str) -> Response:
    """The page of a booking, which is told in the page's language."""
    content = {
        "own": record,
        "heading": record["resource"]["name"],
        "state": words_of(_FOLDER)[f"state_{record['state']}"][language],
        "tone": _TONES.get(record["state"], ""),
        "says": words_of(_FOLDER)[_said(record)][language],
        "when": span(record["starts_at"], record["ends_at"], zone=record["zone"], language=language),
        "path": path_of(token),
    }
    return framed(_FOLDER, language, content)


def booking_problem_page(request: Request, problem: Problem) -> Response:
    """A page that says what did not work, and leads back where there is a way back."""
    language, words = spoken(request), words_of(_FOLDER)
    lost = problem.code == "link_refused"
    content = {
        "heading": words["problem"][language],
        "says": words[problem.code if problem.code in words else "problem_other"][language],
        "back": None if lost else f"{path_of(request.path_params.get('token', ''))}?lang={language}",
    }
    return framed(_FOLDER, language, content, page="problem.html", status=problem.status)


def _said(record: Mapping[str, Any]) -> str:
    """What there is to know of a booking: the name of the words."""
    if record["kept"] == "began":
        return "says_began"
    closer = f"says_{record['state']}_{record['ended_by']}"
    return closer if closer in words_of(_FOLDER) else f"says_{record['state']}"
