"""Putting the report together: the scorecard of a day, with the course of every measure up to it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework.errors import EditionNotFound
from klaster_indicators.framework.operations import Framework
from klaster_indicators.observations.operations import last_of_years
from klaster_indicators.scorecard.operations import Scorecard, read_scorecard
from klaster_indicators.scorecard.schemas import ScorecardParameters
from klaster_indicators.units.operations import UnitNames, unit_names


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report is made from."""

    framework: Framework
    scorecard: Scorecard
    histories: dict[UUID, Sequence[Any]]
    units: UnitNames


async def read_report(session: AsyncSession, *, parameters: ScorecardParameters, today: date, now: datetime) -> Report:
    """The scorecard of the day asked for and the values up to it.

    Raises EditionNotFound (also before a strategy is adopted), or Invalid for a day that has not come.
    """
    scorecard = await read_scorecard(session, parameters=parameters, today=today, now=now)
    if scorecard.framework is None:
        raise EditionNotFound("No strategy has been adopted yet")
    ids = [score.measure.definition.measure_id for score in scorecard.scores]
    histories = defaultdict(list)
    for row in await last_of_years(session, measure_ids=ids, until=scorecard.as_of, known_at=parameters.known_at):
        histories[row.measure_id].append(row)
    return Report(scorecard.framework, scorecard, dict(histories), await unit_names(session))
