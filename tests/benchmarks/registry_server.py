"""The registry with the plain way beside its own, in one app: `python -m tests.benchmarks.registry_server`.

The plain way is what the framework's handbook shows: rows as SQLModel objects, returned through `response_model`.
Token, telemetry, ETag, filters and keyset are the registry's own in all of them.
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from klaster_registry.entities.documents import Whole, document_of
from klaster_registry.entities.filters import SORTS, EntityListParameters, Flagged, conditions
from klaster_registry.entities.models import (
    Entity,
    EntityBranch,
    EntityField,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
    EntitySector,
    EntityValidity,
)
from klaster_registry.entities.repository import BY_ID
from klaster_registry.entities.schemas import EntityRead
from klaster_registry.main import create_app
from klaster_registry.settings import Settings
from klaster_shared.access import operation
from klaster_shared.dependencies import ReadSession, Today
from klaster_shared.etags import VARY, content_etag
from klaster_shared.pagination import Page, after, next_cursor, parse_sort
from klaster_shared.routing import ServiceRoute
from klaster_shared.server import serve

_PARTS: dict[str, Any] = {
    "names": EntityName,
    "identifiers": EntityIdentifier,
    "links": EntityLink,
    "fields": EntityField,
    "sectors": EntitySector,
    "branches": EntityBranch,
    "relations": EntityRelation,
    "validities": EntityValidity,
}
Asked = Annotated[EntityListParameters, Query()]


class EntityRow(BaseModel):
    """The columns of an entity, and nothing that stands in another table."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    rbw_number: int | None
    name: str
    existence: str
    registration: str
    interest_group: str | None
    legal_form: str | None
    startup: bool
    startup_listed_year: int | None
    founded_on: str | None
    closed_on: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    subdivision: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames_id: int | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class TaggedRoute(ServiceRoute):
    """Every list of ours carries an ETag: so do these."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response = await handle(request)
            tag = content_etag(bytes(response.body))
            response.headers.update({"ETag": tag, "Cache-Control": "public, no-cache", "Vary": VARY})
            return response

        return handler


async def list_rows(session: ReadSession, today: Today, asked: Asked) -> dict[str, Any]:
    """Objects of one table, as they are."""
    entities, cursor = await _page(session, asked, today)
    return {"items": entities, "next": cursor}


async def list_wholes(session: ReadSession, today: Today, asked: Asked) -> dict[str, Any]:
    """Objects with their parts, one query a table for the whole page (what `selectinload` does)."""
    entities, cursor = await _page(session, asked, today)
    wholes = {entity.id: Whole(entity) for entity in entities}
    for name, table in _PARTS.items():
        for row in await session.scalars(select(table).where(table.entity_id.in_(wholes))):
            getattr(wholes[row.entity_id], name).append(row)
    return {"items": [document_of(whole, ()) for whole in wholes.values()], "next": cursor}


async def _page(session: AsyncSession, asked: EntityListParameters, today: date) -> tuple[Sequence[Entity], str | None]:
    order = parse_sort(asked.sort, columns=SORTS, default="name", unique=BY_ID)
    unread: list[Any] = [Entity.document, Entity.search_text]
    statement: Any = select(Entity).options(*(defer(column) for column in unread))
    statement = statement.where(*conditions(asked, flagged=Flagged(), today=today))
    found = (await session.scalars(after(statement, order, asked.cursor).limit(asked.limit + 1))).all()
    cursor = next_cursor(found, limit=asked.limit, order=order, key=lambda row: (row.sort_name, row.id))
    return found[: asked.limit], cursor


def create_compared(settings: Settings) -> FastAPI:
    """The registry, and the plain ways under `/plain`."""
    app, plain = create_app(settings), APIRouter(route_class=TaggedRoute)
    allowed = operation(role="anonymous", scope="entities:read")
    plain.add_api_route("/plain/rows", list_rows, response_model=Page[EntityRow], **allowed)
    plain.add_api_route("/plain/wholes", list_wholes, response_model=Page[EntityRead], **allowed)
    app.include_router(plain)
    return app


if __name__ == "__main__":
    told = Settings()
    serve(create_compared(told), told)
