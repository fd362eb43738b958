"""Registrations over HTTP: anybody may register, the office alone sees who did."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events import operations as events
from klaster_events.people.operations import note_look
from klaster_events.registrations import lists, operations
from klaster_events.registrations.repository import ORDER
from klaster_events.registrations.schemas import (
    RegistrationCreate,
    RegistrationListParameters,
    RegistrationPlaced,
    RegistrationRead,
)
from klaster_shared.access import may, operation
from klaster_shared.dependencies import CurrentPrincipal, Now, WriteSession, database_of
from klaster_shared.errors import Problem
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("registrations")


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """A person who wants to come, and the entity they name, if any."""

    given: RegistrationCreate
    entity: Checked


async def _new(request: Request, given: RegistrationCreate) -> NewRegistration:
    """Read and checked before the transaction begins."""
    pointers = {"/entity_id": given.entity_id} if given.entity_id else {}
    entity = await check_entities(database_of(request), request.app.state.registry, pointers=pointers)
    return NewRegistration(given, entity)


@router.get(
    "/v1/events/{event_id:uuid}/registrations",
    summary="List an event's registrations",
    response_model=Page[RegistrationRead],
    **operation(role="office", scope="registrations:read", problems=(404,)),
)
async def list_registrations(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    event_id: UUID,
    parameters: Annotated[RegistrationListParameters, Query()],
) -> Response:
    """People in the order in which they registered. That somebody looked is recorded."""
    await events.get_event(session, event_id=event_id)
    rows = await lists.list_registrations(session, event_id=event_id, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.ticket,))
    items = await lists.records_of(session, registrations=rows[: parameters.limit])
    page: dict[str, object] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await lists.count_registrations(session, event_id=event_id, parameters=parameters)
    note_look(session, list_name="registrations", event_id=event_id, now=now)
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))


@router.post(
    "/v1/events/{event_id:uuid}/registrations",
    summary="Register for an event",
    status_code=201,
    response_model=RegistrationPlaced,
    **operation(role="anonymous", scope="registrations:write", problems=(404, 409, 503)),
)
async def register_for_event(
    request: Request,
    new: Annotated[NewRegistration, Depends(_new)],
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    event_id: UUID,
) -> Response:
    """Take a seat, or a place in the queue where all are taken.

    Whoever registers again keeps what they have. The office is told so (409); anybody else gets the first answer
    again, since nobody may find out like this who comes to an event.
    """
    office = may(principal.role, "office")
    wish = operations.Wish(
        person=new.given,
        origin="office" if office else "self",
        language=new.given.language,
        entity_id=new.entity.living[new.given.entity_id] if new.given.entity_id else None,
        facts=new.entity.new,
        answers=new.given.answers,
        sessions=new.given.sessions,
    )
    [placed] = await operations.register_many(session, event_id=event_id, wishes=[wish], now=now)
    if isinstance(placed, Problem):
        raise placed
    answer = RegistrationPlaced(
        event_id=event_id, state=placed.told, expires_at=placed.expires_at, id=placed.id if office else None
    )
    return conditional_json(request, answer.model_dump(), public=False, status=201)


@router.post(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}/cancel",
    summary="Cancel a registration",
    response_model=RegistrationPlaced,
    **operation(role="office", scope="registrations:write", problems=(404, 409)),
)
async def cancel_registration(
    request: Request, session: WriteSession, now: Now, event_id: UUID, registration_id: UUID
) -> Response:
    """Give the seat back; whoever waits longest takes it at once."""
    found = await operations.cancel_registration(
        session, registration_id=registration_id, event_id=event_id, by="office", now=now
    )
    answer = RegistrationPlaced(event_id=event_id, state=found.state, expires_at=None, id=found.id)
    return conditional_json(request, answer.model_dump(), public=False)
