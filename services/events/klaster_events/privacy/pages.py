"""Pages behind links to personal data, for whoever opens them in a browser; programs are answered in JSON."""

from pathlib import Path
from typing import Any, Literal

from fastapi import Request
from fastapi.responses import Response

from klaster_events.pages.framing import framed, spoken, words_of
from klaster_shared.errors import Problem, problem_response

_FOLDER = Path(__file__).parent
Page = Literal["export", "erase", "erased", "link_refused", "link_expired", "person_not_found"]
Action = Literal["erase", "download"]


def reads_pages(request: Request) -> bool:
    """Whether a browser asks."""
    return "text/html" in request.headers.get("accept", "") and request.query_params.get("format") != "json"


def page_answer(
    request: Request, page: Page, *, action: Action | None = None, status: int = 200, **values: Any
) -> Response:
    """A page in the language of whoever opens it."""
    language = spoken(request)
    words = words_of(_FOLDER)
    content = {
        "above": words["export"][language]["title"],
        "t": words[page][language],
        "action": action,
        "values": values,
    }
    return framed(_FOLDER, language, content, status=status)


async def render_link_problem(request: Request, error: Exception) -> Response:
    """Exception handler: a link that opens nothing, as a page for browsers."""
    assert isinstance(error, Problem)
    if reads_pages(request) and error.code in words_of(_FOLDER):
        page: Any = error.code
        return page_answer(request, page, status=error.status)
    return problem_response(error, request.url.path)
