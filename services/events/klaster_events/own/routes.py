"""One's own registration over HTTP. Reading changes nothing: scanners of mail follow every link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from klaster_events.calendars.building import MEDIA_TYPE, calendar_of, entry_of
from klaster_events.certificates.pages import certificate_page
from klaster_events.certificates.schemas import CertificateRead
from klaster_events.own import operations
from klaster_events.own.browsers import PageRoute, back_to_page, body_of, sent_by_form
from klaster_events.own.errors import NoCode
from klaster_events.own.operations import Own
from klaster_events.own.pages import own_page
from klaster_events.own.records import record_of
from klaster_events.own.schemas import ConsentChoice, OwnRegistration, SessionChoice, Step
from klaster_events.pages.framing import PRIVATE, spoken, wants_page
from klaster_events.registrations.qr import qr_svg
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage, Language


def own_router(tag: str = "own registration", route_class: type[PageRoute] = PageRoute) -> APIRouter:
    """A router of what a link opens: its problems are pages for browsers."""
    return APIRouter(tags=[tag], route_class=route_class, generate_unique_id_function=lambda route: route.name)


router = own_router()
Token = Annotated[str, Path(max_length=200, description="What the link that was sent ends in")]
PAGE: Mapping[str, Any] = {"text/html": {"schema": {"type": "string"}}}
_SEE_OTHER: Mapping[str, Any] = {"description": "To a browser's form: back to the page"}


def act_by_link(body: type[Any] | None = None) -> dict[str, Any]:
    """What an operation of a link declares that a browser's form may call as well."""
    # What it answers is personal: no first answer is kept for whoever repeats a key.
    declared = operation(role="anonymous", scope="own:write", problems=(404, 409, 415), secret=True)
    declared["responses"] = {**declared["responses"], 303: dict(_SEE_OTHER)}
    if body is not None:
        shape = {"schema": body.model_json_schema()}
        content = {"application/json": shape, "application/x-www-form-urlencoded": shape}
        declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared


def read_by_link(content: Mapping[str, Any]) -> dict[str, Any]:
    """What an operation of a link declares that answers with something else than JSON as well."""
    declared = operation(role="anonymous", scope="own:read", problems=(404,))
    declared["responses"] = {**declared["responses"], 200: {"content": dict(content)}}
    return declared


def _answer(request: Request, own: Own, token: str, language: Language, now: datetime) -> Response:
    if sent_by_form(request):
        return back_to_page(request, token)
    headers = {**PRIVATE, "Vary": "Accept, Accept-Language"}
    return conditional_json(request, record_of(own, language, now=now), public=False, headers=headers)


@router.get(
    "/v1/registration-links/{token}",
    summary="Read one's own registration",
    response_model=OwnRegistration,
    **read_by_link(PAGE),
)
async def get_own_registration(
    request: Request, session: ReadSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """The registration that a link was sent for: JSON, or a page where a browser asks."""
    own = await operations.own_registration(session, token=token)
    if wants_page(request):
        return own_page(request, own, token=token, now=now)
    return _answer(request, own, token, language, now)


async def _step(
    request: Request, session: WriteSession, now: datetime, language: Language, token: str, step: Step
) -> Response:
    own = await operations.take_step(session, token=token, step=step, now=now)
    return _answer(request, own, token, language, now)


@router.post(
    "/v1/registration-links/{token}/confirm",
    summary="Confirm one's address",
    response_model=OwnRegistration,
    **act_by_link(),
)
async def confirm_own_address(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """The address is one's own: a seat that is held becomes a seat for certain. Twice changes nothing."""
    return await _step(request, session, now, language, token, "confirm")


@router.post(
    "/v1/registration-links/{token}/accept",
    summary="Take the seat that is offered",
    response_model=OwnRegistration,
    **act_by_link(),
)
async def accept_own_offer(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """The seat that fell free is one's own. Twice changes nothing."""
    return await _step(request, session, now, language, token, "accept")


@router.post(
    "/v1/registration-links/{token}/decline",
    summary="Pass on the seat that is offered",
    response_model=OwnRegistration,
    **act_by_link(),
)
async def decline_own_offer(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """The seat goes to whoever is next."""
    return await _step(request, session, now, language, token, "decline")


@router.post(
    "/v1/registration-links/{token}/cancel",
    summary="Cancel one's own registration",
    response_model=OwnRegistration,
    **act_by_link(),
)
async def cancel_own_registration(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """Give the seat, or the place in the queue, back. Twice changes nothing."""
    return await _step(request, session, now, language, token, "cancel")


async def _sessions(request: Request) -> list[UUID]:
    return (await body_of(request, SessionChoice, lists=frozenset({"sessions"}))).sessions


@router.post(
    "/v1/registration-links/{token}/sessions",
    summary="Choose the sessions to be in",
    response_model=OwnRegistration,
    **act_by_link(SessionChoice),
)
async def choose_own_sessions(
    request: Request,
    chosen: Annotated[list[UUID], Depends(_sessions)],
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    token: Token,
) -> Response:
    """These sessions and no others."""
    own = await operations.choose_sessions(session, token=token, chosen=chosen, now=now)
    return _answer(request, own, token, language, now)


async def _consent(request: Request) -> ConsentChoice:
    return await body_of(request, ConsentChoice)


@router.post(
    "/v1/registration-links/{token}/consents",
    summary="Give a consent, or take it back",
    response_model=OwnRegistration,
    **act_by_link(ConsentChoice),
)
async def decide_own_consent(
    request: Request,
    choice: Annotated[ConsentChoice, Depends(_consent)],
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    token: Token,
) -> Response:
    """One purpose, in the words that were shown. What is taken back holds for everything from now on."""
    own = await operations.decide_consent(session, token=token, choice=choice, now=now)
    return _answer(request, own, token, language, now)


@router.get(
    "/v1/registration-links/{token}/calendar.ics",
    summary="Take the event into one's calendar",
    response_class=Response,
    **read_by_link({MEDIA_TYPE: {"schema": {"type": "string"}}}),
)
async def get_own_calendar_entry(
    request: Request, session: ReadSession, now: Now, _language: ChosenLanguage, token: Token
) -> Response:
    """The event as iCalendar, under the name that every other calendar of ours gives it."""
    own = await operations.own_registration(session, token=token)
    public_url: str = request.app.state.settings.public_url
    entry = entry_of(
        own.event,
        language=spoken(request, own.registration.language),
        now=now,
        url=f"{public_url}/v1/registration-links/{token}",
        online_url=own.online_url,
        cancelled=own.registration.state in {"cancelled", "declined"},
        held=not own.is_confirmed,
    )
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="event.ics"'}
    return Response(calendar_of([entry]), headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")


@router.get(
    "/v1/registration-links/{token}/qr.svg",
    summary="Show the code for the door as a picture",
    response_class=Response,
    **read_by_link({"image/svg+xml": {"schema": {"type": "string"}}}),
)
async def get_own_code(session: ReadSession, token: Token) -> Response:
    """The code that the door reads, where there is a seat for certain."""
    own = await operations.own_registration(session, token=token)
    if own.code is None:
        raise NoCode(f"The registration is {own.registration.state}, the event {own.event.state}")
    return Response(qr_svg(own.code), headers=PRIVATE, media_type="image/svg+xml")


@router.get(
    "/v1/registration-links/{token}/certificate",
    summary="Read or print one's own certificate",
    response_model=CertificateRead,
    **read_by_link(PAGE),
)
async def get_own_certificate(
    request: Request, session: ReadSession, language: ChosenLanguage, token: Token
) -> Response:
    """The certificate of whoever came, once it was issued; a page to print where a browser asks."""
    if wants_page(request):
        shown = spoken(request)
        return certificate_page(await operations.own_certificate(session, token=token, language=shown), shown)
    record = await operations.own_certificate(session, token=token, language=language)
    return conditional_json(request, record, public=False, headers=PRIVATE)
