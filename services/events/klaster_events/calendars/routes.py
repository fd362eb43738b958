"""Calendars and the feed of new events over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request
from fastapi.responses import Response

from klaster_events.calendars import operations
from klaster_events.calendars.atom import MEDIA_TYPE as ATOM
from klaster_events.calendars.atom import feed_of
from klaster_events.calendars.building import MEDIA_TYPE as ICALENDAR
from klaster_events.calendars.languages import spoken
from klaster_events.calendars.schemas import CalendarParameters
from klaster_events.events import operations as events
from klaster_events.events.looking import Looking
from klaster_events.events.schemas import EventFilters
from klaster_events.zones import ClusterZone
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today
from klaster_shared.etags import VARY, content_etag, is_unchanged
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("calendars")
_NEWEST = 50  # what a feed reader that looks once a month has missed
_PUBLIC, _PRIVATE = "public, no-cache", "private, no-cache"


def _answers_with(media_type: str, description: str, declared: dict[str, Any]) -> dict[str, Any]:
    good = {200: {"description": description, "content": {media_type: {"schema": {"type": "string"}}}}}
    return {**declared, "responses": {**declared["responses"], **good}}


def _document(
    request: Request, body: bytes, media_type: str, *, cache: str, language: str, filename: str | None = None
) -> Response:
    """A document with its ETag, or 304 where the caller has it already."""
    headers = {"ETag": content_etag(body), "Cache-Control": cache, "Vary": VARY, "Content-Language": language}
    if is_unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if filename is not None:
        headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return Response(body, headers=headers, media_type=f"{media_type}; charset=utf-8")


def _public_url(request: Request) -> str:
    url: str = request.app.state.settings.public_url
    return url


@router.get(
    "/v1/events.ics",
    summary="Events as a calendar to subscribe to",
    response_class=Response,
    **_answers_with(ICALENDAR, "The calendar (RFC 5545)", operation(role="anonymous", scope="events:read")),
)
async def get_events_calendar(
    request: Request,
    session: ReadSession,
    viewer: Looking,
    today: Today,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[CalendarParameters, Query()],
) -> Response:
    """Filters as in the list of events; where they name no day, the last three months and all that comes.

    At most the last 500 events; cancelled and postponed ones say so.
    """
    body = await operations.events_calendar(
        session,
        parameters=parameters,
        viewer=viewer,
        language=spoken(language),
        zone=zone,
        today=today,
        public_url=_public_url(request),
    )
    cache = _PRIVATE if viewer.sees_more else _PUBLIC
    return _document(request, body, ICALENDAR, cache=cache, language=spoken(language), filename="events.ics")


@router.get(
    "/v1/events.atom",
    summary="Newly published events, as a feed",
    response_class=Response,
    **_answers_with(ATOM, "The feed (RFC 4287)", operation(role="anonymous", scope="events:read")),
)
async def get_events_feed(
    request: Request,
    session: ReadSession,
    zone: ClusterZone,
    language: ChosenLanguage,
    parameters: Annotated[EventFilters, Query()],
) -> Response:
    """The fifty events that were published for everybody last; filters as in the list of events."""
    found = await events.newest_events(session, parameters=parameters, zone=zone, limit=_NEWEST)
    described = await operations.describe(session, found=found)
    body = feed_of(described, language=spoken(language), public_url=_public_url(request), query=str(request.url.query))
    return _document(request, body, ATOM, cache=_PUBLIC, language=spoken(language))


@router.get(
    "/v1/events/{event_id:uuid}.ics",
    summary="An event as a calendar's entry",
    response_class=Response,
    **_answers_with(
        ICALENDAR, "The entry (RFC 5545)", operation(role="anonymous", scope="events:read", problems=(404,))
    ),
)
async def get_event_calendar(
    request: Request, session: ReadSession, viewer: Looking, language: ChosenLanguage, event_id: UUID
) -> Response:
    """One event with its agenda, for whoever may see it. Where to join online, registered people are told elsewhere."""
    body = await operations.event_calendar(
        session, event_id=event_id, viewer=viewer, language=spoken(language), public_url=_public_url(request)
    )
    cache = _PRIVATE if viewer.sees_more else _PUBLIC
    return _document(request, body, ICALENDAR, cache=cache, language=spoken(language), filename=f"{event_id}.ics")


@router.get(
    "/v1/calendars/{token}.ics",
    summary="What one person is registered for, as a calendar to subscribe to",
    response_class=Response,
    **_answers_with(
        ICALENDAR, "The calendar (RFC 5545)", operation(role="anonymous", scope="events:read", problems=(404,))
    ),
)
async def get_personal_calendar(
    request: Request,
    session: ReadSession,
    now: Now,
    language: ChosenLanguage,
    token: Annotated[str, Path(max_length=200, examples=["AZMAAAAAcACAAAAAAAAAAQ.aBcD"])],
) -> Response:
    """The link is the key: it is handed to the person alone, in the page of their registration. No cache keeps it."""
    asked = request.query_params.get("lang")
    body, own = await operations.personal_calendar(
        session, token=token, asked=asked, otherwise=language, now=now, public_url=_public_url(request)
    )
    return _document(request, body, ICALENDAR, cache="private, no-store", language=own, filename="events.ics")
