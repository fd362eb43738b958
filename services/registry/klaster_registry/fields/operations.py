"""Rules of fields: which of them a document in force covers, and what share of them that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.fields import repository
from klaster_registry.fields.schemas import FieldListParameters
from klaster_registry.taxonomies.models import Term


@dataclass(frozen=True, slots=True)
class Covered:
    """Of so many fields, so many have a document of a kind; `demonstration` of them for demonstration data alone."""

    fields: int
    covered: int
    demonstration: int


async def list_fields(session: AsyncSession, *, parameters: FieldListParameters, today: date) -> Sequence[Term]:
    """One page of fields, and one more where there is more."""
    return await repository.fields_page(session, parameters, day=parameters.as_of or today)


async def count_fields(session: AsyncSession, *, parameters: FieldListParameters, today: date) -> int:
    """How many fields the parameters ask for."""
    return await repository.count_fields(session, parameters, day=parameters.as_of or today)


async def measure_cover(session: AsyncSession, *, parameters: FieldListParameters, today: date) -> Covered:
    """How many of the fields that the parameters ask for have a document of the kind that they ask for."""
    total, covered, real = await repository.measure_cover(session, parameters, day=parameters.as_of or today)
    return Covered(total, covered, covered - real)
