"""A certificate as a page that is printed from a browser. It loads nothing and runs nothing."""

from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from klaster_shared.labels import Language

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept, Accept-Language",
}
_WORDS = {
    "pl": {
        "title": "Zaświadczenie",
        "for": "zaświadcza się, że",
        "took_part": "wziął udział / wzięła udział w wydarzeniu",
        "hours": "Wymiar",
        "unit": "godz.",
        "number": "Numer",
        "issued": "Wystawiono",
        "organiser": "Organizator",
        "void": "NIEWAŻNE",
    },
    "en": {
        "title": "Certificate of attendance",
        "for": "this is to certify that",
        "took_part": "took part in",
        "hours": "Duration",
        "unit": "h",
        "number": "Number",
        "issued": "Issued",
        "organiser": "Organiser",
        "void": "VOID",
    },
}


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")


def reads_pages(request: Request) -> bool:
    """Whether a browser asks."""
    return "text/html" in request.headers.get("accept", "")


def certificate_page(record: dict[str, Any], language: Language) -> Response:
    """A certificate on one sheet, in one language."""
    chosen = "pl" if language == "pl" else "en"
    zone = ZoneInfo(record["event"]["zone"])
    days = sorted({record["event"][name].astimezone(zone).date().isoformat() for name in ("starts_at", "ends_at")})
    issued = record["issued_at"].astimezone(zone).date().isoformat()
    html = _template().render(language=chosen, t=_WORDS[chosen], one=record, days=" – ".join(days), issued=issued)
    return HTMLResponse(html, headers={**HEADERS, "Content-Language": chosen})
