"""Live figures as numbers: how many there are, how many are stale, and how old the oldest is."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.live import repository
from klaster_indicators.live.operations import figure_states
from klaster_shared.watching.measures import Gauge, Measure, Sample

FIGURES = Gauge("klaster_figures", "Live figures that other services count", ("state",))
AGE = Gauge("klaster_figures_oldest_seconds", "How long ago the figure was refreshed that was refreshed longest ago")


async def _read(session: AsyncSession, now: datetime) -> Iterable[Sample]:
    states = (await figure_states(session, now=now)).values()
    stale = sum(state.stale is not None for state in states)
    succeeded = [row.last_success_at for row in await repository.live_figures(session) if row.last_success_at]
    return [
        Sample(FIGURES, len(states) - stale, ("fresh",)),
        Sample(FIGURES, stale, ("stale",)),
        Sample(AGE, (now - min(succeeded)).total_seconds() if succeeded else 0),
    ]


LIVE = Measure((FIGURES, AGE), _read)
