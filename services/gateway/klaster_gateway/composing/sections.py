"""Sections side by side: one that fails or is late takes only itself away."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError

from klaster_gateway.composing.reader import Reader
from klaster_gateway.composing.schemas import Listed, Section, SectionProblem
from klaster_shared.errors import Problem, UpstreamFailed, UpstreamTimeout
from klaster_shared.etags import conditional_json

# Seconds. Lists and records are answered in tens of milliseconds; the scorecard judges some 80 measures.
DEADLINE = 2.0
LONG_DEADLINE = 4.0
Main = TypeVar("Main")
Content = TypeVar("Content")
log = structlog.get_logger(__name__)


async def section(work: Awaitable[Content], *, service: str, link: str, deadline: float = DEADLINE) -> Section[Any]:
    """A part of a page: what `work` finds within its deadline, or why it is missing."""
    try:
        async with asyncio.timeout(deadline):
            content = await work
        return Section[Any](content=content, problem=None, link=link)
    except TimeoutError:
        problem: Problem = UpstreamTimeout(f"{service} did not answer within {deadline:g} s", service=service)
    except Problem as known:
        problem = known
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        log.warning("section_garbled", service=service, error=f"{type(error).__name__}: {error}")
        problem = UpstreamFailed(f"{service} gave an answer of another shape", service=service)
    return Section[Any](content=None, problem=_small(problem, service), link=link)


async def main_part(work: Awaitable[Main], *, service: str, deadline: float = DEADLINE) -> Main:
    """The part without which there is no page; raises its problem."""
    try:
        async with asyncio.timeout(deadline):
            return await work
    except TimeoutError as error:
        raise UpstreamTimeout(f"{service} did not answer within {deadline:g} s", service=service) from error


async def beside(main: "asyncio.Task[Main]", sections: Sequence[Awaitable[Section[Any]]]) -> list[Section[Any]]:
    """The sections, asked for while the main part is on its way; raises what keeps that one away."""
    tasks = [asyncio.ensure_future(one) for one in sections]
    try:
        await main
        return [await task for task in tasks]
    finally:
        for task in (main, *tasks):
            task.cancel()
        await asyncio.gather(main, *tasks, return_exceptions=True)


def listed(page: Mapping[str, Any]) -> Listed[Any]:
    """A page of a service's list, as it is; raises TypeError where it is none."""
    items = page["items"]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise TypeError("items are no records")
    return Listed[Any].model_construct(items=items, total=page.get("total"), next=page.get("next"))


def page_answer(request: Request, page: BaseModel, *, reader: Reader) -> Response:
    """The page with an ETag over its parts. Only what everybody sees, and whole, may be kept by caches."""
    whole = all(getattr(getattr(page, name), "problem", None) is None for name in type(page).model_fields)
    return conditional_json(request, page, public=reader.is_public and whole)


def _small(problem: Problem, service: str) -> SectionProblem:
    # Without the request's id, which would make every page differ from the one before.
    return SectionProblem(
        type=f"/problems/{problem.code}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        service=problem.extensions.get("service", service),
    )
