"""Editions over HTTP: read by whoever sees the event, written by the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.editions import operations, tables
from klaster_events.editions.operations import Held
from klaster_events.editions.records import record_of
from klaster_events.editions.repository import ORDER
from klaster_events.editions.schemas import (
    EditionListParameters,
    EditionState,
    ForumEditionCreate,
    ForumEditionRead,
    ForumEditionUpdate,
    SlotsRead,
)
from klaster_events.events.looking import Looking, shown_to
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("forum")
_CHANGE = operation(role="office", scope="forum:write", problems=(404, 409, 412, 428))


@router.get(
    "/v1/lsos/editions",
    summary="List editions of the forum",
    response_model=Page[ForumEditionRead],
    **operation(role="anonymous", scope="forum:read"),
)
async def list_forum_editions(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    language: ChosenLanguage,
    parameters: Annotated[EditionListParameters, Query()],
) -> Response:
    """The newest first, of events that the caller may see; drafts to the office."""
    rows = await operations.list_editions(session, parameters=parameters, viewer=viewer)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row[0].created_at, row[0].id))
    total = None
    if parameters.count:
        total = await operations.count_editions(session, parameters=parameters, viewer=viewer)
    items = [record_of(edition, event, language) for edition, event in rows[: parameters.limit]]
    return shown_to(viewer, page_answer(request, items, cursor=cursor, total=total))


@router.post(
    "/v1/lsos/editions",
    summary="Give an event 1:1 meetings",
    status_code=201,
    response_model=ForumEditionRead,
    **operation(role="office", scope="forum:write", problems=(409,)),
)
async def create_forum_edition(
    request: Request, given: ForumEditionCreate, session: WriteSession, now: Now, language: ChosenLanguage
) -> Response:
    """An edition of the forum, as a draft: who may ask whom, when meetings take place, how many of them."""
    found = await operations.create_edition(session, given=given, now=now)
    location = f"/v1/lsos/editions/{found[0].id}"
    return record_answer(request, record_of(*found, language), status=201, location=location, public=False)


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}",
    summary="Read an edition",
    response_model=ForumEditionRead,
    **operation(role="anonymous", scope="forum:read", problems=(404,)),
)
async def get_forum_edition(
    request: Request, session: ReadSession, viewer: Looking, language: ChosenLanguage, edition_id: UUID
) -> Response:
    """One edition with its rules."""
    found = await operations.get_edition(session, edition_id=edition_id, viewer=viewer)
    return shown_to(viewer, record_answer(request, record_of(*found, language)))


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/slots",
    summary="List the slots of an edition",
    response_model=SlotsRead,
    **operation(role="anonymous", scope="forum:read", problems=(404,)),
)
async def list_edition_slots(request: Request, session: ReadSession, viewer: Looking, edition_id: UUID) -> Response:
    """When two can meet, and how many tables there are then. Slots follow from the windows."""
    found = await operations.get_edition(session, edition_id=edition_id, viewer=viewer)
    slots = await tables.slots_with_tables(session, found=found)
    items = [{"starts_at": slot.starts_at, "ends_at": slot.ends_at, "tables": usable} for slot, usable in slots]
    return shown_to(viewer, conditional_json(request, {"items": items}))


@router.patch(
    "/v1/lsos/editions/{edition_id:uuid}",
    summary="Change an edition",
    response_model=ForumEditionRead,
    **_CHANGE,
)
async def update_forum_edition(
    request: Request,
    given: ForumEditionUpdate,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
) -> Response:
    """Merge the change into the edition (JSON Merge Patch). Once it was opened, slots keep their length, kinds stay."""
    found = await _held(request, session, edition_id)
    found = await operations.change_edition(session, found=found, given=given, now=now)
    return record_answer(request, record_of(*found, language), public=False)


@router.delete(
    "/v1/lsos/editions/{edition_id:uuid}",
    summary="Delete a draft of an edition",
    status_code=204,
    **_CHANGE,
)
async def delete_forum_edition(request: Request, session: WriteSession, edition_id: UUID) -> Response:
    """Remove an edition that was never opened, or a demonstration; the feed keeps a tombstone."""
    await operations.delete_edition(session, found=await _held(request, session, edition_id))
    return Response(status_code=204)


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/open",
    summary="Open an edition",
    response_model=ForumEditionRead,
    **_CHANGE,
)
async def open_forum_edition(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, edition_id: UUID
) -> Response:
    """From now on whoever is registered for the event can take part; a closed one can be opened anew."""
    return await _move(request, session, now, language, edition_id, "open")


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/close",
    summary="Close an edition",
    response_model=ForumEditionRead,
    **_CHANGE,
)
async def close_forum_edition(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, edition_id: UUID
) -> Response:
    """Nobody joins or asks any more; what was arranged stands."""
    return await _move(request, session, now, language, edition_id, "closed")


async def _held(request: Request, session: WriteSession, edition_id: UUID) -> Held:
    found = await operations.get_edition(session, edition_id=edition_id, held=True)
    require_match(request, found[0].version)
    return found


async def _move(
    request: Request, session: WriteSession, now: Now, language: Language, edition_id: UUID, to: EditionState
) -> Response:
    found = await operations.move_edition(session, found=await _held(request, session, edition_id), to=to, now=now)
    return record_answer(request, record_of(*found, language), public=False)
