"""A tiny service of notes, built from the toolbox alone: what the toolbox promises is proven on it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, Integer, String, Table, Uuid, insert, select, update

from klaster_shared.access import operation
from klaster_shared.app import build_app
from klaster_shared.changes import ChangeLog, record_change
from klaster_shared.database import Database, service_metadata
from klaster_shared.dependencies import ReadSession, WriteSession
from klaster_shared.errors import NotFound
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.feed_routes import changes_router
from klaster_shared.idempotency import idempotency_table
from klaster_shared.identifiers import new_id
from klaster_shared.job_table import jobs_table
from klaster_shared.jobs import Jobs
from klaster_shared.pagination import Order, Page, PageParameters, after, next_cursor, next_link
from klaster_shared.routing import api_router
from klaster_shared.settings import ServiceSettings
from klaster_shared.testing.postgres import PostgresServer, cloned_database, make_template
from klaster_shared.testing.servers import calling, serving
from klaster_shared.testing.servers import test_keys as keys_folder

METADATA = service_metadata()
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("text", String(200), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
)
LOG = ChangeLog(METADATA)
idempotency_table(METADATA)
jobs_table(METADATA)


class NoteCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=200)


class NoteRead(BaseModel):
    id: UUID
    text: str
    version: int


class NoteFilter(PageParameters):
    q: str | None = None


router = api_router("notes")


@router.get("/v1/notes", response_model=Page[NoteRead], **operation(role="anonymous", scope="notes:read"))
async def list_notes(request: Request, session: ReadSession, page: Annotated[NoteFilter, Query()]) -> Response:
    order = [Order("text", NOTES.c.text), Order("id", NOTES.c.id)]
    rows = (await session.execute(after(select(NOTES), order, page.cursor).limit(page.limit + 1))).all()
    cursor = next_cursor(rows, limit=page.limit, order=order, key=lambda row: [row.text, row.id])
    items = [{"id": row.id, "text": row.text, "version": row.version} for row in rows[: page.limit]]
    return conditional_json(request, {"items": items, "next": cursor}, headers=next_link(request, cursor))


@router.post("/v1/notes", status_code=201, **operation(role="office", scope="notes:write", problems=(409,)))
async def create_note(body: NoteCreate, session: WriteSession, response: Response) -> NoteRead:
    note = NoteRead(id=new_id(), text=body.text, version=1)
    await session.execute(insert(NOTES).values(**note.model_dump()))
    record_change(session, kind="created", collection="notes", id=note.id, record=note)
    response.headers["Location"] = f"/v1/notes/{note.id}"
    return note


@router.post("/v1/secrets", status_code=201, **operation(role="admin", scope="notes:write", secret=True))
async def create_secret(session: WriteSession, response: Response) -> dict[str, str]:
    await session.execute(insert(NOTES).values(id=new_id(), text="secret", version=1))
    response.headers["Location"] = "/v1/secrets/1"
    return {"secret": "only once"}


@router.patch("/v1/notes/{note_id:uuid}", **operation(role="office", scope="notes:write", problems=(404, 412, 428)))
async def change_note(
    request: Request, note_id: UUID, body: NoteCreate, session: WriteSession, response: Response
) -> NoteRead:
    found = (await session.execute(select(NOTES).where(NOTES.c.id == note_id))).one_or_none()
    if found is None:
        raise NotFound(f"There is no note {note_id}")
    require_match(request, found.version)
    await session.execute(update(NOTES).where(NOTES.c.id == note_id).values(text=body.text, version=found.version + 1))
    note = NoteRead(id=note_id, text=body.text, version=found.version + 1)
    record_change(session, kind="updated", collection="notes", id=note_id, changed=["text"], record=note)
    response.headers["ETag"] = record_etag(note.version)
    return note


@router.get("/v1/failing", **operation(role="anonymous", scope="notes:read"))
async def fail() -> None:
    raise RuntimeError("a secret detail that nobody outside may read")


async def create_tables(url: str) -> None:
    """The sample has no migrations: its tables are made from the metadata."""
    database = Database(url)
    async with database.write() as session:
        await (await session.connection()).run_sync(METADATA.create_all)
    await database.dispose()


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> AsyncIterator[str]:
    """A fresh database with the sample's tables, on either engine."""
    if engine == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/notes.db"
        await create_tables(url)
        yield url
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    template = await make_template(server, "notes", create_tables)
    async with cloned_database(server, template) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The sample's database."""
    opened = Database(
        ServiceSettings(database_url=database_url, jwks_file=Path(), port=1).database_url, before_commit=LOG
    )
    yield opened
    await opened.dispose()


@pytest.fixture
def app(database: Database, database_url: str) -> FastAPI:
    """The sample service."""
    settings = ServiceSettings(database_url=database_url, jwks_file=keys_folder() / "jwks.json", port=1)
    return build_app(
        service="notes",
        title="Notes",
        summary="A sample",
        description="",
        settings=settings,
        metadata=METADATA,
        database=database,
        routers=[router, changes_router("notes")],
        jobs=Jobs(database, METADATA, handlers={}),
    )


@pytest.fixture
async def base_url(app: FastAPI) -> AsyncIterator[str]:
    """Where the sample answers."""
    async with serving(app) as url:
        yield url


@pytest.fixture
async def office(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller in the office's role."""
    async with calling(base_url, app, "office") as client:
        yield client


@pytest.fixture
def as_role(base_url: str, app: FastAPI) -> Any:
    """Callers in other roles: `async with as_role("partner") as client`."""
    return lambda role: calling(base_url, app, role)
