"""Composing the page: sections side by side, each with a deadline of its own and a problem of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from pydantic import ValidationError

from klaster_gateway.overview.schemas import Overview, Section, SectionProblem
from klaster_gateway.overview.sections import (
    Reader,
    changes_summary,
    entities_summary,
    events_summary,
    scorecard_summary,
)
from klaster_shared.errors import Problem, UpstreamFailed, UpstreamTimeout

Content = TypeVar("Content")
# Seconds. The scorecard judges some 80 measures, the rest are short lists; a page may not wait for its slowest part.
SCORECARD_DEADLINE = 4.0
LIST_DEADLINE = 2.0
log = structlog.get_logger(__name__)


async def compose_overview(reader: Reader) -> Overview:
    """Every section at once; one that fails or is late takes only itself away."""
    scorecard, entities, events, changes = await asyncio.gather(
        _section(scorecard_summary, reader, "indicators", SCORECARD_DEADLINE, "/v1/scorecard"),
        _section(entities_summary, reader, "registry", LIST_DEADLINE, "/v1/entities?registration=registered"),
        _section(events_summary, reader, "events", LIST_DEADLINE, "/v1/events?state=published&sort=starts_at"),
        _section(changes_summary, reader, "registry", LIST_DEADLINE, "/v1/entities?sort=-updated_at"),
    )
    return Overview(scorecard=scorecard, entities=entities, events=events, changes=changes)


async def _section(
    compose: Callable[[Reader], Awaitable[Content]], reader: Reader, service: str, deadline: float, link: str
) -> Any:
    try:
        async with asyncio.timeout(deadline):
            content = await compose(reader)
        return Section[Any](content=content, problem=None, link=link)
    except TimeoutError:
        problem: Problem = UpstreamTimeout(f"{service} did not answer within {deadline:g} s", service=service)
    except Problem as known:
        problem = known
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        log.warning("section_garbled", service=service, error=f"{type(error).__name__}: {error}")
        problem = UpstreamFailed(f"{service} gave an answer of another shape", service=service)
    return Section[Any](content=None, problem=_small(problem, service), link=link)


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
