"""Asking a neighbour for its figures: the exchange that both neighbours share."""

from collections.abc import Mapping
from datetime import date

import structlog

from klaster_indicators.document.values import Period
from klaster_indicators.live.figures import PulledFigure, source_of
from klaster_shared.clients import Neighbour
from klaster_shared.errors import UpstreamFailed
from klaster_shared.figures import FigureRead, FiguresRead, TimeForm

_SCOPES = ("figures:read",)
_PERIODS: dict[TimeForm, Period] = {"point": "point", "period": "year", "window_3y": "window_3y"}
log = structlog.get_logger(__name__)


class FiguresOf:
    """The figures of one neighbour; all of them in one call a date."""

    def __init__(self, neighbour: Neighbour) -> None:
        self._neighbour = neighbour

    async def figures(self, as_of: date) -> Mapping[str, PulledFigure]:
        """Every figure of the neighbour for a day, by name.

        None is asked for by name: a name that the neighbour does not know would spoil the answer for all others.
        Raises UpstreamFailed, UpstreamTimeout, Unavailable, NotFound.
        """
        path = f"/v1/{self._neighbour.name}/figures"
        answer = await self._neighbour.read(FiguresRead, path, scopes=_SCOPES, params={"as_of": as_of.isoformat()})
        pulled = [self._pulled(figure, as_of) for figure in answer.items]
        return {figure.name: figure for figure in pulled}

    async def check(self) -> None:
        """Whether it answers at all: for the health page."""
        await self._neighbour.get("/health/live", attempts=1)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._neighbour.aclose()

    def _pulled(self, figure: FigureRead, as_of: date) -> PulledFigure:
        starts_on, ends_on = self._days(figure)
        sensible = starts_on <= as_of <= ends_on and (figure.value is not None or figure.reason is not None)
        if source_of(figure.name) != self._neighbour.name or not sensible:
            log.warning("figure_garbled", service=self._neighbour.name, figure=figure.name, as_of=as_of.isoformat())
            detail = f"{self._neighbour.name} answers for {figure.name} what was not asked"
            raise UpstreamFailed(detail, service=self._neighbour.name)
        return PulledFigure(
            name=figure.name,
            value=figure.value,
            unit=figure.unit,
            period=_PERIODS[figure.time_form],
            starts_on=starts_on,
            ends_on=ends_on,
            complete=figure.complete,
            definition=figure.definition,
            rows=figure.rows,
            demonstration=figure.demonstration,
            reason=figure.reason,
            computed_at=figure.computed_at,
        )

    def _days(self, figure: FigureRead) -> tuple[date, date]:
        day = figure.as_of
        starts_on, ends_on = (day, day) if figure.time_form == "point" else (figure.from_, figure.to)
        if starts_on is None or ends_on is None:
            raise UpstreamFailed(f"{figure.name} does not say what days it is of", service=self._neighbour.name)
        return starts_on, ends_on
