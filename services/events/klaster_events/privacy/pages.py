"""Pages behind links to personal data, for whoever opens them in a browser; programs are answered in JSON."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from klaster_shared.errors import Problem, problem_response
from klaster_shared.labels import preferred_language

_FOLDER = Path(__file__).parent
Page = Literal["export", "erase", "erased", "link_refused", "link_expired", "person_not_found"]
Action = Literal["erase", "download"]
HEADERS = {
    "Cache-Control": "private, no-store",
    # Nothing is loaded, nothing runs, and the address, which opens somebody's data, is told to nobody.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@cache
def _words() -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = yaml.safe_load((_FOLDER / "words.yaml").read_text(encoding="utf-8"))
    return words


@cache
def _template() -> Template:
    loader = FileSystemLoader(_FOLDER)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")


def reads_pages(request: Request) -> bool:
    """Whether a browser asks."""
    return "text/html" in request.headers.get("accept", "") and request.query_params.get("format") != "json"


def page_answer(
    request: Request, page: Page, *, action: Action | None = None, status: int = 200, **values: Any
) -> Response:
    """A page in the language of whoever opens it."""
    asked = request.query_params.get("lang")
    language = asked if asked in {"pl", "en"} else preferred_language(request.headers.get("accept-language"))
    text = _words()[page][language]
    html = _template().render(language=language, t=text, action=action, values=values)
    headers = {**HEADERS, "Content-Language": language, "Vary": "Accept, Accept-Language"}
    return HTMLResponse(html, status, headers)


async def render_link_problem(request: Request, error: Exception) -> Response:
    """Exception handler: a link that opens nothing, as a page for browsers."""
    assert isinstance(error, Problem)
    if reads_pages(request) and error.code in _words():
        page: Any = error.code
        return page_answer(request, page, status=error.status)
    return problem_response(error, request.url.path)
