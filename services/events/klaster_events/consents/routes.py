"""Consent texts over HTTP: everybody reads what is asked, the office writes it."""

from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_events.consents import operations
from klaster_events.consents.repository import ORDER, VERSIONS
from klaster_events.consents.schemas import ConsentTextCreate, ConsentTextListParameters, ConsentTextRead
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_cursor
from klaster_shared.routing import api_router

router = api_router("consents")
Purpose = Annotated[str, Path(max_length=60, examples=["newsletter"])]


@router.get(
    "/v1/consent-texts",
    summary="List what people are asked to agree to",
    response_model=Page[ConsentTextRead],
    **operation(role="anonymous", scope="consents:read"),
)
async def list_consent_texts(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    parameters: Annotated[ConsentTextListParameters, Query()],
) -> Response:
    """The words of each purpose as a form shows them today, with their version."""
    rows = await operations.list_texts(session, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.purpose,))
    total = await operations.count_texts(session, parameters=parameters) if parameters.count else None
    items = [operations.record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total)


@router.post(
    "/v1/consent-texts",
    summary="Add a purpose, or new words for one",
    status_code=201,
    response_model=ConsentTextRead,
    **operation(role="office", scope="consents:write", problems=(409,)),
)
async def create_consent_text(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: ConsentTextCreate
) -> Response:
    """From now on people are asked in these words; what was agreed to in earlier ones stays as it was.

    The same words again are no new version. New words for a retired purpose bring it back.
    """
    added = await operations.add_text(session, given=given, now=now)
    record = operations.record_of(added, language)
    location = f"/v1/consent-texts/{added.purpose}/versions"
    return record_answer(request, record, status=201, location=location)


@router.get(
    "/v1/consent-texts/{purpose}/versions",
    summary="List all words that a purpose has had",
    response_model=Page[ConsentTextRead],
    **operation(role="anonymous", scope="consents:read", problems=(404,)),
)
async def list_consent_versions(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    purpose: Purpose,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Every version, the first first: whoever agreed can read to what."""
    rows, total = await operations.list_versions(session, purpose=purpose, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=VERSIONS, key=lambda row: (row.version,))
    items = [operations.record_of(row, language) for row in rows[: parameters.limit]]
    return page_answer(request, items, cursor=cursor, total=total if parameters.count else None)


@router.post(
    "/v1/consent-texts/{purpose}/retire",
    summary="Ask nobody any more",
    response_model=ConsentTextRead,
    **operation(role="office", scope="consents:write", problems=(404, 409)),
)
async def retire_consent_purpose(
    request: Request, session: WriteSession, language: ChosenLanguage, purpose: Purpose
) -> Response:
    """Forms no longer show it, and nobody can agree to it. What was agreed to stays, and can be withdrawn."""
    retired = await operations.retire_purpose(session, purpose=purpose)
    return record_answer(request, operations.record_of(retired, language))
