"""The page of one's own booking: as every page behind a link, whole in itself and in both languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from klaster_events.pages.framing import Spoken, page_headers, page_style, page_template, spoken
from klaster_events.times import span
from klaster_shared.errors import Problem

_FOLDER = Path(__file__).parent
_TONES = {"approved": "good", "used": "good", "declined": "bad", "cancelled": "bad"}


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = yaml.safe_load((_FOLDER / "words.yaml").read_text(encoding="utf-8"))
    return words


def path_of(token: str) -> str:
    """Where a link leads."""
    return f"/v1/booking-links/{token}"


def booking_page(record: Mapping[str, Any], language: Spoken, *, token: str) -> Response:
    """The page of a booking, which is told in the page's language."""
    content = {
        "own": record,
        "heading": record["resource"]["name"],
        "state": _words()[f"state_{record['state']}"][language],
        "tone": _TONES.get(record["state"], ""),
        "says": _words()[_said(record)][language],
        "when": span(record["starts_at"], record["ends_at"], zone=record["zone"], language=language),
        "path": path_of(token),
    }
    return _answer(language, 200, content)


def booking_problem_page(request: Request, problem: Problem) -> Response:
    """A page that says what did not work, and leads back where there is a way back."""
    language, words = spoken(request), _words()
    lost = problem.code == "link_refused"
    content = {
        "own": None,
        "heading": words["problem"][language],
        "says": words[problem.code if problem.code in words else "problem_other"][language],
        "back": None if lost else f"{path_of(request.path_params.get('token', ''))}?lang={language}",
    }
    return _answer(language, problem.status, content)


def _said(record: Mapping[str, Any]) -> str:
    """What there is to know of a booking: the name of the words."""
    if record["kept"] == "began":
        return "says_began"
    closer = f"says_{record['state']}_{record['ended_by']}"
    return closer if closer in _words() else f"says_{record['state']}"


def _answer(language: Spoken, status: int, content: Mapping[str, Any]) -> Response:
    html = page_template(_FOLDER).render(
        language=language, style=page_style(), w=lambda name: _words()[name][language], **content
    )
    return HTMLResponse(html, status, {**page_headers(), "Content-Language": language})
