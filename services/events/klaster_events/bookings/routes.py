"""Bookings over HTTP: for whoever books, for the owner, and for the office."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.bookings import operations, steps
from klaster_events.bookings.bookers import CheckedBooking
from klaster_events.bookings.operations import Held
from klaster_events.bookings.repository import ORDER
from klaster_events.bookings.schemas import Answer, BookingInFull, BookingListParameters, BookingRead
from klaster_events.events.viewers import Viewer
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("bookings")
_STEP = operation(role="partner", scope="bookings:write", problems=(404, 409, 412, 428))


@router.get(
    "/v1/lsos/bookings",
    summary="List bookings made, and received",
    response_model=Page[BookingRead],
    **operation(role="partner", scope="bookings:read"),
)
async def list_bookings(
    request: Request,
    session: ReadSession,
    author: Author,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[BookingListParameters, Query()],
) -> Response:
    """The latest first: those for one's own entity and those of its laboratories and services; all for the office."""
    rows = await operations.list_bookings(session, parameters=parameters, viewer=author, zone=zone)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.starts_at, row.id))
    total = None
    if parameters.count:
        total = (await operations.count_bookings(session, parameters=parameters, viewer=author, zone=zone)).rows
    items = await operations.records_of(session, bookings=rows[: parameters.limit], language=language)
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    "/v1/lsos/bookings",
    summary="Book a laboratory or service",
    status_code=201,
    response_model=BookingRead,
    **operation(role="partner", scope="bookings:write", problems=(404, 409, 503)),
)
async def create_booking(
    request: Request, new: CheckedBooking, session: WriteSession, now: Now, language: ChosenLanguage
) -> Response:
    """`approved` at once, or `requested` where the owner approves each; either way nobody else gets that time."""
    held = await operations.create_booking(session, given=new.given, booker=new.booker, now=now)
    [record] = await operations.records_of(session, bookings=[held[0]], language=language)
    return record_answer(request, record, status=201, location=f"/v1/lsos/bookings/{held[0].id}", public=False)


@router.get(
    "/v1/lsos/bookings/{booking_id:uuid}",
    summary="Read a booking with who comes",
    response_model=BookingInFull,
    **operation(role="partner", scope="bookings:read", problems=(404,)),
)
async def get_booking(
    request: Request,
    author: Author,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    language: ChosenLanguage,
    booking_id: UUID,
) -> Response:
    """For either side, and the office. That somebody looked is recorded."""
    held = await operations.get_booking(session, booking_id=booking_id, viewer=author)
    record = await operations.in_full(session, held=held, language=language, now=now)
    return record_answer(request, record, public=False)


@router.delete(
    "/v1/lsos/bookings/{booking_id:uuid}",
    summary="Delete a demonstration's booking",
    status_code=204,
    **operation(role="office", scope="bookings:write", problems=(404, 409, 412, 428)),
)
async def delete_booking(request: Request, author: Author, session: WriteSession, booking_id: UUID) -> Response:
    """Any other is cancelled instead."""
    await operations.delete_booking(session, held=await _held(request, session, author, booking_id))
    return Response(status_code=204)


async def _held(request: Request, session: WriteSession, author: Viewer, booking_id: UUID) -> Held:
    held = await operations.get_booking(session, booking_id=booking_id, viewer=author, held=True)
    require_match(request, held[0].version)
    return held


async def _answer(request: Request, session: WriteSession, held: Held, language: Language) -> Response:
    [record] = await operations.records_of(session, bookings=[held[0]], language=language)
    return record_answer(request, record, public=False)


@router.post(
    "/v1/lsos/bookings/{booking_id:uuid}/approve",
    summary="Approve a booking that was asked for",
    response_model=BookingRead,
    **_STEP,
)
async def approve_booking(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    booking_id: UUID,
    given: Answer | None = None,
) -> Response:
    """For the owner, and the office. Whoever comes is told."""
    held = await _held(request, session, author, booking_id)
    steps.require_owner(held, author)
    held = await steps.approve(session, held=held, note=given.note if given else None, now=now)
    return await _answer(request, session, held, language)


@router.post(
    "/v1/lsos/bookings/{booking_id:uuid}/decline",
    summary="Decline a booking that was asked for",
    response_model=BookingRead,
    **_STEP,
)
async def decline_booking(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    booking_id: UUID,
    given: Answer | None = None,
) -> Response:
    """For the owner, and the office. Its time is free again, and whoever would have come is told."""
    held = await _held(request, session, author, booking_id)
    steps.require_owner(held, author)
    note = given.note if given else None
    held = await steps.decline(session, held=held, note=note, viewer=author, now=now)
    return await _answer(request, session, held, language)


@router.post(
    "/v1/lsos/bookings/{booking_id:uuid}/cancel",
    summary="Cancel a booking",
    response_model=BookingRead,
    **_STEP,
)
async def cancel_booking(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    booking_id: UUID,
    given: Answer | None = None,
) -> Response:
    """For either side. Its time is free again, and both are told; after its time it says that nobody came."""
    held = await _held(request, session, author, booking_id)
    note = given.note if given else None
    held = await steps.cancel(session, held=held, note=note, viewer=author, now=now)
    return await _answer(request, session, held, language)


@router.post(
    "/v1/lsos/bookings/{booking_id:uuid}/use",
    summary="Note that a booking was used",
    response_model=BookingRead,
    **_STEP,
)
async def use_booking(
    request: Request, author: Author, session: WriteSession, now: Now, language: ChosenLanguage, booking_id: UUID
) -> Response:
    """For the owner, and the office, once it has begun. The strategy counts the people of those that were used."""
    held = await _held(request, session, author, booking_id)
    steps.require_owner(held, author)
    return await _answer(request, session, await steps.note_use(session, held=held, now=now), language)
