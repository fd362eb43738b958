"""The collections that an export holds beside entities: how each is read, and what its records look like."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.data_repositories import operations as data_repositories
from klaster_registry.data_repositories.schemas import DataRepositoryListParameters, DataRepositoryRead
from klaster_registry.documents import operations as documents
from klaster_registry.documents.schemas import DocumentListParameters, DocumentRead
from klaster_registry.exports.schemas import Collection
from klaster_registry.foreign_hqs import operations as foreign_hqs
from klaster_registry.foreign_hqs.schemas import ForeignHqListParameters, ForeignHqRead
from klaster_registry.lab_services import operations as lab_services
from klaster_registry.lab_services.schemas import LabServiceListParameters, LabServiceRead
from klaster_registry.labs import operations as labs
from klaster_registry.labs.schemas import LabListParameters, LabRead
from klaster_registry.projects import operations as projects
from klaster_registry.projects.schemas import ProjectListParameters, ProjectRead
from klaster_registry.taxonomies import operations as taxonomies
from klaster_registry.taxonomies.operations import Taxonomy
from klaster_registry.taxonomies.schemas import TermListParameters, TermRead
from klaster_shared.pagination import Order, PageParameters, next_cursor

ENTITIES: Collection = "entities"
ALL: tuple[Collection, ...] = get_args(Collection)
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A collection as its own list gives it: a page of rows, and the records written from them."""

    parameters: type[PageParameters]
    order: Sequence[Order]
    page: Callable[..., Awaitable[Sequence[Any]]]
    render: Callable[..., Awaitable[list[dict[str, Any]]]]
    read: type[BaseModel]


_NOUNS: dict[str, Listed] = {
    "labs": Listed(
        parameters=LabListParameters, order=labs.ORDER, page=labs.list_labs, render=labs.records_of, read=LabRead
    ),
    "lab_services": Listed(
        parameters=LabServiceListParameters,
        order=lab_services.ORDER,
        page=lab_services.list_services,
        render=lab_services.records_of,
        read=LabServiceRead,
    ),
    "data_repositories": Listed(
        parameters=DataRepositoryListParameters,
        order=data_repositories.ORDER,
        page=data_repositories.list_data_repositories,
        render=data_repositories.records_of,
        read=DataRepositoryRead,
    ),
    "foreign_hqs": Listed(
        parameters=ForeignHqListParameters,
        order=foreign_hqs.ORDER,
        page=foreign_hqs.list_hqs,
        render=foreign_hqs.records_of,
        read=ForeignHqRead,
    ),
    "projects": Listed(
        parameters=ProjectListParameters,
        order=projects.ORDER,
        page=projects.list_projects,
        render=projects.records_of,
        read=ProjectRead,
    ),
    "documents": Listed(
        parameters=DocumentListParameters,
        order=documents.ORDER,
        page=documents.list_documents,
        render=documents.records_of,
        read=DocumentRead,
    ),
}


def shape_of(collection: str) -> type[BaseModel]:
    """What records of a collection look like."""
    return _NOUNS[collection].read if collection in _NOUNS else TermRead


async def records_in(session: AsyncSession, collection: str, *, today: date) -> AsyncIterator[list[dict[str, Any]]]:
    """The records of a collection as the change log has them, a page at a time."""
    listed = _NOUNS.get(collection)
    pages = _terms(session, cast("Taxonomy", collection)) if listed is None else _rows(session, listed, today)
    async for page in pages:
        yield page


async def _rows(session: AsyncSession, listed: Listed, today: date) -> AsyncIterator[list[dict[str, Any]]]:
    parameters: PageParameters | None = listed.parameters(limit=PAGE)
    while parameters is not None:
        rows = await listed.page(session, parameters=parameters, today=today)
        yield await listed.render(session, records=rows[:PAGE], day=today, language="all")
        parameters = _next(parameters, rows, listed.order)


async def _terms(session: AsyncSession, taxonomy: Taxonomy) -> AsyncIterator[list[dict[str, Any]]]:
    parameters: Any = TermListParameters(limit=PAGE)
    while parameters is not None:
        rows = await taxonomies.list_terms(session, taxonomy=taxonomy, parameters=parameters)
        yield [taxonomies.record_of(term, "all") for term in rows[:PAGE]]
        parameters = _next(parameters, rows, taxonomies.ORDER)


def _next(parameters: PageParameters, rows: Sequence[Any], order: Sequence[Order]) -> PageParameters | None:
    def key(row: Any) -> list[Any]:
        return [getattr(row, part.column.key or "") for part in order]

    cursor = next_cursor(rows, limit=PAGE, order=order, key=key)
    return None if cursor is None else parameters.model_copy(update={"cursor": cursor})
