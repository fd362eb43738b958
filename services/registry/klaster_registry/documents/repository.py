"""Queries on documents."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.documents.models import Document, DocumentField
from klaster_registry.documents.schemas import DocumentListParameters
from klaster_registry.periods import covers
from klaster_shared.pagination import after
from klaster_shared.text import fold

ORDER = (by("title", col(Document.sort_title)), by("id", col(Document.id)))


async def find_document(session: AsyncSession, document_id: UUID, *, held: bool = False) -> Document | None:
    """One document; `held` keeps other writers out until this transaction ends."""
    statement = select(Document).where(col(Document.id) == document_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The document that came from a source under a key."""
    statement = select(col(Document.id)).where(col(Document.source) == source, col(Document.source_key) == source_key)
    return await session.scalar(statement)


async def documents_page(session: AsyncSession, asked: DocumentListParameters, *, today: date) -> Sequence[Document]:
    """One page, and one row more where there is more."""
    statement: Any = select(Document).where(*_conditions(asked, today))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def count_documents(session: AsyncSession, asked: DocumentListParameters, *, today: date) -> tuple[int, int]:
    """How many there are, and how many of them are demonstration data."""
    demonstration = func.coalesce(func.sum(case((col(Document.demonstration), 1), else_=0)), 0)
    statement = select(func.count(), demonstration).select_from(Document).where(*_conditions(asked, today))
    total, marked = (await session.execute(statement)).one()
    return int(total), int(marked)


async def fields_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """What these documents are about."""
    rows = DocumentField
    statement = (
        select(col(rows.document_id), col(rows.field)).where(col(rows.document_id).in_(ids)).order_by(col(rows.field))
    )
    found: dict[UUID, list[str]] = {}
    for document_id, field in (await session.execute(statement)).all():
        found.setdefault(document_id, []).append(field)
    return found


async def ids_by_author(session: AsyncSession, entity_id: UUID) -> list[UUID]:
    """The documents of an author, in an order that all writers share."""
    return sorted(await session.scalars(select(col(Document.id)).where(col(Document.author_id) == entity_id)))


async def replace_fields(session: AsyncSession, document_id: UUID, fields: Iterable[str]) -> None:
    """Write what a document is about anew."""
    await session.execute(delete(DocumentField).where(col(DocumentField.document_id) == document_id))
    session.add_all(DocumentField(document_id=document_id, field=field) for field in dict.fromkeys(fields))
    await session.flush()


async def delete_document(session: AsyncSession, document_id: UUID) -> None:
    """Remove a document with its fields."""
    await session.execute(delete(DocumentField).where(col(DocumentField.document_id) == document_id))
    await session.execute(delete(Document).where(col(Document.id) == document_id))


def _conditions(asked: DocumentListParameters, today: date) -> list[ColumnElement[bool]]:
    lists: list[tuple[Any, Sequence[Any]]] = [
        (Document.kind, asked.kind),
        (Document.year, asked.year),
        (Document.author_id, asked.entity),
        (Document.group_code, asked.group),
        (Document.source, asked.source),
        (Document.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    if asked.demonstration is not None:
        found.append(col(Document.demonstration).is_(asked.demonstration))
    if asked.in_force is not None:
        period = covers(col(Document.force_from), col(Document.force_until), asked.as_of or today)
        # One that never is in force has no dates: "not in force" must be true of it, too.
        in_force = and_(col(Document.force_from).is_not(None), period)
        found.append(in_force if asked.in_force else ~func.coalesce(in_force, False))
    if asked.field:
        rows = DocumentField
        found.append(exists(select(1).where(col(rows.document_id) == Document.id, col(rows.field).in_(asked.field))))
    return [*found, *(_contains(word) for word in fold(asked.q or "").split())]


def _contains(word: str) -> ColumnElement[bool]:
    return col(Document.search_text).contains(word, autoescape=True)
