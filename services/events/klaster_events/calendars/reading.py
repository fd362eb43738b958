"""Reading one event over HTTP. It stands here, not with events: it shows the agenda, and speaks JSON-LD."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request
from fastapi.responses import Response
from pydantic_core import to_json

from klaster_events.agenda.operations import records_of, sessions_of
from klaster_events.calendars.linked_data import MEDIA_TYPE as JSONLD
from klaster_events.calendars.linked_data import linked_event
from klaster_events.calendars.operations import describe
from klaster_events.calendars.schemas import EventParameters, EventShown, Form
from klaster_events.events import operations as events
from klaster_events.events.looking import Looking, shown_to
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import ReadSession
from klaster_shared.etags import VARY, content_etag, is_unchanged
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("events")


def _documented() -> dict[str, Any]:
    declared = operation(role="anonymous", scope="events:read", problems=(404,))
    declared["responses"][200] = {"content": {JSONLD: {"schema": {"type": "object"}}}}
    return declared


@router.get("/v1/events/{event_id:uuid}", summary="Read an event", response_model=EventShown, **_documented())
async def get_event(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    language: ChosenLanguage,
    event_id: UUID,
    parameters: Annotated[EventParameters, Query()],
    accept: Annotated[
        str | None, Header(max_length=1000, description="The form, where `format` does not say it")
    ] = None,
) -> Response:
    """One event with its numbers of people, to whoever may see it; also as schema.org's Event."""
    event = await events.get_event(session, event_id=event_id, viewer=viewer)
    if _form(parameters, accept) == "jsonld":
        [described] = await describe(session, found=[event])
        url: str = request.app.state.settings.public_url
        response = _linked(request, linked_event(described, language=language, public_url=url))
        return _varied(shown_to(viewer, response))
    [record] = await events.records_of(session, events=[event], language=language, viewer=viewer)
    if "sessions" not in parameters.include:
        return _varied(shown_to(viewer, record_answer(request, record)))
    agenda = (await sessions_of(session, event_ids=[event_id])).get(event_id, [])
    record["sessions"] = await records_of(session, sessions=agenda, language=language)
    return _varied(record_answer(request, record, public=False))


def _form(parameters: EventParameters, accept: str | None) -> Form:
    """The form asked for; of several that the header names, the first that there is."""
    if parameters.format is not None:
        return parameters.format
    wanted = [item.split(";")[0].strip().lower() for item in (accept or "").split(",")]
    known: dict[str, Form] = {JSONLD: "jsonld", "application/json": "json", "*/*": "json"}
    return next((known[media] for media in wanted if media in known), "json")


def _linked(request: Request, document: dict[str, Any]) -> Response:
    body = to_json(document)
    headers = {"ETag": content_etag(body), "Cache-Control": "public, no-cache"}
    if is_unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSONLD)


def _varied(response: Response) -> Response:
    response.headers["Vary"] = f"Accept, {VARY}"
    return response
