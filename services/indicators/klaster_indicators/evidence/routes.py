"""Evidence over HTTP."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_indicators.evidence import operations
from klaster_indicators.evidence.media import TAKEN, media_of
from klaster_indicators.evidence.schemas import EvidenceListParameters, EvidenceParameters, EvidenceRead
from klaster_indicators.indicators.operations import get_indicator
from klaster_indicators.indicators.routes import IndicatorInPath
from klaster_shared.access import may, operation
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, is_unchanged, record_etag, require_match
from klaster_shared.pagination import Page, next_link
from klaster_shared.routing import api_router

router = api_router("observations")
_ADDRESS = "/v1/indicators/{id:indicator}/evidence"
_FILES = {media: {"schema": {"type": "string", "format": "binary"}} for media in TAKEN}


def _uploaded() -> dict[str, Any]:
    declared = operation(role="office", scope="indicators:write", problems=(400, 404, 409, 413, 415))
    declared["openapi_extra"]["requestBody"] = {"required": True, "content": _FILES}
    return declared


def _downloaded() -> dict[str, Any]:
    declared = operation(role="anonymous", scope="indicators:read", problems=(404, 409))
    declared["responses"] |= {200: {"description": "The file, as it came", "content": _FILES}}
    return declared


@router.get(
    _ADDRESS,
    operation_id="list_evidence",
    summary="The files that show where an indicator's values come from",
    response_model=Page[EvidenceRead],
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def list_evidence(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    reference: IndicatorInPath,
    parameters: Annotated[EvidenceListParameters, Query()],
) -> Response:
    """The newest first. The office sees those too that are not public."""
    office = may(principal.role, "office")
    indicator = await get_indicator(session, reference=reference)
    rows, cursor = await operations.list_evidence(session, indicator=indicator, parameters=parameters, office=office)
    items = [operations.evidence_read(row, indicator=indicator.code, for_office=office) for row in rows]
    page: dict[str, Any] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_evidence(session, indicator=indicator, office=office)
    return conditional_json(request, page, public=not office, headers=next_link(request, cursor))


@router.post(
    _ADDRESS,
    operation_id="create_evidence",
    summary="Add a file of evidence",
    status_code=201,
    response_model=EvidenceRead,
    **_uploaded(),
)
async def create_evidence(
    request: Request,
    session: WriteSession,
    now: Now,
    reference: IndicatorInPath,
    stated: Annotated[EvidenceParameters, Query()],
) -> Response:
    """The body is the file, 1 MiB at most; observations name its `link` among their evidence.

    The same content again is the same file (200), under the name and for the readers stated last.
    """
    media = media_of(request.headers.get("content-type"))
    indicator = await get_indicator(session, reference=reference)
    file, new = await operations.add_evidence(
        session, indicator=indicator, content=await request.body(), media=media, stated=stated, now=now
    )
    read = operations.evidence_read(file, indicator=indicator.code, for_office=True)
    headers = {"Location": read.link} if new else None
    etag = record_etag(file.version)
    return conditional_json(request, read, etag=etag, public=False, headers=headers, status=201 if new else 200)


@router.get(
    _ADDRESS + "/{file:uuid}",
    operation_id="get_evidence",
    summary="Read a file of evidence",
    response_class=Response,
    **_downloaded(),
)
async def get_evidence(
    request: Request, session: ReadSession, principal: CurrentPrincipal, reference: IndicatorInPath, file: UUID
) -> Response:
    """As it came, to be saved: browsers are told to open nothing of it."""
    office = may(principal.role, "office")
    indicator = await get_indicator(session, reference=reference)
    found = await operations.get_evidence(session, indicator=indicator, file_id=file, office=office)
    headers = {
        "ETag": f'"{found.version}.{found.sha256}"',
        "Cache-Control": "public, no-cache" if found.public and not office else "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    content = operations.content_of(found)
    if is_unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": found.media_type})


@router.delete(
    _ADDRESS + "/{file:uuid}",
    operation_id="withdraw_evidence",
    summary="Withdraw a file of evidence",
    status_code=204,
    **operation(role="office", scope="indicators:write", problems=(404, 409, 412, 428)),
)
async def withdraw_evidence(
    request: Request, session: WriteSession, now: Now, reference: IndicatorInPath, file: UUID
) -> Response:
    """Its content goes; name, size and digest stay, so that observations that name it still say what they rested on."""
    indicator = await get_indicator(session, reference=reference)
    found = await operations.get_evidence(session, indicator=indicator, file_id=file, office=True, held=True)
    require_match(request, found.version)
    await operations.withdraw_evidence(session, indicator=indicator, file=found, now=now)
    return Response(status_code=204)
