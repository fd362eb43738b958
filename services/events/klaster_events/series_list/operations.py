"""Listing and counting series."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.series.models import Series
from klaster_events.series.operations import series_counting_as
from klaster_events.series_list import repository
from klaster_events.series_list.filters import SeriesListParameters


async def list_series(session: AsyncSession, *, parameters: SeriesListParameters, zone: str) -> Sequence[Series]:
    """One page, and one row more where there is more."""
    counting = await _counting(session, parameters)
    return await repository.series_page(session, parameters, counting=counting, zone=zone)


async def count_series(session: AsyncSession, *, parameters: SeriesListParameters, zone: str) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    counting = await _counting(session, parameters)
    return await repository.count_series(session, parameters, counting=counting, zone=zone)


async def _counting(session: AsyncSession, parameters: SeriesListParameters) -> list[str] | None:
    return await series_counting_as(session, codes=parameters.counts_as) if parameters.counts_as else None
