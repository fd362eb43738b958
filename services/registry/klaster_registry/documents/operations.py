"""Rules of documents."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.documents import repository
from klaster_registry.documents.errors import DocumentExists, DocumentNotFound
from klaster_registry.documents.models import Document
from klaster_registry.documents.schemas import DocumentCreate, DocumentListParameters, DocumentUpdate
from klaster_registry.entities import operations as entities
from klaster_registry.periods import Period, PeriodIn
from klaster_registry.search import operations as search
from klaster_registry.search.entries import Entry
from klaster_registry.taxonomies.operations import Taxonomy, check_codes, with_descendants
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label, Language, label_text
from klaster_shared.text import fold, sort_key

COLLECTION = "documents"
ORDER = repository.ORDER  # of lists, for whoever reads one page by page
_PLAIN = ("kind", "year", "published_on", "url", "languages", "note")
_SORTED = 400  # characters that titles are ordered by: an index row has room for them in any script


async def list_documents(
    session: AsyncSession, *, parameters: DocumentListParameters, today: date
) -> Sequence[Document]:
    """One page, and one row more where there is more."""
    return await repository.documents_page(session, await _with_fields_below(session, parameters), today=today)


async def count_documents(session: AsyncSession, *, parameters: DocumentListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count_documents(session, await _with_fields_below(session, parameters), today=today)


async def _with_fields_below(session: AsyncSession, asked: DocumentListParameters) -> DocumentListParameters:
    if not asked.field:
        return asked
    return asked.model_copy(update={"field": await with_descendants(session, "fields", asked.field)})


async def get_document(session: AsyncSession, *, record_id: UUID, held: bool = False) -> Document:
    """One document (`held` against other writers where it is to be changed); raises DocumentNotFound."""
    document = await repository.find_document(session, record_id, held=held)
    if document is None:
        raise DocumentNotFound(f"There is no document {record_id}")
    return document


async def create_document(session: AsyncSession, *, given: DocumentCreate, now: datetime) -> Document:
    """Add a document; raises DocumentExists, EntityNotFound (its author), Invalid (unknown codes)."""
    document_id = new_id()
    source_key = given.source_key or str(document_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise DocumentExists(f"{given.source} has {source_key} already", existing=str(taken))
    await check_codes(session, _codes(given))
    document = Document(
        id=document_id,
        **{name: getattr(given, name) for name in _PLAIN},
        **_titles(given.title),
        **_force(given.in_force),
        author_id=await _author(session, given.entity),
        group_code=given.group,
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(document)
    await session.flush()
    await repository.replace_fields(session, document_id, given.fields)
    await _note(session, document, "created")
    return document


async def change_document(session: AsyncSession, *, record: Document, given: DocumentUpdate, now: datetime) -> Document:
    """Merge a change into a document that is held; a change of nothing changes nothing.

    Raises EntityNotFound (its author), Invalid (unknown codes).
    """
    await check_codes(session, _codes(given))
    [before] = await records_of(session, records=[record], language="all")
    for name, value in (await _said(session, given)).items():
        setattr(record, name, value)
    if "fields" in given.model_fields_set:
        await repository.replace_fields(session, record.id, given.model_dump(include={"fields"})["fields"])
    [after] = await records_of(session, records=[record], language="all")
    changed = [name for name in DocumentUpdate.model_fields if before[name] != after[name]]
    if changed:
        record.version += 1
        record.updated_at = now
        await _note(session, record, "updated", changed)
    return record


async def _said(session: AsyncSession, given: DocumentUpdate) -> dict[str, Any]:
    said, asked = given.model_fields_set, given.model_dump(include={*_PLAIN, "group", "entity"})
    values = {name: asked[name] for name in _PLAIN if name in said}
    if "title" in said:
        values |= _titles(given.title)  # type: ignore[arg-type]
    if "in_force" in said:
        values |= _force(given.in_force)  # type: ignore[arg-type]
    if "entity" in said:
        values["author_id"] = await _author(session, asked["entity"])
    if "group" in said:
        values["group_code"] = asked["group"]
    return values


async def delete_document(session: AsyncSession, *, record: Document) -> None:
    """Remove a document; the feed keeps a tombstone."""
    await repository.delete_document(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """The documents of an author that is merged into another are the other's now."""
    for document_id in await repository.ids_by_author(session, old):
        document = await get_document(session, record_id=document_id, held=True)
        document.author_id = new
        document.version += 1
        document.updated_at = now
        await _note(session, document, "updated", ["entity"])


async def records_of(
    session: AsyncSession, *, records: Sequence[Document], day: date | None = None, language: Language
) -> list[dict[str, Any]]:
    """Documents as they are written in answers: two queries more, however many there are."""
    authors = await entities.names_of(session, ids=[one.author_id for one in records if one.author_id])
    fields = await repository.fields_of(session, [one.id for one in records])
    return [_record(one, authors, fields.get(one.id, []), language) for one in records]


def _record(document: Document, authors: dict[UUID, str], fields: list[str], language: Language) -> dict[str, Any]:
    author, since, until = document.author_id, document.force_from, document.force_until
    return {
        "id": document.id,
        "title": label_text(document.title_pl, document.title_en, language),
        **{name: getattr(document, name) for name in _PLAIN},
        "fields": fields,
        "in_force": Period(since, until).wire() if since and until else None,
        "entity": {"id": author, "name": authors[author]} if author else None,
        "group": document.group_code,
        "source": document.source,
        "source_key": document.source_key,
        "demonstration": document.demonstration,
        "version": document.version,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
    }


async def _author(session: AsyncSession, reference: str | None) -> UUID | None:
    return await entities.resolve(session, reference=reference) if reference else None


def _titles(title: Label) -> dict[str, Any]:
    return {
        "title_pl": title.pl,
        "title_en": title.en,
        "sort_title": sort_key(title.pl)[:_SORTED],
        "search_text": f"{fold(title.pl)}|{fold(title.en)}",
    }


def _force(given: PeriodIn | None) -> dict[str, Any]:
    period = given.period() if given else None
    return {
        "force_from": period.valid_from if period else None,
        "force_until": period.valid_until if period else None,
    }


def _codes(given: DocumentCreate | DocumentUpdate) -> list[tuple[Taxonomy, str, str]]:
    said = given.model_dump(include={"kind", "group", "fields"})
    named: tuple[tuple[Taxonomy, str], ...] = (("document_kinds", "kind"), ("groups", "group"))
    asked: list[tuple[Taxonomy, str, str]] = [
        (taxonomy, f"/{name}", said[name]) for taxonomy, name in named if said.get(name)
    ]
    return asked + [("fields", f"/fields/{at}", code) for at, code in enumerate(said.get("fields") or ())]


async def _note(session: AsyncSession, document: Document, kind: Any, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[document], language="all")
    record_change(session, kind=kind, collection=COLLECTION, id=document.id, changed=changed, record=record)
    entry = Entry(
        collection=COLLECTION,
        record_id=str(document.id),
        title_pl=document.title_pl,
        title_en=document.title_en,
        fields=record["fields"],
        demonstration=document.demonstration,
    )
    await search.put(session, entry)
