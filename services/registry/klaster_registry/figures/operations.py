"""Counting figures: each collection counts with the very query that its list runs."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.data_repositories.operations import count_data_repositories
from klaster_registry.data_repositories.schemas import DataRepositoryListParameters
from klaster_registry.documents.operations import count_documents
from klaster_registry.documents.schemas import DocumentListParameters
from klaster_registry.entities.filters import EntityListParameters
from klaster_registry.entities.operations import count_entities
from klaster_registry.fields.operations import measure_cover
from klaster_registry.fields.schemas import FieldListParameters
from klaster_registry.foreign_hqs.operations import count_hqs
from klaster_registry.foreign_hqs.schemas import ForeignHqListParameters
from klaster_registry.groups.operations import measure_groups
from klaster_registry.groups.schemas import AdvisoryBodyListParameters, GroupListParameters, NetworkListParameters
from klaster_registry.lab_services.operations import count_services
from klaster_registry.lab_services.schemas import LabServiceListParameters
from klaster_registry.labs.operations import measure_footprints, measure_labs
from klaster_registry.labs.schemas import LabListParameters
from klaster_registry.projects.operations import measure_projects
from klaster_registry.projects.schemas import ProjectListParameters
from klaster_registry.survey_answers.operations import FEWEST, sum_values
from klaster_registry.survey_answers.schemas import ValueListParameters
from klaster_registry.taxonomies.operations import Taxonomy
from klaster_shared.decimals import rounded
from klaster_shared.figure_routes import Calendar, Countable
from klaster_shared.figures import Counted
from klaster_shared.labels import Label

_NO_AREA = Label(
    pl="Żadne z liczonych laboratoriów nie podaje powierzchni",
    en="None of the laboratories counted states its area",
)
_NO_VALUE = Label(
    pl="Żaden z liczonych projektów nie podaje wartości w złotych",
    en="None of the projects counted states its value in PLN",
)
_NO_FIELD = Label(
    pl="Żadna dziedzina nie jest oznaczona jako liczona",
    en="No field is flagged as one that counts",
)
_PLACES = 2  # of a percentage: a third of the fields is 33.33 %
_NO_FOOTPRINT = Label(
    pl="Żadne laboratorium nie podaje śladu węglowego za rok leżący w okresie",
    en="No laboratory states a carbon footprint for a year within the period",
)
_TOO_FEW = Label(
    pl=f"Odpowiedziało mniej podmiotów niż {FEWEST}: suma zdradzałaby pojedyncze odpowiedzi",
    en=f"Fewer than {FEWEST} entities answered: a sum would give single answers away",
)
_NO_ANSWER = Label(
    pl="Nikt nie ma zweryfikowanej odpowiedzi na to pytanie za rok leżący w okresie",
    en="Nobody has a verified answer to this question for a year within the period",
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


def _members_of(taxonomy: Taxonomy) -> Callable[..., Awaitable[Counted]]:
    async def count(session: AsyncSession, _aggregate: str, asked: GroupListParameters, calendar: Calendar) -> Counted:
        total, resting = await measure_groups(session, taxonomy=taxonomy, parameters=asked, today=calendar.today)
        return Counted(Decimal(total), demonstration=resting)

    return count


async def _projects(session: AsyncSession, aggregate: str, asked: ProjectListParameters, calendar: Calendar) -> Counted:
    found = await measure_projects(session, parameters=asked, today=calendar.today)
    if aggregate == "count":
        return Counted(Decimal(found.projects), demonstration=found.demonstration)
    return Counted(
        found.amount_pln,
        demonstration=found.demonstration,
        counted=found.with_value,
        without_value=found.projects - found.with_value,
        reason=None if found.with_value else _NO_VALUE,
    )


async def _documents(
    session: AsyncSession, _aggregate: str, asked: DocumentListParameters, calendar: Calendar
) -> Counted:
    total, marked = await count_documents(session, parameters=asked, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


async def _fields(session: AsyncSession, aggregate: str, asked: FieldListParameters, calendar: Calendar) -> Counted:
    found = await measure_cover(session, parameters=asked, today=calendar.today)
    if aggregate == "count":
        return Counted(Decimal(found.covered), demonstration=found.demonstration)
    share = rounded(Decimal(100) * found.covered / found.fields, _PLACES) if found.fields else None
    return Counted(
        share,
        demonstration=found.demonstration,
        counted=found.covered,
        without_value=found.fields - found.covered,
        reason=None if found.fields else _NO_FIELD,
    )


async def _lab_services(
    session: AsyncSession, _aggregate: str, asked: LabServiceListParameters, calendar: Calendar
) -> Counted:
    total, marked = await count_services(session, parameters=asked, today=calendar.today)
    return Counted(Decimal(total), demonstration=marked)


async def _labs(session: AsyncSession, aggregate: str, asked: LabListParameters, calendar: Calendar) -> Counted:
    if aggregate == "sum:carbon_footprint":
        stated = await measure_footprints(session, parameters=asked, today=calendar.today)
        return Counted(
            stated.tco2e,
            demonstration=stated.demonstration,
            counted=stated.with_footprint,
            without_value=stated.labs - stated.with_footprint,
            reason=None if stated.with_footprint else _NO_FOOTPRINT,
        )
    found = await measure_labs(session, parameters=asked, today=calendar.today)
    if aggregate == "count":
        return Counted(Decimal(found.labs), demonstration=found.demonstration)
    return Counted(
        found.area_m2,
        demonstration=found.demonstration,
        counted=found.with_area,
        without_value=found.labs - found.with_area,
        reason=None if found.with_area else _NO_AREA,
    )


async def _survey_answers(
    session: AsyncSession, _aggregate: str, asked: ValueListParameters, _calendar: Calendar
) -> Counted:
    found = await sum_values(session, parameters=asked)
    enough = found.entities >= FEWEST
    return Counted(
        found.total if enough else None,
        demonstration=found.demonstration,
        counted=found.stated,
        without_value=found.rows - found.stated,
        reason=None if enough else _TOO_FEW if found.stated else _NO_ANSWER,
    )


COUNTABLE: Mapping[str, Countable] = MappingProxyType(
    {
        "/v1/entities": Countable(EntityListParameters, _entities),
        "/v1/foreign-hqs": Countable(ForeignHqListParameters, _foreign_hqs),
        "/v1/data-repositories": Countable(DataRepositoryListParameters, _data_repositories),
        "/v1/lab-services": Countable(LabServiceListParameters, _lab_services),
        "/v1/networks": Countable(NetworkListParameters, _members_of("networks")),
        "/v1/advisory-bodies": Countable(AdvisoryBodyListParameters, _members_of("advisory_bodies")),
        "/v1/projects": Countable(ProjectListParameters, _projects, frozenset({"count", "sum:amount_pln"})),
        "/v1/documents": Countable(DocumentListParameters, _documents),
        "/v1/fields": Countable(FieldListParameters, _fields, frozenset({"count", "share"})),
        "/v1/survey-answers": Countable(ValueListParameters, _survey_answers, frozenset({"sum:value"})),
        "/v1/labs": Countable(LabListParameters, _labs, frozenset({"count", "sum:area_m2", "sum:carbon_footprint"})),
    }
)
