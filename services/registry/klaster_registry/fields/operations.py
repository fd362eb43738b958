"""Rules of fields: which of them a document in force covers, and what share of them that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.fields import repository
from klaster_registry.fields.schemas import FieldListParameters
from klaster_registry.taxonomies.models import Term
from klaster_registry.taxonomies.operations import flagged_codes


@dataclass(frozen=True, slots=True)
class Covered:
    """Of so many fields, so many have a document of a kind; `demonstration` of them for demonstration data alone."""

    fields: int
    covered: int
    demonstration: int


async def list_fields(session: AsyncSession, *, parameters: FieldListParameters, today: date) -> Sequence[Term]:
    """One page of fields, and one more where there is more."""
    codes = await _counting(session, parameters)
    return await repository.fields_page(session, parameters, codes=codes, day=parameters.as_of or today)


async def count_fields(session: AsyncSession, *, parameters: FieldListParameters, today: date) -> int:
    """How many fields the parameters ask for."""
    codes = await _counting(session, parameters)
    return await repository.count_fields(session, parameters, codes=codes, day=parameters.as_of or today)


async def measure_cover(session: AsyncSession, *, parameters: FieldListParameters, today: date) -> Covered:
    """How many of the fields that the parameters ask for have a document of the kind that they ask for."""
    covered = await count_fields(session, parameters=parameters, today=today)
    whole = parameters.model_copy(update={"document_kind": []})
    marked = parameters.model_copy(update={"demonstration": True})
    return Covered(
        fields=await count_fields(session, parameters=whole, today=today),
        covered=covered,
        demonstration=await count_fields(session, parameters=marked, today=today) if parameters.document_kind else 0,
    )


async def _counting(session: AsyncSession, asked: FieldListParameters) -> list[str] | None:
    if asked.counts is None:
        return None
    return await flagged_codes(session, "fields", "counts", carried=asked.counts)
