"""Badges over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.attendance.organising import organised_event
from klaster_events.badges import operations
from klaster_events.badges.schemas import BadgeParameters, Badges
from klaster_events.people.operations import note_look
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Now, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router

router = api_router("registrations")
_CSV = {"text/csv": {"schema": {"type": "string"}}}
_ACCESS = operation(role="partner", scope="registrations:read", problems=(404,))
_ACCESS["responses"] = {**_ACCESS["responses"], 200: {"content": _CSV}}


@router.get(
    "/v1/events/{event_id:uuid}/badges",
    summary="Export an event's people for a badge printer",
    response_model=Badges,
    **_ACCESS,
)
async def export_badges(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    principal: CurrentPrincipal,
    now: Now,
    event_id: UUID,
    parameters: Annotated[BadgeParameters, Query()],
) -> Response:
    """Name, entity and code of everybody with a seat, and nothing else. The look is recorded.

    For the office, and for those who organise the event.
    """
    await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    badges = await operations.badges_of(session, event_id=event_id)
    note_look(session, list_name="badges", event_id=event_id, now=now)
    if parameters.format == "csv":
        headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'attachment; filename="badges.csv"'}
        return Response(operations.as_csv(badges), headers=headers, media_type="text/csv; charset=utf-8")
    return conditional_json(request, Badges(items=badges).model_dump(), public=False)
