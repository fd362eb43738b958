"""What the sections of a path's page ask."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import quote

from klaster_gateway.composing.reader import Reader, link_to
from klaster_gateway.composing.schemas import Listed, Section
from klaster_gateway.composing.sections import LONG_DEADLINE, beside, listed, main_part, section
from klaster_gateway.path_page.schemas import PathOverview, PathScores

SHOWN = 10
PLAN_BEGINS = 9  # the month in which a yearly action plan begins
Record = Mapping[str, Any]


async def compose_path(reader: Reader, *, code: str) -> PathOverview:
    """Everything at once; raises what keeps the path itself away."""
    asked = reader.get("indicators", f"/v1/paths/{quote(code, safe='')}", scope="strategy:read")
    path: asyncio.Task[Record] = asyncio.create_task(main_part(asked, service="indicators"))
    # Asked for once, and waited for by three sections; each has its own deadline.
    scores = asyncio.create_task(_answer(reader.get("indicators", "/v1/scorecard", scope="scorecard:read", path=code)))
    today = reader.today.isoformat()
    coming = {"path": code, "state": "published", "from_": today, "sort": "starts_at"}
    held = {"path": code, "state": "completed", "sort": "-starts_at"}
    try:
        found = await beside(
            path,
            [
                _scorecard(scores, link_to("/v1/scorecard", path=code)),
                _events(reader, coming),
                _events(reader, held),
                _milestones(reader, code),
                _of_groups(reader, scores, "/v1/projects", "projects:read", {}),
                _of_groups(reader, scores, "/v1/entities", "entities:read", {"registration": "registered"}),
            ],
        )
    finally:
        scores.cancel()
    names = ("scorecard", "next_events", "past_events", "milestones", "projects", "entities")
    return PathOverview.model_validate({"path": path.result(), **dict(zip(names, found, strict=True))})


async def _answer(asked: Awaitable[Record]) -> Record:
    return await asked


async def _scorecard(scores: "asyncio.Task[Record]", link: str) -> Section[Any]:
    async def ask() -> PathScores:
        found = await asyncio.shield(scores)
        return PathScores.model_validate({name: found[name] for name in PathScores.model_fields})

    return await section(ask(), service="indicators", link=link, deadline=LONG_DEADLINE)


async def _events(reader: Reader, asked: dict[str, Any]) -> Section[Any]:
    async def ask() -> Listed[Any]:
        return listed(await reader.get("events", "/v1/events", scope="events:read", **asked, limit=SHOWN, count="true"))

    return await section(ask(), service="events", link=link_to("/v1/events", **asked))


async def _milestones(reader: Reader, code: str) -> Section[Any]:
    year = reader.today.year if reader.today.month >= PLAN_BEGINS else reader.today.year - 1
    path = f"/v1/plans/{year}/sums"

    async def ask() -> dict[str, Any]:
        return dict(await reader.get("indicators", path, scope="plans:read", path=code))

    return await section(ask(), service="indicators", link=link_to(path, path=code))


async def _of_groups(
    reader: Reader, scores: "asyncio.Task[Record]", path: str, scope: str, more: dict[str, Any]
) -> Section[Any]:
    """What belongs to the groups that the path's measures name; nothing where they name none."""
    groups: list[str] = []

    async def ask() -> Listed[Any]:
        groups.extend(_groups(await asyncio.shield(scores)))
        if not groups:
            return Listed[Any](items=[], total=0)
        return listed(await reader.get("registry", path, scope=scope, group=groups, **more, limit=SHOWN, count="true"))

    found = await section(ask(), service="registry", link=path, deadline=LONG_DEADLINE)
    return found.model_copy(update={"link": link_to(path, group=groups, **more)})


def _groups(scores: Record) -> list[str]:
    return sorted({item["sig"] for item in scores["items"] if item["sig"]})
