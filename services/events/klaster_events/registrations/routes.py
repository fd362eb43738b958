"""Registrations over HTTP: anybody may register; the office, and whoever organises the event, see who did."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.events import operations as events
from klaster_events.people.operations import note_look
from klaster_events.registrations import lists
from klaster_events.registrations.asking import Asking, WhoAsks, asking, read_wish
from klaster_events.registrations.committing import Asked, RegistrationTurns
from klaster_events.registrations.errors import RegistrationNotFound
from klaster_events.registrations.operations import Placed
from klaster_events.registrations.repository import ORDER
from klaster_events.registrations.schemas import (
    RegistrationCreate,
    RegistrationListParameters,
    RegistrationPlaced,
    RegistrationRead,
)
from klaster_shared.access import operation, principal_of
from klaster_shared.dependencies import Now, WriteSession, clock
from klaster_shared.etags import conditional_json
from klaster_shared.idempotency import key_of
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("registrations")


@router.post(
    "/v1/events/{event_id:uuid}/registrations",
    summary="Register for an event",
    status_code=201,
    response_model=RegistrationPlaced,
    **operation(role="anonymous", scope="registrations:write", problems=(404, 409, 503)),
)
async def register_for_event(request: Request, given: RegistrationCreate, event_id: UUID) -> Response:
    """Take a seat, or a place in the queue where all are taken.

    Whoever registers itself is sent a link to confirm the address by, until `expires_at`; the office and partners
    vouch for theirs. Whoever registers again keeps what they have. Who vouches is told so (409); anybody else is
    answered as somebody new would be, since nobody may find out like this who comes to an event.
    """
    # Asked for by hand: sixteen dependencies of this route cost more than all that it writes to the database.
    principal = await principal_of(request)
    who = await asking(request, principal)
    wish = await read_wish(request, given, who)
    turns: RegistrationTurns = request.app.state.registrations

    def answer(placed: Placed) -> Response:
        return _placed(request, placed, who)

    asked = Asked(wish=wish, keyed=await key_of(request, principal), now=await clock(request), answer=answer)
    return await turns.ask(event_id, asked)


def _placed(request: Request, placed: Placed, who: Asking) -> Response:
    said = {
        "event_id": placed.event_id,
        "state": placed.told,
        "expires_at": placed.expires_at,
        "id": placed.id if who.is_told_more else None,
    }
    return conditional_json(request, said, public=False, status=201)


@router.get(
    "/v1/events/{event_id:uuid}/registrations",
    summary="List an event's registrations",
    response_model=Page[RegistrationRead],
    **operation(role="partner", scope="registrations:read", problems=(404,)),
)
async def list_registrations(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    who: WhoAsks,
    now: Now,
    event_id: UUID,
    parameters: Annotated[RegistrationListParameters, Query()],
) -> Response:
    """People in the order in which they registered; of others' events a partner sees those it registered itself.

    That somebody looked is recorded.
    """
    event = await events.get_event(session, event_id=event_id, viewer=who.viewer)
    own = await lists.reach_of(session, event=event, viewer=who.viewer)
    rows = await lists.list_registrations(session, event_id=event_id, parameters=parameters, own=own)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.ticket,))
    items = await lists.records_of(session, registrations=rows[: parameters.limit])
    page: dict[str, object] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await lists.count_registrations(session, event_id=event_id, parameters=parameters, own=own)
    note_look(session, list_name="registrations", event_id=event_id, now=now)
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))


@router.get(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}",
    summary="Read a registration",
    response_model=RegistrationRead,
    **operation(role="partner", scope="registrations:read", problems=(404,)),
)
async def get_registration(
    request: Request, session: WriteSession, who: WhoAsks, now: Now, event_id: UUID, registration_id: UUID
) -> Response:
    """One person's registration, with answers and sessions. That somebody looked is recorded."""
    event = await events.get_event(session, event_id=event_id, viewer=who.viewer)
    own = await lists.reach_of(session, event=event, viewer=who.viewer)
    found = await lists.one_registration(session, event_id=event_id, registration_id=registration_id)
    if own is not None and not own.holds(found.origin, found.entity_id):
        raise RegistrationNotFound(f"The event has no registration {registration_id} of yours")
    [record] = await lists.records_of(session, registrations=[found])
    note_look(session, list_name="registrations", event_id=event_id, person_id=found.person_id, now=now)
    return conditional_json(request, record, public=False)
