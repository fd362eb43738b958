"""One's own part in the meetings over HTTP: JSON for programs, and what the page of the agenda sends."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from klaster_events.editions.records import record_of as edition_record
from klaster_events.my_agenda import operations
from klaster_events.my_agenda.declaring import act
from klaster_events.my_agenda.fellow_pages import fellows_page
from klaster_events.my_agenda.fellows import fellows
from klaster_events.my_agenda.forms import BY_DAY, ProfileForm
from klaster_events.my_agenda.operations import Part, steps_of
from klaster_events.my_agenda.schemas import OwnParticipation
from klaster_events.own.browsers import body_of, sent_by_form
from klaster_events.own.routes import Token, own_router
from klaster_events.pages.framing import PRIVATE, spoken, wants_page
from klaster_events.participants.listing import ORDER
from klaster_events.participants.schemas import (
    ParticipantListParameters,
    ParticipantProfile,
    ParticipantRead,
    ParticipantUpdate,
)
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor, next_link

router = own_router()
_PATH = "/v1/registration-links/{token}"
_READ = operation(role="anonymous", scope="own:read", problems=(404, 409))


def _page() -> dict[str, Any]:
    declared = operation(role="anonymous", scope="own:read", problems=(404, 409))
    declared["responses"] = {**declared["responses"], 200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
    return declared


async def _answer(request: Request, session: ReadSession, part: Part, language: Language, now: datetime) -> Response:
    rows = [(part.participant, part.own.registration)] if part.participant is not None and part.takes_part else []
    shown = await operations.shown(session, part=part, rows=rows, language=language)
    said = {
        "edition": edition_record(*part.found, language) if part.found else None,
        "participant": shown[0] if shown else None,
        "may": steps_of(part, now=now),
    }
    return conditional_json(request, said, public=False, headers=PRIVATE)


@router.get(
    f"{_PATH}/participation",
    summary="Read one's own part in the meetings",
    response_model=OwnParticipation,
    **_READ,
)
async def get_own_participation(
    request: Request, session: ReadSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """The edition with its rules, one's own profile, and what can be done now."""
    return await _answer(request, session, await operations.own_part(session, token=token), language, now)


_Said = tuple[ParticipantProfile, ParticipantUpdate | ParticipantProfile]


async def _profile(request: Request) -> _Said:
    if sent_by_form(request):
        form = await body_of(request, ProfileForm, lists=BY_DAY)
        return form.profile(), form.change()
    profile = await body_of(request, ParticipantProfile)
    return profile, profile


@router.post(
    f"{_PATH}/participation",
    summary="Take part in the meetings, or change one's profile",
    response_model=OwnParticipation,
    **act(ParticipantProfile),
)
async def save_own_participation(
    request: Request,
    said: Annotated[_Said, Depends(_profile)],
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    token: Token,
) -> Response:
    """The whole profile, each time. Others read it; the name only where `listed` says so."""
    part = await operations.take_part(session, token=token, joining=said[0], changing=said[1], now=now)
    return await _done(request, session, part, token, language, now)


@router.post(
    f"{_PATH}/participation/leave",
    summary="Take part in the meetings no more",
    response_model=OwnParticipation,
    **act(),
)
async def leave_own_participation(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """One meets nobody any more; the registration for the event stands. Twice changes nothing."""
    return await _done(request, session, await operations.leave(session, token=token, now=now), token, language, now)


async def _done(
    request: Request, session: WriteSession, part: Part, token: str, language: Language, now: datetime
) -> Response:
    if sent_by_form(request):
        return RedirectResponse(f"/v1/registration-links/{token}/agenda?lang={spoken(request)}", 303, PRIVATE)
    return await _answer(request, session, part, language, now)


@router.get(
    f"{_PATH}/participants",
    summary="List who else takes part",
    response_model=Page[ParticipantRead],
    **_page(),
)
async def list_fellow_participants(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    language: ChosenLanguage,
    token: Token,
    parameters: Annotated[ParticipantListParameters, Query()],
) -> Response:
    """In the order in which they joined, oneself among them; for whoever takes part. Names of those who said so.

    Where a browser asks, a page on which one asks them for meetings, with suggestions.
    """
    part, rows = await operations.other_participants(session, token=token, parameters=parameters, now=now)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row[0].created_at, row[0].id))
    if wants_page(request):
        spoken_here = spoken(request, part.own.registration.language)
        first = parameters.cursor is None and not parameters.kind
        seen = await fellows(
            session, part=part, rows=rows[: parameters.limit], first=first, language=spoken_here, now=now
        )
        kind = parameters.kind[0] if parameters.kind else None
        return fellows_page(request, part, seen, token=token, kind=kind, cursor=cursor)
    items = await operations.shown(session, part=part, rows=rows[: parameters.limit], language=language)
    page: dict[str, Any] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_others(session, part=part, parameters=parameters)
    return conditional_json(request, page, public=False, headers={**next_link(request, cursor), **PRIVATE})


@router.get(
    f"{_PATH}/participants/{{participant_id:uuid}}",
    summary="Read somebody else who takes part",
    response_model=ParticipantRead,
    **_READ,
)
async def get_fellow_participant(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    token: Token,
    participant_id: UUID,
) -> Response:
    """One participant, for whoever takes part."""
    part, row = await operations.other_participant(session, token=token, participant_id=participant_id, now=now)
    [record] = await operations.shown(session, part=part, rows=[row], language=language)
    return conditional_json(request, record, public=False, headers=PRIVATE)
