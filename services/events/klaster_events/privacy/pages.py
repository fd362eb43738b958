"""Pages behind links to personal data, for whoever opens them in a browser; programs are answered in JSON."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from klaster_events.pages.framing import page_headers, page_style, page_template, spoken
from klaster_shared.errors import Problem, problem_response

_FOLDER = Path(__file__).parent
Page = Literal["export", "erase", "erased", "link_refused", "link_expired", "person_not_found"]
Action = Literal["erase", "download"]


@cache
def _words() -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = yaml.safe_load((_FOLDER / "words.yaml").read_text(encoding="utf-8"))
    return words


def reads_pages(request: Request) -> bool:
    """Whether a browser asks."""
    return "text/html" in request.headers.get("accept", "") and request.query_params.get("format") != "json"


def page_answer(
    request: Request, page: Page, *, action: Action | None = None, status: int = 200, **values: Any
) -> Response:
    """A page in the language of whoever opens it."""
    language = spoken(request)
    words = _words()
    html = page_template(_FOLDER).render(
        language=language,
        style=page_style(),
        above=words["export"][language]["title"],
        t=words[page][language],
        action=action,
        values=values,
    )
    return HTMLResponse(html, status, {**page_headers(), "Content-Language": language})


async def render_link_problem(request: Request, error: Exception) -> Response:
    """Exception handler: a link that opens nothing, as a page for browsers."""
    assert isinstance(error, Problem)
    if reads_pages(request) and error.code in _words():
        page: Any = error.code
        return page_answer(request, page, status=error.status)
    return problem_response(error, request.url.path)
