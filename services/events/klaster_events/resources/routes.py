"""Shared laboratories and services over HTTP: read by everybody, their booking ruled by their owners."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.board.authors import Author
from klaster_events.people import operations as people
from klaster_events.people.schemas import AttendeeRead
from klaster_events.resources import operations
from klaster_events.resources.repository import ORDER
from klaster_events.resources.schemas import BookingRulesIn, ResourceListParameters, ResourceRead
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.errors import NotFound
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("bookings")


@router.get(
    "/v1/lsos/resources",
    summary="List shared laboratories and services",
    response_model=Page[ResourceRead],
    **operation(role="anonymous", scope="resources:read"),
)
async def list_resources(
    request: Request,
    session: ReadSession,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[ResourceListParameters, Query()],
) -> Response:
    """Those that the registry shows as shared on the day, by name; `bookable=true`: those that can be booked here."""
    rows = await operations.list_resources(session, parameters=parameters, today=today)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.sort_name, row.id))
    total = await operations.count_resources(session, parameters=parameters, today=today) if parameters.count else None
    items = await operations.records_of(session, resources=rows[: parameters.limit], language=language)
    return page_answer(request, items, cursor=cursor, total=total)


@router.get(
    "/v1/lsos/resources/{resource_id:uuid}",
    summary="Read a shared laboratory or service",
    response_model=ResourceRead,
    **operation(role="anonymous", scope="resources:read", problems=(404,)),
)
async def get_resource(request: Request, session: ReadSession, language: ChosenLanguage, resource_id: UUID) -> Response:
    """With how it is booked: opening hours, slots, approval, terms."""
    resource = await operations.get_resource(session, resource_id=resource_id)
    [record] = await operations.records_of(session, resources=[resource], language=language)
    return record_answer(request, record)


@router.put(
    "/v1/lsos/resources/{resource_id:uuid}/booking-rules",
    summary="Say how a laboratory or service is booked",
    response_model=ResourceRead,
    **operation(role="partner", scope="resources:write", problems=(404, 412, 428)),
)
async def set_booking_rules(
    request: Request,
    author: Author,
    session: WriteSession,
    now: Now,
    zone: ClusterZone,
    language: ChosenLanguage,
    resource_id: UUID,
    given: BookingRulesIn,
) -> Response:
    """For its owner and the office. Bookings that stand are kept, whatever changes; other terms are a new version.

    Rules that are there already are replaced by whoever read them (`If-Match` with the record's ETag).
    """
    contact = None
    if given.contact is not None:
        [contact] = await people.find_or_add_people(session, given=[given.contact], now=now)
    # As a booking does: the rules first, for a row that is booked on is locked by its key.
    await operations.hold_rules(session, resource_id=resource_id)
    resource = await operations.get_resource(session, resource_id=resource_id, held=True)
    operations.require_own(resource, author)
    if await operations.rules_of(session, resource_id=resource_id) is not None:
        require_match(request, resource.version)
    await operations.set_rules(session, resource=resource, given=given, contact=contact, zone=zone, now=now)
    [record] = await operations.records_of(session, resources=[resource], language=language)
    return record_answer(request, record, public=False)


@router.get(
    "/v1/lsos/resources/{resource_id:uuid}/contact",
    summary="Read whom the owner has told of bookings",
    response_model=AttendeeRead,
    **operation(role="partner", scope="resources:read", problems=(404,)),
)
async def get_resource_contact(
    request: Request,
    author: Author,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    resource_id: UUID,
) -> Response:
    """For the owner and the office. That somebody looked is recorded."""
    resource = await operations.get_resource(session, resource_id=resource_id)
    operations.require_own(resource, author)
    found = await operations.contact_of(session, resource=resource, now=now)
    if found is None:
        raise NotFound("Nobody is named")
    return conditional_json(request, found, public=False)
