"""The frame of every page behind a link: one head, one style, the same headers. Nothing runs or comes from elsewhere.

A page extends `frame.html`: it says its `title`, what stands `above` it, perhaps a `footer`, and its block `main`. Its
words lie beside it, in both languages. `problem.html` says what did not work, in the words of whoever shows it.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from klaster_shared.labels import preferred_language

_FOLDER = Path(__file__).parent
Spoken = Literal["pl", "en"]
# Answers to a link that opens one person's registration: kept nowhere, found by nobody, told to no other site.
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}


@cache
def _style() -> str:
    return (_FOLDER / "page.css").read_text(encoding="utf-8")


@cache
def words_of(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """What the pages of a folder say, by name and language."""
    words: Mapping[str, Mapping[str, Any]] = yaml.safe_load((folder / "words.yaml").read_text(encoding="utf-8"))
    return words


def framed(
    folder: Path, language: Spoken, content: Mapping[str, Any], *, page: str = "page.html", status: int = 200
) -> Response:
    """A page of a folder with its content, as every page behind a link is answered; `w` says the folder's words."""
    words = words_of(folder)
    style = Markup(_style())  # noqa: S704 # our own file, and what the policy's digest was taken of
    html = _template(folder, page).render(
        language=language, style=style, w=lambda name: words[name][language], **content
    )
    return HTMLResponse(html, status, {**page_headers(), "Content-Language": language})


@cache
def page_headers() -> Mapping[str, str]:
    """What goes with every answer to a link that a browser may open."""
    # The style is named by its digest: whatever else somebody might smuggle into a page, a browser does not apply it.
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {**PRIVATE, "Content-Security-Policy": policy, "Vary": "Accept, Accept-Language"}


@cache
def _template(folder: Path, name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader([folder, _FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def wants_page(request: Request) -> bool:
    """Whether a browser asks: programs that take anything get JSON."""
    return "text/html" in request.headers.get("accept", "")


def spoken(request: Request, otherwise: str | None = None) -> Spoken:
    """The language of a page: the one asked for by name, else the person's own, else the browser's."""
    for language in (request.query_params.get("lang"), otherwise):
        if language in {"pl", "en"}:
            return "pl" if language == "pl" else "en"
    return "pl" if preferred_language(request.headers.get("accept-language")) == "pl" else "en"
