"""Pages that explain problem types: what `type` in a problem document points to."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from klaster_gateway.contract.routes import PAGE_HEADERS
from klaster_gateway.problems.catalogue import problem_types
from klaster_shared.errors import NotFound
from klaster_shared.labels import ChosenLanguage

router = APIRouter(include_in_schema=False)


@cache
def _template(name: str) -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)


def _page(name: str, language: str, **content: Any) -> Response:
    shown = "pl" if language == "pl" else "en"
    html = _template(name).render(language=shown, **content)
    headers = {**PAGE_HEADERS, "Content-Language": shown, "Vary": "Accept-Language"}
    return Response(html, headers=headers, media_type="text/html")


@router.get("/problems")
async def list_problem_types(language: ChosenLanguage) -> Response:
    """All problem types, on one page."""
    return _page("list.html", language, problems=sorted(problem_types().items()))


@router.get("/problems/{code}")
async def get_problem_type(code: str, language: ChosenLanguage) -> Response:
    """What one problem type means, and what to do about it."""
    known = problem_types().get(code)
    if known is None:
        raise NotFound(f"There is no problem type {code}")
    return _page("problem.html", language, code=code, problem=known)
