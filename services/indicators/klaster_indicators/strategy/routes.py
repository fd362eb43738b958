"""Editions of the strategy over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic_core import from_json

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework import operations as framework
from klaster_indicators.live.worker import request_refresh
from klaster_indicators.strategy import operations
from klaster_indicators.strategy.schemas import EditionRead, EditionSummary
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, PageParameters, next_link
from klaster_shared.routing import api_router

router = api_router("strategy")
EditionInPath = Annotated[str, Path(max_length=60, description="Code of an edition", examples=["klsk-2022"])]


@router.get(
    "/v1/strategy/editions",
    operation_id="list_editions",
    summary="List the editions of the strategy",
    response_model=Page[EditionSummary],
    **operation(role="anonymous", scope="strategy:read"),
)
async def list_editions(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """By code; at most one of them is in force."""
    rows, cursor = await framework.page_of_editions(session, cursor=parameters.cursor, limit=parameters.limit)
    in_force = await framework.find_edition(session, code=None)
    page: dict[str, Any] = {"items": [_summary(row, in_force, language) for row in rows], "next": cursor}
    if parameters.count:
        page["total"] = await framework.count_editions(session)
    return conditional_json(request, page, headers=next_link(request, cursor))


@router.get(
    "/v1/strategy/editions/{code}",
    operation_id="get_edition",
    summary="Read an edition with its whole document",
    response_model=EditionRead,
    **operation(role="anonymous", scope="strategy:read", problems=(404,)),
)
async def get_edition(
    request: Request, session: ReadSession, language: ChosenLanguage, code: EditionInPath
) -> Response:
    """The document as it was taken in: organisation, groups, rules, networks, levels, paths, effects, goals, tasks."""
    edition = await framework.edition_with_document(session, code=code)
    in_force = await framework.find_edition(session, code=None)
    return _answer(request, edition, in_force, language)


@router.put(
    "/v1/strategy/editions/{code}",
    operation_id="put_edition",
    summary="Take in an edition, whole",
    response_model=EditionRead,
    **operation(role="admin", scope="strategy:write", problems=(409, 412, 428)),
)
async def put_edition(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    code: EditionInPath,
    document: StrategyDocument,
) -> Response:
    """201 where it is new, 200 where it is the same again. A draft is replaced (If-Match); an adopted one never is.

    Live figures of a new edition are pulled at once.

    A document with an unknown key, a wrong reference or arithmetic that does not add up is refused with the place.
    """
    operations.check_document(document, code=code)
    known = await framework.known_edition(session, code=code)
    version = known.version if known else 0
    taken = await operations.take_in(session, document=document, known=known, now=now)
    if taken.outcome == "replaced":
        require_match(request, version)
    if taken.outcome != "unchanged":
        await request_refresh(request.app.state.jobs, session)
    in_force = await framework.find_edition(session, code=None)
    status = 201 if taken.outcome == "created" else 200
    return _answer(request, taken.edition, in_force, language, status=status)


def _answer(request: Request, edition: Any, in_force: Any, language: Language, *, status: int = 200) -> Response:
    summary = _summary(edition, in_force, language).model_dump()
    # The document goes out as it was taken in: nothing that it does not say is added.
    body = {**summary, "document": from_json(edition.document)}
    location = {"Location": f"/v1/strategy/editions/{edition.code}"} if status == 201 else None
    etag = record_etag(edition.version, f"{language}.{summary['state']}")
    return conditional_json(request, body, etag=etag, headers=location, status=status)


def _summary(row: Any, in_force: Any, language: Language) -> EditionSummary:
    return EditionSummary(
        id=row.id,
        code=row.code,
        title=framework.label_of(row, language, "title"),
        state=framework.state_of(row, in_force),
        adopted=row.adopted,
        baseline_year_programme=row.baseline_year_programme,
        baseline_year_effect=row.baseline_year_effect,
        target_year=row.target_year,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
