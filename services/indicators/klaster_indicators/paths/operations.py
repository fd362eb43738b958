"""Reading a path with everything on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework.asked import Asked
from klaster_indicators.framework.errors import PathNotFound
from klaster_indicators.framework.operations import Framework, edition_asked, path_in, read_framework, read_tasks
from klaster_indicators.indicators.facts import IndicatorFacts
from klaster_indicators.indicators.filters import Filter
from klaster_indicators.indicators.operations import read_indicators


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A path and the parts of the framework on it."""

    framework: Framework
    path: Any
    indicators: Sequence[IndicatorFacts]
    tasks: Sequence[Any]


async def read_path(session: AsyncSession, *, code: str, asked: Asked) -> PathFacts:
    """A path by code or number; raises PathNotFound, EditionNotFound."""
    edition = await edition_asked(session, asked=asked)
    if edition is None:
        raise PathNotFound(f"No strategy was in force on {asked.on}")
    framework = await read_framework(session, edition=edition)
    path = path_in(framework, code)
    indicators = await read_indicators(session, framework=framework, wanted=Filter(paths=(path.number,)))
    tasks = [task for task in await read_tasks(session, edition=edition) if task.path == path.number]
    return PathFacts(framework, path, indicators, tasks)


async def list_paths(session: AsyncSession, *, asked: Asked) -> Sequence[Any]:
    """The paths of an edition; none before a strategy is adopted. Raises EditionNotFound."""
    edition = await edition_asked(session, asked=asked)
    if edition is None:
        return ()
    return (await read_framework(session, edition=edition)).paths
