"""A strategy with ten years of daily values, or with ten thousand indicators: written by bulk insert."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from klaster_indicators.database import open_database, table_of
from klaster_indicators.document.reading import read_strategy
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework.operations import find_edition, read_framework
from klaster_indicators.indicators.operations import read_indicators
from klaster_indicators.observations.models import Observation
from klaster_indicators.strategy import STRATEGY_FILE
from klaster_indicators.strategy.operations import take_in
from klaster_shared.identifiers import new_id
from klaster_shared.migrations import upgrade

NOW = datetime(2022, 9, 7, 9, 0, tzinfo=UTC)
LAST_DAY = date(2026, 11, 25)  # whenever it is measured, this day is over
YEARS = 10
CHUNK = 5000
DAILY = {"point", "cumulative"}


def strategy_of(indicators: int) -> StrategyDocument:
    """The 2022 strategy, with copies of its goals until there are so many indicators."""
    document = read_strategy(STRATEGY_FILE)
    stated = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    programmes = stated["programmes"]
    patterns = [(programme, deepcopy(programme["goals"])) for programme in programmes]
    missing = indicators - len(stated["effect_indicators"]) - sum(len(goals) for _, goals in patterns)
    copies = (
        (programme, goal, number)
        for number in range(100, 100 + indicators)
        for programme, goals in patterns
        for goal in goals
    )
    for programme, goal, number in islice(copies, max(0, missing)):
        programme["goals"].append({**goal, "code": f"{goal['code'].partition('-')[0]}-{number}{goal['code'][-1]}"})
    return StrategyDocument.model_validate(stated)


async def fill(url: str, *, indicators: int, daily: bool) -> int:
    """A migrated database with the strategy adopted; how many observations it has."""
    await upgrade(url, "klaster_indicators")
    database = open_database(url)
    async with database.write() as session:
        await take_in(session, document=strategy_of(indicators), known=None, now=NOW)
    async with database.read() as session:
        framework = await read_framework(session, edition=await find_edition(session, code=None))
        measures = [
            measure.definition
            for one in await read_indicators(session, framework=framework)
            for measure in one.measures
        ]
    rows, count = _rows(measures, daily=daily), 0
    while chunk := list(islice(rows, CHUNK)):
        async with database.write() as session:
            await session.execute(insert(table_of(Observation)), chunk)
        count += len(chunk)
    await database.dispose()
    return count


def _rows(measures: Sequence[Any], *, daily: bool) -> Iterator[dict[str, Any]]:
    """Of stocks a value a day (or a year), of flows a value a year; every hundredth was restated."""
    for number in range(YEARS * 365 if daily else YEARS):
        ends_on = LAST_DAY - timedelta(days=number if daily else 365 * number)
        for measure in measures:
            stock = measure.period in DAILY
            if stock or not daily or number % 365 == 0:
                yield from _values(measure, ends_on if stock else date(ends_on.year - 1, 12, 31), number)


def _values(measure: Any, ends_on: date, number: int) -> Iterator[dict[str, Any]]:
    years = {"year": 1, "window_3y": 3}.get(measure.period)
    starts_on = ends_on if years is None else date(ends_on.year - years + 1, 1, 1)
    recorded = datetime.combine(ends_on, datetime.min.time(), UTC) + timedelta(days=1)
    row = {
        "id": new_id(),
        "measure_id": measure.measure_id,
        "state": "verified",
        "origin": "manual",
        "value": 100 + number,
        "approximate": False,
        "unit": measure.unit,
        "period": measure.period,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "complete": True,
        "source": "a count",
        "demonstration": 0,
        "verified_at": recorded,
        "superseded_at": None,
        "superseded_reason": None,
        "recorded_at": recorded,
        "recorded_by": "benchmark",
        "version": 1,
    }
    if number % 100 == 99:
        later = recorded + timedelta(hours=1)
        yield {**row, "state": "superseded", "superseded_at": later, "superseded_reason": "counted anew"}
        row |= {"id": new_id(), "verified_at": later, "recorded_at": later}
    yield row
