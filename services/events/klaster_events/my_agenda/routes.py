"""One's own agenda over HTTP: JSON, a page where a browser asks, and a calendar to subscribe to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from klaster_events.calendars.building import MEDIA_TYPE
from klaster_events.my_agenda.agenda import Agenda, own_agenda
from klaster_events.my_agenda.calendar import agenda_calendar
from klaster_events.my_agenda.lines import record_of
from klaster_events.my_agenda.meetings import own_meetings
from klaster_events.my_agenda.pages import agenda_page
from klaster_events.my_agenda.schemas import OwnAgenda
from klaster_events.own.records import event_of
from klaster_events.own.routes import Token, own_router
from klaster_events.pages.framing import PRIVATE, spoken, wants_page
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage, Language

router = own_router()
_PATH = "/v1/registration-links/{token}"


def _read(content: Mapping[str, Any]) -> dict[str, Any]:
    declared = operation(role="anonymous", scope="own:read", problems=(404,))
    declared["responses"] = {**declared["responses"], 200: {"content": dict(content)}}
    return declared


@router.get(
    f"{_PATH}/agenda",
    summary="Read one's own agenda",
    response_model=OwnAgenda,
    **_read({"text/html": {"schema": {"type": "string"}}}),
)
async def get_own_agenda(
    request: Request, session: ReadSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """Sessions, meetings and bookings in the order of time; a page where a browser asks, with one's own
    profile, and with what can be done with each meeting."""
    agenda = await own_agenda(session, token=token, now=now)
    if wants_page(request):
        meetings = await own_meetings(session, part=agenda.part, now=now)
        return agenda_page(request, agenda, meetings, token=token, now=now)
    return _answer(request, agenda, token, language, now)


def _answer(request: Request, agenda: Agenda, token: str, language: Language, now: datetime) -> Response:
    own = agenda.part.own
    said = {
        "registration_id": own.registration.id,
        "name": own.name,
        "event": event_of(own, language),
        "items": [record_of(line, language) for line in agenda.lines],
        "calendar": f"/v1/registration-links/{token}/agenda.ics",
    }
    return conditional_json(request, said, public=False, headers={**PRIVATE, "Vary": "Accept, Accept-Language"})


@router.get(
    f"{_PATH}/agenda.ics",
    summary="Take one's own agenda into one's calendar",
    response_class=Response,
    **_read({MEDIA_TYPE: {"schema": {"type": "string"}}}),
)
async def get_own_agenda_calendar(
    request: Request, session: ReadSession, now: Now, _language: ChosenLanguage, token: Token
) -> Response:
    """The event and everything that one does there, to subscribe to. The link is the key; no cache keeps it.

    In the language of `lang`, else of the registration.
    """
    agenda = await own_agenda(session, token=token, now=now)
    public_url: str = request.app.state.settings.public_url
    language = spoken(request, agenda.part.own.registration.language)
    url = f"{public_url}/v1/registration-links/{token}/agenda"
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="agenda.ics"'}
    body = agenda_calendar(agenda, language=language, now=now, url=url)
    return Response(body, headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")
