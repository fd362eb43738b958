"""Privacy over HTTP for people themselves: ask for a link by address, open it, take the data or erase it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response

from klaster_events.links.operations import Purpose, links_of
from klaster_events.pages.framing import page_headers
from klaster_events.privacy import operations
from klaster_events.privacy.exporting import personal_data
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.pages import page_answer, reads_pages
from klaster_events.privacy.schemas import (
    ErasureOffered,
    ErasureRead,
    PersonalData,
    PrivacyPurpose,
    PrivacyRequest,
    PrivacyRequested,
)
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession, database_of
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("privacy")
Token = Annotated[str, Path(max_length=200, description="What the link that was sent ends in")]
_PAGE = {"text/html": {"schema": {"type": "string"}}}
Format = Annotated[Literal["json"] | None, Query(description="JSON for a browser too, to download")]


def _with_page(given: dict[str, Any]) -> dict[str, Any]:
    """A browser is answered with a page."""
    return {**given, "responses": {**given["responses"], 200: {"content": _PAGE}}}


async def _ask(
    request: Request, session: WriteSession, now: Now, purpose: PrivacyPurpose, given: PrivacyRequest
) -> Response:
    await operations.ask(session, email=given.email, purpose=purpose, language=given.language, now=now)
    answer = PrivacyRequested(purpose=purpose, hours=request.app.state.settings.privacy_link_hours)
    return conditional_json(request, answer.model_dump(), public=False, status=202)


@router.post(
    "/v1/privacy/export",
    summary="Ask for a link to one's own data",
    status_code=202,
    response_model=PrivacyRequested,
    **operation(role="anonymous", scope="privacy:write"),
)
async def ask_for_export(request: Request, session: WriteSession, now: Now, given: PrivacyRequest) -> Response:
    """A link is sent to the address, if it is known. The answer is the same for every address."""
    return await _ask(request, session, now, "export", given)


@router.post(
    "/v1/privacy/erase",
    summary="Ask for a link to erase one's own data",
    status_code=202,
    response_model=PrivacyRequested,
    **operation(role="anonymous", scope="privacy:write"),
)
async def ask_for_erasure(request: Request, session: WriteSession, now: Now, given: PrivacyRequest) -> Response:
    """A link is sent to the address, if it is known. Nothing is erased before it is opened and confirmed."""
    return await _ask(request, session, now, "erase", given)


async def _named(request: Request, purpose: Purpose, token: str, now: Any) -> UUID:
    within = timedelta(hours=request.app.state.settings.privacy_link_hours)
    async with database_of(request).read() as session:
        return (await links_of(session)).read_within(purpose, token, within=within, now=now)


async def _to_export(request: Request, token: Token, now: Now) -> UUID:
    return await _named(request, "export", token, now)


async def _to_offer(request: Request, token: Token, now: Now) -> UUID:
    return await _named(request, "erase", token, now)


async def _to_erase(request: Request, token: Token, now: Now) -> UUID:
    """In the ledger before the transaction begins: whatever happens after, it is not forgotten."""
    person_id = await _named(request, "erase", token, now)
    ledger: Ledger = request.app.state.ledger
    await ledger.append([person_id], at=now)
    return person_id


def _private(request: Request, content: Mapping[str, Any], **headers: str) -> Response:
    return conditional_json(request, content, public=False, headers={**page_headers(), **headers})


@router.get(
    "/v1/privacy/export/{token}",
    summary="Read everything that is held about oneself",
    response_model=PersonalData,
    **_with_page(operation(role="anonymous", scope="privacy:read", problems=(404, 410))),
)
async def read_own_data(
    request: Request,
    person_id: Annotated[UUID, Depends(_to_export)],
    session: ReadSession,
    language: ChosenLanguage,
    format: Format = None,  # noqa: A002 # the parameter's name on the wire
) -> Response:
    """JSON for programs and for the download; a browser gets a page that offers it. Nothing is changed by looking."""
    data = await personal_data(session, person_id=person_id)
    if reads_pages(request):
        return page_answer(request, "export", action="download")
    return _private(request, data, **{"Content-Disposition": 'attachment; filename="my-data.json"'})


@router.get(
    "/v1/privacy/erase/{token}",
    summary="See what erasing oneself would do",
    response_model=ErasureOffered,
    **_with_page(operation(role="anonymous", scope="privacy:read", problems=(404, 410))),
)
async def offer_erasure(
    request: Request,
    person_id: Annotated[UUID, Depends(_to_offer)],
    session: ReadSession,
    now: Now,
    language: ChosenLanguage,
) -> Response:
    """Nothing happens yet: whatever opens links in mails (a scanner, a preview) erases nobody."""
    offered = await operations.offer_erasure(session, person_id=person_id, now=now)
    if reads_pages(request):
        page: Any = "erased" if offered["erased"] else "erase"
        return page_answer(request, page, action=None if offered["erased"] else "erase", **offered)
    return _private(request, offered)


@router.post(
    "/v1/privacy/erase/{token}",
    summary="Erase oneself",
    response_model=ErasureRead,
    **_with_page(operation(role="anonymous", scope="privacy:write", problems=(404, 410, 503))),
)
async def erase_oneself(
    request: Request,
    person_id: Annotated[UUID, Depends(_to_erase)],
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
) -> Response:
    """Name, address, answers and consents go for good; a second time changes nothing."""
    await operations.erase_people(session, ids=[person_id], reason="asked", now=now)
    if reads_pages(request):
        return page_answer(request, "erased")
    return _private(request, ErasureRead(person_id=person_id, erased_at=now).model_dump())
