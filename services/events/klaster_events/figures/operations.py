"""Counting figures: each collection counts with the very query that its list runs."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.operations import count_participations
from klaster_events.attendance.schemas import ParticipationListParameters
from klaster_events.board.filters import Looked
from klaster_events.board.operations import count_posts
from klaster_events.board.schemas import PostListParameters
from klaster_events.bookings.operations import count_bookings
from klaster_events.bookings.schemas import BookingListParameters
from klaster_events.events.operations import count_events
from klaster_events.events.schemas import EventListParameters
from klaster_events.events.viewers import OFFICE
from klaster_events.series_list.filters import SeriesListParameters
from klaster_events.series_list.operations import count_series
from klaster_events.showcase.operations import count_results
from klaster_events.showcase.schemas import ShowcaseListParameters
from klaster_shared.figure_routes import Calendar, Countable
from klaster_shared.figures import Counted


async def _events(session: AsyncSession, _aggregate: str, asked: EventListParameters, calendar: Calendar) -> Counted:
    # What the cluster did counts, whoever could come: the office sees all the rows, and the figure says who does not.
    found = await count_events(session, parameters=asked, zone=calendar.zone, viewer=OFFICE)
    return Counted(Decimal(found.total), demonstration=found.demonstration, restricted=found.restricted)


async def _posts(session: AsyncSession, _aggregate: str, asked: PostListParameters, calendar: Calendar) -> Counted:
    looked = Looked(viewer=OFFICE, today=calendar.today, zone=calendar.zone)
    found = await count_posts(session, parameters=asked, looked=looked)
    return Counted(Decimal(found.total), demonstration=found.demonstration, restricted=found.restricted)


async def _series(session: AsyncSession, _aggregate: str, asked: SeriesListParameters, calendar: Calendar) -> Counted:
    total, marked = await count_series(session, parameters=asked, zone=calendar.zone)
    return Counted(Decimal(total), demonstration=marked)


async def _participations(
    session: AsyncSession, aggregate: str, asked: ParticipationListParameters, calendar: Calendar
) -> Counted:
    found = await count_participations(session, parameters=asked, zone=calendar.zone)
    different = found.people if aggregate == "distinct:person" else found.entities
    return Counted(Decimal(different), demonstration=found.demonstration, participations=found.rows)


async def _bookings(
    session: AsyncSession, _aggregate: str, asked: BookingListParameters, calendar: Calendar
) -> Counted:
    found = await count_bookings(session, parameters=asked, viewer=OFFICE, zone=calendar.zone)
    return Counted(Decimal(found.people), demonstration=found.demonstration, participations=found.rows)


async def _results(
    session: AsyncSession, _aggregate: str, asked: ShowcaseListParameters, calendar: Calendar
) -> Counted:
    total, marked = await count_results(session, parameters=asked, viewer=OFFICE, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


COUNTABLE: Mapping[str, Countable] = MappingProxyType(
    {
        "/v1/events": Countable(EventListParameters, _events),
        "/v1/lsos/board": Countable(PostListParameters, _posts),
        "/v1/lsos/bookings": Countable(BookingListParameters, _bookings, frozenset({"distinct:person"})),
        "/v1/lsos/showcase": Countable(ShowcaseListParameters, _results),
        "/v1/series": Countable(SeriesListParameters, _series),
        "/v1/participations": Countable(
            ParticipationListParameters, _participations, frozenset({"distinct:person", "distinct:entity"})
        ),
    }
)
