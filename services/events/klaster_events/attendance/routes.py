"""Attendance over HTTP: sheets from the door, lists for the office, participations behind the figures."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_events.attendance import operations
from klaster_events.attendance.organising import organised_event
from klaster_events.attendance.repository import ORDER
from klaster_events.attendance.schemas import (
    AttendanceListParameters,
    AttendanceRead,
    ParticipationListParameters,
    ParticipationRead,
    SheetCreate,
    SheetRead,
)
from klaster_events.entities.checking import Checked, check_entities
from klaster_events.people.operations import note_look
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession, database_of
from klaster_shared.etags import conditional_json
from klaster_shared.pagination import Page, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("attendance")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, and the entities that its lines name."""

    given: SheetCreate
    entity: Checked


async def _checked(request: Request, given: SheetCreate) -> Sheet:
    """Read and checked before the transaction begins."""
    pointers = {
        f"/people/{number}/entity_id": line.entity_id for number, line in enumerate(given.people) if line.entity_id
    }
    entity = await check_entities(database_of(request), request.app.state.registry, pointers=pointers)
    return Sheet(given, entity)


@router.post(
    "/v1/events/{event_id:uuid}/attendance",
    summary="Record who came",
    response_model=SheetRead,
    **operation(role="partner", scope="attendance:write", problems=(404, 409, 503)),
)
async def record_attendance(
    request: Request,
    sheet: Annotated[Sheet, Depends(_checked)],
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    event_id: UUID,
) -> Response:
    """Take in a sheet of up to 500 lines: registered people and walk-ins. Sent again, it changes nothing.

    What was scanned stays: a line that says "did not come" takes no scan back.
    """
    await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    written = await operations.record_sheet(
        session, event_id=event_id, lines=sheet.given.people, entity=sheet.entity, now=now
    )
    return conditional_json(request, written.model_dump(), public=False)


@router.get(
    "/v1/events/{event_id:uuid}/attendance",
    summary="List who came to an event",
    response_model=Page[AttendanceRead],
    **operation(role="partner", scope="attendance:read", problems=(404,)),
)
async def list_attendance(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    principal: CurrentPrincipal,
    now: Now,
    event_id: UUID,
    parameters: Annotated[AttendanceListParameters, Query()],
) -> Response:
    """Who came, who did not, who is still expected; with how long, and who says so. The look is recorded.

    For the office, and for those who organise the event.
    """
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    rows = await operations.list_attendance(session, event=event, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.id,))
    items = await operations.records_of(session, event=event, lines=rows[: parameters.limit])
    page: dict[str, object] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_attendance(session, event=event, parameters=parameters)
    note_look(session, list_name="attendance", event_id=event_id, now=now)
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))


@router.get(
    "/v1/participations",
    summary="List participations, the rows behind figures of attendance",
    response_model=Page[ParticipationRead],
    **operation(role="office", scope="attendance:read"),
)
async def list_participations(
    request: Request,
    session: ReadSession,
    zone: ClusterZone,
    parameters: Annotated[ParticipationListParameters, Query()],
) -> Response:
    """One row a person and event, people as random ids. Even so it shows who was where: for the office alone."""
    rows = await operations.list_participations(session, parameters=parameters, zone=zone)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.id,))
    page: dict[str, object] = {"items": [dict(row._mapping) for row in rows[: parameters.limit]], "next": cursor}
    if parameters.count:
        found = await operations.count_participations(session, parameters=parameters, zone=zone)
        page["total"] = found.rows
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))
