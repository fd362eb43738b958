"""Single series over HTTP."""

from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response

from klaster_events.series import operations
from klaster_events.series.schemas import SeriesCreate, SeriesRead, SeriesUpdate
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("series")
SeriesCode = Annotated[str, Path(max_length=60, examples=["biotech-business-basics"])]


@router.post(
    "/v1/series",
    summary="Add a series of events",
    status_code=201,
    response_model=SeriesRead,
    **operation(role="office", scope="series:write", problems=(409,)),
)
async def create_series(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: SeriesCreate
) -> Response:
    """Add a series. Its code stays for ever."""
    created = await operations.create_series(session, given=given, now=now)
    record = operations.record_of(created, language)
    return record_answer(request, record, status=201, location=f"/v1/series/{created.code}")


@router.get(
    "/v1/series/{code}",
    summary="Read a series of events",
    response_model=SeriesRead,
    **operation(role="anonymous", scope="series:read", problems=(404,)),
)
async def get_series(request: Request, session: ReadSession, language: ChosenLanguage, code: SeriesCode) -> Response:
    """One series with its labels; its events are `/v1/events?series=<code>`."""
    found = await operations.get_series(session, code=code)
    return record_answer(request, operations.record_of(found, language))


@router.patch(
    "/v1/series/{code}",
    summary="Change a series of events",
    response_model=SeriesRead,
    **operation(role="office", scope="series:write", problems=(404, 412, 428)),
)
async def update_series(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, code: SeriesCode, given: SeriesUpdate
) -> Response:
    """Merge the change into the record (JSON Merge Patch)."""
    found = await operations.get_series(session, code=code, held=True)
    require_match(request, found.version)
    changed = await operations.change_series(session, series=found, given=given, now=now)
    return record_answer(request, operations.record_of(changed, language))


@router.delete(
    "/v1/series/{code}",
    summary="Delete a series without events",
    status_code=204,
    **operation(role="office", scope="series:write", problems=(404, 409, 412, 428)),
)
async def delete_series(request: Request, session: WriteSession, code: SeriesCode) -> Response:
    """Remove a series that no event belongs to; the feed keeps a tombstone."""
    found = await operations.get_series(session, code=code, held=True)
    require_match(request, found.version)
    await operations.delete_series(session, series=found)
    return Response(status_code=204)
