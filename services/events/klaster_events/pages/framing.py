"""The frame of every page behind a link: one head, one style, the same headers. Nothing runs or comes from elsewhere.

A page extends `frame.html`: it says its `title`, what stands `above` it, perhaps a `footer`, and its block `main`.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from fastapi import Request
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
def page_headers() -> Mapping[str, str]:
    """What goes with every page behind a link."""
    # The style is named by its digest: whatever else somebody might smuggle into a page, a browser does not apply it.
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {**PRIVATE, "Content-Security-Policy": policy, "Vary": "Accept, Accept-Language"}


@cache
def page_template(folder: Path, name: str = "page.html") -> Template:
    """A page of a folder, as every page behind a link is written: it extends `frame.html`."""
    environment = Environment(
        loader=FileSystemLoader([folder, _FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def page_style() -> Markup:
    """The style of every page behind a link: our own file, and what the policy's digest was taken of."""
    return Markup(_style())  # noqa: S704


def wants_page(request: Request) -> bool:
    """Whether a browser asks: programs that take anything get JSON."""
    return "text/html" in request.headers.get("accept", "")


def spoken(request: Request, otherwise: str | None = None) -> Spoken:
    """The language of a page: the one asked for by name, else the person's own, else the browser's."""
    for language in (request.query_params.get("lang"), otherwise):
        if language in {"pl", "en"}:
            return "pl" if language == "pl" else "en"
    return "pl" if preferred_language(request.headers.get("accept-language")) == "pl" else "en"
