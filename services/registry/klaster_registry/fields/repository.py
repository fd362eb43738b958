"""Queries on fields."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.documents.models import Document, DocumentField
from klaster_registry.fields.schemas import FieldListParameters
from klaster_registry.periods import covers
from klaster_registry.taxonomies.filters import carries
from klaster_registry.taxonomies.models import Term
from klaster_shared.pagination import after

ORDER = (by("position", col(Term.position)), by("code", col(Term.code)))


async def fields_page(session: AsyncSession, asked: FieldListParameters, *, day: date) -> Sequence[Term]:
    """One page, and one row more where there is more."""
    statement: Any = select(Term).where(*_conditions(asked, day))
    return list((await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all())


async def count_fields(session: AsyncSession, asked: FieldListParameters, *, day: date) -> int:
    """How many fields the filters leave."""
    return int(await session.scalar(select(func.count()).select_from(Term).where(*_conditions(asked, day))) or 0)


async def measure_cover(session: AsyncSession, asked: FieldListParameters, *, day: date) -> tuple[int, int, int]:
    """How many fields, how many of them covered by a document of the kinds asked for, how many of these by real ones.

    Which documents are demonstration data is not asked: that is what the last number tells.
    """
    whole = asked.model_copy(update={"document_kind": []})
    covered = _covered(asked.document_kind, day)
    really = _covered(asked.document_kind, day, col(Document.demonstration).is_(False))
    statement = (
        select(func.count(), func.sum(case((covered, 1), else_=0)), func.sum(case((really, 1), else_=0)))
        .select_from(Term)
        .where(*_conditions(whole, day))
    )
    total, some, real = (await session.execute(statement)).one()
    return int(total), int(some or 0), int(real or 0)


def _conditions(asked: FieldListParameters, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Term.taxonomy) == "fields"]
    if asked.code:
        found.append(col(Term.code).in_(asked.code))
    if asked.retired is not None:
        found.append(col(Term.retired).is_(asked.retired))
    if asked.counts is not None:
        found.append(carries("counts") if asked.counts else ~carries("counts"))
    if asked.document_kind:
        found.append(_covered(asked.document_kind, day))
        if asked.demonstration is not None:
            real = _covered(asked.document_kind, day, col(Document.demonstration).is_(False))
            found.append(~real if asked.demonstration else real)
    return found


def _covered(kinds: Sequence[str], day: date, *clauses: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(1)
        .select_from(DocumentField)
        .join(Document, col(Document.id) == DocumentField.document_id)
        .where(
            *clauses,
            col(DocumentField.field) == Term.code,
            col(Document.kind).in_(kinds),
            covers(col(Document.force_from), col(Document.force_until), day),
        )
    )
