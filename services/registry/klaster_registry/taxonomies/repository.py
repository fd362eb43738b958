"""Queries on taxonomies."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.taxonomies.models import Term
from klaster_registry.taxonomies.schemas import TermListParameters
from klaster_shared.database import once
from klaster_shared.pagination import after

ORDER = (by("position", col(Term.position)), by("code", col(Term.code)))


async def find_term(session: AsyncSession, taxonomy: str, code: str, *, held: bool = False) -> Term | None:
    """One code, retired or not; `held` keeps other writers out until this transaction ends."""
    statement = select(Term).where(col(Term.taxonomy) == taxonomy, col(Term.code) == code)
    return await session.scalar(statement.with_for_update() if held else statement)


async def terms_page(session: AsyncSession, taxonomy: str, parameters: TermListParameters) -> Sequence[Term]:
    """One page of a taxonomy, and one row more where there is more."""
    statement: Any = select(Term).where(*_conditions(taxonomy, parameters))
    statement = after(statement, ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_terms(session: AsyncSession, taxonomy: str, parameters: TermListParameters) -> int:
    """How many codes the filters leave."""
    statement = select(func.count()).select_from(Term).where(*_conditions(taxonomy, parameters))
    return int(await session.scalar(statement) or 0)


def _conditions(taxonomy: str, asked: TermListParameters) -> list[ColumnElement[bool]]:
    found = [col(Term.taxonomy) == taxonomy]
    if asked.code:
        found.append(col(Term.code).in_(asked.code))
    if asked.retired is not None:
        found.append(col(Term.retired).is_(asked.retired))
    return found


async def usable_codes(session: AsyncSession, taxonomies: Collection[str]) -> set[tuple[str, str]]:
    """Every code of these taxonomies that is not retired: taxonomies are short."""
    statement = select(col(Term.taxonomy), col(Term.code)).where(
        col(Term.taxonomy).in_(taxonomies), col(Term.retired).is_(False)
    )
    return {(taxonomy, code) for taxonomy, code in (await session.execute(statement)).all()}


async def flags_by_code(session: AsyncSession, taxonomy: str) -> dict[str, list[str]]:
    """The flags of every code, retired ones too."""
    return await _by_code(session, taxonomy, Term.flags)


async def parents_by_code(session: AsyncSession, taxonomy: str) -> dict[str, str | None]:
    """The code above every code, retired ones too."""
    return await _by_code(session, taxonomy, Term.parent)


async def _by_code(session: AsyncSession, taxonomy: str, column: Any) -> dict[str, Any]:
    async def load() -> dict[str, Any]:
        statement = select(col(Term.code), column).where(col(Term.taxonomy) == taxonomy)
        return dict((await session.execute(statement)).all())

    # All figures of a day ask for the flags of a few taxonomies, over and over.
    return await once(session, (Term, taxonomy, column.key), load)
