"""Editions of the strategy over HTTP."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework import operations as framework
from klaster_indicators.live.worker import request_refresh
from klaster_indicators.observations.operations import count_by_indicator
from klaster_indicators.strategy import operations, steps
from klaster_indicators.strategy.differences import differences
from klaster_indicators.strategy.reads import diff_read, edition_summary
from klaster_indicators.strategy.schemas import (
    EditionAdoption,
    EditionCopy,
    EditionRead,
    EditionsDiffRead,
    EditionSummary,
    EditionUpdate,
)
from klaster_indicators.units.operations import known_units
from klaster_shared.access import operation
from klaster_shared.answers import page_answer
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.history import RevisionsPage, revisions_page
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
    lifecycle = await framework.read_lifecycle(session)
    page: dict[str, Any] = {"items": [edition_summary(row, lifecycle, language) for row in rows], "next": cursor}
    if parameters.count:
        page["total"] = await framework.count_editions(session)
    return conditional_json(request, page, headers=next_link(request, cursor))


@router.get(
    "/v1/strategy/editions/diff",
    operation_id="diff_editions",
    summary="What changed from one edition to another",
    response_model=EditionsDiffRead,
    **operation(role="anonymous", scope="strategy:read", problems=(404,)),
)
async def diff_editions(
    request: Request,
    session: ReadSession,
    language: ChosenLanguage,
    before: Annotated[str, Query(alias="from", max_length=60, description="Code of the earlier edition")],
    after: Annotated[str, Query(alias="to", max_length=60, description="Code of the later one, or of a draft")],
) -> Response:
    """By code: codes are stable, so a part under another code is another part. Observations belong to no edition."""
    old = await framework.edition_with_document(session, code=before)
    new = await framework.edition_with_document(session, code=after)
    found = differences(operations.document_of(old), operations.document_of(new))
    gone = [one.code for one in found if one.change == "gone" and one.part in {"indicator", "goal"}]
    observed = await count_by_indicator(session, codes=gone)
    return conditional_json(request, diff_read(before, after, found, observed=observed, language=language))


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
    return await _answer(request, session, edition, language)


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
    today: Today,
    language: ChosenLanguage,
    code: EditionInPath,
    document: StrategyDocument,
) -> Response:
    """201 where it is new, 200 where it is the same again. A draft is replaced (If-Match); an adopted one never is.

    Live figures of a new edition are pulled at once.

    A document with an unknown key, a wrong reference or arithmetic that does not add up is refused with the place.
    """
    operations.check_document(document, code=code, today=today, units=await known_units(session))
    known = await framework.known_edition(session, code=code)
    version = known.version if known else 0
    taken = await operations.take_in(session, document=document, known=known, now=now)
    if taken.outcome == "replaced":
        require_match(request, version)
    if taken.outcome != "unchanged":
        await request_refresh(request.app.state.jobs, session)
    return await _answer(request, session, taken.edition, language, created=taken.outcome == "created")


@router.patch(
    "/v1/strategy/editions/{code}",
    operation_id="update_edition",
    summary="Change what a draft says of itself",
    response_model=EditionRead,
    **operation(role="office", scope="strategy:write", problems=(404, 409, 412, 428)),
)
async def update_edition(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    code: EditionInPath,
    given: EditionUpdate,
) -> Response:
    """Title, mission, vision, the years of its columns. The parts of its framework have addresses of their own."""
    edition = await framework.edition_to_change(session, code=code)
    require_match(request, edition.version)
    changes = given.model_dump(mode="json", by_alias=True, exclude_unset=True)
    taken = await steps.change_edition(session, edition=edition, changes=changes, now=now)
    return await _answer(request, session, taken.edition, language)


@router.delete(
    "/v1/strategy/editions/{code}",
    operation_id="delete_edition",
    summary="Give up a draft",
    status_code=204,
    **operation(role="office", scope="strategy:write", problems=(404, 409, 412, 428)),
)
async def delete_edition(request: Request, session: WriteSession, now: Now, code: EditionInPath) -> Response:
    """Indicators and their observations stay, for they belong to no edition. An adopted edition is never deleted."""
    edition = await framework.edition_to_change(session, code=code)
    require_match(request, edition.version)
    await steps.delete_draft(session, edition=edition, now=now)
    return Response(status_code=204)


@router.post(
    "/v1/strategy/editions/{code}/copy",
    operation_id="copy_edition",
    summary="Begin the next edition as a copy",
    status_code=201,
    response_model=EditionRead,
    **operation(role="office", scope="strategy:write", problems=(404, 409)),
)
async def copy_edition(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    code: EditionInPath,
    given: EditionCopy,
) -> Response:
    """A draft that says what this edition says, under its own code. Years and targets move only by hand."""
    source = await framework.edition_with_document(session, code=code)
    taken = await steps.copy_edition(session, source=source, given=given, now=now)
    return await _answer(request, session, taken.edition, language, created=True)


@router.post(
    "/v1/strategy/editions/{code}/adopt",
    operation_id="adopt_edition",
    summary="Adopt a draft",
    response_model=EditionRead,
    **operation(role="admin", scope="strategy:write", problems=(404, 409, 412, 428)),
)
async def adopt_edition(
    request: Request,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    code: EditionInPath,
    given: EditionAdoption,
) -> Response:
    """From its day on it holds, in place of the edition before, and is read-only. Live figures are pulled at once."""
    edition = await framework.edition_to_change(session, code=code)
    require_match(request, edition.version)
    taken = await steps.adopt_edition(session, edition=edition, on=given.on or today, today=today, now=now)
    await request_refresh(request.app.state.jobs, session)
    return await _answer(request, session, taken.edition, language)


@router.get(
    "/v1/strategy/editions/{code}/history",
    operation_id="list_edition_history",
    summary="The steps of an edition, and who took them",
    response_model=RevisionsPage,
    **operation(role="anonymous", scope="strategy:read", problems=(404,)),
)
async def list_edition_history(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    code: EditionInPath,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Newest first; a draft that was given up keeps its history. What each edit changed, the indicators' own tells."""
    edition_id = await framework.edition_id_of(session, code=code)
    table = request.app.state.metadata.tables[TABLE]
    items, cursor = await revisions_page(
        session, table, collection="editions", record_id=str(edition_id), role=principal.role, asked=parameters
    )
    return page_answer(request, items, cursor=cursor, total=None, public=False)


async def _answer(
    request: Request, session: AsyncSession, edition: Any, language: Language, *, created: bool = False
) -> Response:
    summary = edition_summary(edition, await framework.read_lifecycle(session), language).model_dump()
    # The document goes out as it was taken in: nothing that it does not say is added.
    body = {**summary, "document": from_json(edition.document)}
    location = {"Location": f"/v1/strategy/editions/{edition.code}"} if created else None
    # Its state may change with another edition, which leaves its own version where it is.
    etag = record_etag(edition.version, f"{language}.{summary['state']}.{summary['superseded'] or ''}")
    return conditional_json(request, body, etag=etag, headers=location, status=201 if created else 200)
