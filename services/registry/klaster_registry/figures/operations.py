"""Counting figures: each collection counts with the very query that its list runs."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.data_repositories.operations import count_data_repositories
from klaster_registry.data_repositories.schemas import DataRepositoryListParameters
from klaster_registry.entities.filters import EntityListParameters
from klaster_registry.entities.operations import count_entities
from klaster_registry.foreign_hqs.operations import count_hqs
from klaster_registry.foreign_hqs.schemas import ForeignHqListParameters
from klaster_registry.groups.operations import count_groups
from klaster_registry.groups.schemas import GroupListParameters
from klaster_registry.lab_services.operations import count_services
from klaster_registry.lab_services.schemas import LabServiceListParameters
from klaster_registry.labs.operations import measure_footprints, measure_labs
from klaster_registry.labs.schemas import LabListParameters
from klaster_shared.figure_routes import Calendar, Countable
from klaster_shared.figures import Counted
from klaster_shared.labels import Label

_NO_AREA = Label(
    pl="Żadne z liczonych laboratoriów nie podaje powierzchni",
    en="None of the laboratories counted states its area",
)
_NO_FOOTPRINT = Label(
    pl="Żadne laboratorium nie podaje śladu węglowego za rok leżący w okresie",
    en="No laboratory states a carbon footprint for a year within the period",
)


async def _entities(session: AsyncSession, _aggregate: str, asked: EntityListParameters, calendar: Calendar) -> Counted:
    total, marked = await count_entities(session, parameters=asked, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


async def _foreign_hqs(
    session: AsyncSession, _aggregate: str, asked: ForeignHqListParameters, calendar: Calendar
) -> Counted:
    total, marked = await count_hqs(session, parameters=asked, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


async def _data_repositories(
    session: AsyncSession, _aggregate: str, asked: DataRepositoryListParameters, calendar: Calendar
) -> Counted:
    total, marked = await count_data_repositories(session, parameters=asked, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


async def _networks(session: AsyncSession, _aggregate: str, asked: GroupListParameters, calendar: Calendar) -> Counted:
    total = await count_groups(session, taxonomy="networks", parameters=asked, today=calendar.today)
    # A network is no demonstration itself: what counts is whether it is listed for demonstration members alone.
    marked = asked.model_copy(update={"demonstration": True})
    resting = (
        await count_groups(session, taxonomy="networks", parameters=marked, today=calendar.today)
        if asked.member_kind
        else 0
    )
    return Counted(Decimal(total), demonstration=resting)


async def _lab_services(
    session: AsyncSession, _aggregate: str, asked: LabServiceListParameters, calendar: Calendar
) -> Counted:
    total, marked = await count_services(session, parameters=asked, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


async def _labs(session: AsyncSession, aggregate: str, asked: LabListParameters, calendar: Calendar) -> Counted:
    found = await measure_labs(session, parameters=asked, today=calendar.today)
    if aggregate == "count":
        return Counted(Decimal(found.labs), demonstration=found.demonstration)
    if aggregate == "sum:carbon_footprint":
        tco2e, stated = await measure_footprints(session, parameters=asked, today=calendar.today)
        return Counted(
            tco2e,
            demonstration=found.demonstration,
            counted=stated,
            without_value=found.labs - stated,
            reason=None if stated else _NO_FOOTPRINT,
        )
    return Counted(
        found.area_m2,
        demonstration=found.demonstration,
        counted=found.with_area,
        without_value=found.labs - found.with_area,
        reason=None if found.with_area else _NO_AREA,
    )


COUNTABLE: Mapping[str, Countable] = MappingProxyType(
    {
        "/v1/entities": Countable(EntityListParameters, _entities),
        "/v1/foreign-hqs": Countable(ForeignHqListParameters, _foreign_hqs),
        "/v1/data-repositories": Countable(DataRepositoryListParameters, _data_repositories),
        "/v1/lab-services": Countable(LabServiceListParameters, _lab_services),
        "/v1/networks": Countable(GroupListParameters, _networks),
        "/v1/labs": Countable(LabListParameters, _labs, frozenset({"count", "sum:area_m2", "sum:carbon_footprint"})),
    }
)
