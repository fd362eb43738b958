"""Imports over HTTP."""

from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response, StreamingResponse

from klaster_registry.imports import operations
from klaster_registry.imports.models import Import
from klaster_registry.imports.operations import ORDER, ROW_ORDER, Looked
from klaster_registry.imports.results import read_of, result
from klaster_registry.imports.schemas import (
    ImportCreate,
    ImportRead,
    ImportRowParameters,
    ImportRowRead,
    ImportUpdate,
    Purpose,
    ResultFormat,
    Verdict,
)
from klaster_registry.imports.spooling import MOST_RECEIVED
from klaster_shared.access import Principal, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.database import Actor
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession, database_of
from klaster_shared.etags import require_match
from klaster_shared.job_table import job_read
from klaster_shared.jobs import Jobs
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("imports")
PATH = "/v1/registry/imports"
ONE = PATH + "/{import_id:uuid}"
WRITE = "imports:write"


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def _actor(principal: Principal) -> Actor:
    return Actor(subject=principal.subject, role=principal.role)


def _read(looked: Looked) -> dict[str, Any]:
    asked = looked.asked
    said = asked.model_dump(include=set(ImportRead.model_fields) - {"counts", "job"})
    counts = {verdict: looked.counts.get(verdict, 0) for verdict in get_args(Verdict)}
    job = job_read(looked.job).model_dump() if looked.job is not None else None
    return {**said, "counts": counts, "job": job}


async def _answer(request: Request, session: Any, asked: Import, *, status: int = 200) -> Response:
    await session.flush()
    await session.refresh(asked)
    looked = await operations.look_at(session, _jobs(request), asked=asked)
    location = f"{PATH}/{asked.id}" if status in {201, 202} else None
    return record_answer(request, _read(looked), status=status, location=location, public=False)


@router.get(
    PATH,
    operation_id="list_imports",
    summary="List imports",
    response_model=Page[ImportRead],
    **operation(role="office", scope="imports:read"),
)
async def list_imports(
    request: Request, session: ReadSession, parameters: Annotated[PageParameters, Query()]
) -> Response:
    """The oldest first."""
    rows = await operations.list_imports(session, cursor=parameters.cursor, limit=parameters.limit)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.created_at, row.id))
    shown = [await operations.look_at(session, _jobs(request), asked=one) for one in rows[: parameters.limit]]
    return page_answer(request, [_read(one) for one in shown], cursor=cursor, total=None, public=False)


@router.post(
    PATH,
    operation_id="create_import",
    summary="Begin an import",
    status_code=201,
    response_model=ImportRead,
    **operation(role="office", scope=WRITE, problems=(409,)),
)
async def create_import(
    request: Request, session: WriteSession, principal: CurrentPrincipal, now: Now, given: ImportCreate
) -> Response:
    """Say what is to come; the file follows with `PUT .../file`, then `rehearse`, then `apply`."""
    asked = await operations.create_import(session, given=given, actor=_actor(principal), now=now)
    return await _answer(request, session, asked, status=201)


def _file() -> dict[str, Any]:
    declared = operation(role="office", scope=WRITE, problems=(404, 409, 412, 413, 428, 503))
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    declared["openapi_extra"] |= {
        "requestBody": {"required": True, "content": content},
        "x-klaster-max-body": MOST_RECEIVED,
    }
    return declared


@router.put(
    ONE + "/file",
    operation_id="put_import_file",
    summary="Send the file of an import",
    response_model=ImportRead,
    max_body_size=MOST_RECEIVED,
    **_file(),
)
async def put_import_file(request: Request, now: Now, import_id: UUID) -> Response:
    """CSV, a workbook (.xlsx, up to 20 MB), NDJSON of an export, or records of ROR as a list or one a line; up to
    100 MB, packed with gzip or not.

    CSV in UTF-8 or Windows-1250, with comma, semicolon or tab; the field of each column is guessed from the header,
    in Polish or English, and stands in `mapping`. What is no such file is refused in a sentence.
    """
    database = database_of(request)
    async with database.read() as session:
        require_match(request, (await operations.find_import(session, import_id=import_id)).version)
    await operations.receive_file(
        database,
        _jobs(request),
        import_id=import_id,
        parts=request.stream(),
        sheets=request.app.state.sheets,
        now=now,
    )
    async with database.read() as session:
        asked = await operations.find_import(session, import_id=import_id)
        looked = await operations.look_at(session, _jobs(request), asked=asked)
    return record_answer(request, _read(looked), public=False)


@router.get(
    ONE,
    operation_id="get_import",
    summary="How far an import is",
    response_model=ImportRead,
    **operation(role="office", scope="imports:read", problems=(404,)),
)
async def get_import(request: Request, session: ReadSession, import_id: UUID) -> Response:
    """Its columns and their fields, its progress, and how many rows there are of each verdict."""
    asked = await operations.find_import(session, import_id=import_id)
    looked = await operations.look_at(session, _jobs(request), asked=asked)
    return record_answer(request, _read(looked), public=False)


@router.patch(
    ONE,
    operation_id="update_import",
    summary="Correct an import",
    response_model=ImportRead,
    **operation(role="office", scope=WRITE, problems=(404, 409, 412, 428)),
)
async def update_import(
    request: Request, session: WriteSession, now: Now, import_id: UUID, given: ImportUpdate
) -> Response:
    """Another field for a column, or another treatment of duplicates. Verdicts of before are void."""
    asked = await operations.find_import(session, import_id=import_id, held=True)
    require_match(request, asked.version)
    await operations.change_import(session, _jobs(request), asked=asked, given=given, now=now)
    return await _answer(request, session, asked)


@router.delete(
    ONE,
    operation_id="delete_import",
    summary="Forget an import",
    status_code=204,
    **operation(role="office", scope=WRITE, problems=(404, 409, 412, 428)),
)
async def delete_import(request: Request, session: WriteSession, import_id: UUID) -> Response:
    """Forget its file and its verdicts; the organisations stay as they are."""
    asked = await operations.find_import(session, import_id=import_id, held=True)
    require_match(request, asked.version)
    await operations.delete_import(session, _jobs(request), asked=asked)
    return Response(status_code=204)


async def _start(
    request: Request, session: Any, principal: Principal, now: Any, import_id: UUID, purpose: Purpose
) -> Response:
    asked = await operations.find_import(session, import_id=import_id, held=True)
    await operations.start(session, _jobs(request), asked=asked, purpose=purpose, actor=_actor(principal), now=now)
    return await _answer(request, session, asked, status=202)


@router.post(
    ONE + "/rehearse",
    operation_id="rehearse_import",
    summary="Say what an import would do",
    status_code=202,
    response_model=ImportRead,
    **operation(role="office", scope=WRITE, problems=(404, 409)),
)
async def rehearse_import(
    request: Request, session: WriteSession, principal: CurrentPrincipal, now: Now, import_id: UUID
) -> Response:
    """A verdict for each row, and nothing written."""
    return await _start(request, session, principal, now, import_id, "rehearsal")


@router.post(
    ONE + "/apply",
    operation_id="apply_import",
    summary="Take the rows of an import in",
    status_code=202,
    response_model=ImportRead,
    **operation(role="office", scope=WRITE, problems=(404, 409)),
)
async def apply_import(
    request: Request, session: WriteSession, principal: CurrentPrincipal, now: Now, import_id: UUID
) -> Response:
    """Chunks of 500 rows, each written as a whole with its checkpoint: what was cut short goes on where it stood.

    What a table says is added to an organisation that is there, never taken away; a row that may be about somebody of
    another source is proposed as a duplicate, and not written. The same file again changes nothing.
    """
    return await _start(request, session, principal, now, import_id, "application")


@router.post(
    ONE + "/cancel",
    operation_id="cancel_import",
    summary="Stop an import",
    response_model=ImportRead,
    **operation(role="office", scope=WRITE, problems=(404, 409)),
)
async def cancel_import(request: Request, session: WriteSession, import_id: UUID) -> Response:
    """It stops behind the chunk that is being written; `apply` goes on from there."""
    asked = await operations.find_import(session, import_id=import_id, held=True)
    await operations.cancel(session, _jobs(request), asked=asked)
    return await _answer(request, session, asked)


@router.get(
    ONE + "/rows",
    operation_id="list_import_rows",
    summary="What became of each row",
    response_model=Page[ImportRowRead],
    **operation(role="office", scope="imports:read", problems=(404,)),
)
async def list_import_rows(
    request: Request,
    session: ReadSession,
    import_id: UUID,
    parameters: Annotated[ImportRowParameters, Query()],
) -> Response:
    """In the order of the file; of one verdict, or of several."""
    await operations.find_import(session, import_id=import_id)
    rows = await operations.list_rows(session, import_id=import_id, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ROW_ORDER, key=lambda row: (row.number,))
    items = [read_of(row) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=None, public=False)


def _result() -> dict[str, Any]:
    declared = operation(role="office", scope="imports:read", problems=(404,))
    content = {"text/csv": {"schema": {"type": "string"}}, "application/x-ndjson": {"schema": {"type": "string"}}}
    declared["responses"][200] = {"description": "A line a row", "content": content}
    return declared


@router.get(
    ONE + "/result",
    operation_id="get_import_result",
    summary="What became of the rows, as a file",
    response_class=Response,
    **_result(),
)
async def get_import_result(
    request: Request,
    import_id: UUID,
    format: Annotated[ResultFormat, Query()] = "csv",  # noqa: A002 # the wire's own name
) -> Response:
    """Row, verdict, who it is, what changed, who it may be a duplicate of, what is wrong and why."""
    database = database_of(request)
    async with database.read() as session:
        await operations.find_import(session, import_id=import_id)
    media = "text/csv; charset=utf-8; header=present" if format == "csv" else "application/x-ndjson"
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="import-{import_id}.{format}"',
    }
    return StreamingResponse(result(database, import_id=import_id, format=format), media_type=media, headers=headers)
