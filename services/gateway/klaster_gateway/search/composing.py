"""What the search asks each service."""

import asyncio
from typing import Any

from klaster_gateway.composing.reader import Reader, link_to
from klaster_gateway.composing.schemas import Listed, Section
from klaster_gateway.composing.sections import listed, section
from klaster_gateway.search.schemas import FoundEverywhere, Kind, SearchAll

_WHERE: dict[Kind, tuple[str, str]] = {
    "registry": ("/v1/registry/search", "search:read"),
    "events": ("/v1/events", "events:read"),
    "indicators": ("/v1/indicators", "indicators:read"),
}


async def search_all(reader: Reader, *, asked: SearchAll) -> FoundEverywhere:
    """Every section at once."""
    kinds = [kind for kind in _WHERE if not asked.kind or kind in asked.kind]
    found = await asyncio.gather(*(_section(reader, kind, asked) for kind in kinds))
    sections = dict.fromkeys(_WHERE) | dict(zip(kinds, found, strict=True))
    return FoundEverywhere.model_validate({"q": asked.q, **sections})


async def _section(reader: Reader, kind: Kind, asked: SearchAll) -> Section[Any]:
    path, scope = _WHERE[kind]

    async def ask() -> Listed[Any]:
        return listed(await reader.get(kind, path, scope=scope, q=asked.q, limit=asked.limit, cursor=asked.cursor))

    return await section(ask(), service=kind, link=link_to(path, q=asked.q))
