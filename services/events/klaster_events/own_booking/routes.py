"""One's own booking over HTTP. Reading changes nothing: scanners of mail follow every link."""

from datetime import datetime

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from klaster_events.bookings.operations import Held
from klaster_events.own.browsers import PageRoute, sent_by_form
from klaster_events.own.routes import PAGE, Token, act_by_link, own_router, read_by_link
from klaster_events.own_booking import operations
from klaster_events.own_booking.pages import booking_page, booking_problem_page, path_of
from klaster_events.own_booking.schemas import OwnBooking
from klaster_events.pages.framing import PRIVATE, spoken, wants_page
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.errors import Problem
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage, Language


class _BookingRoute(PageRoute):
    def shown_as(self, request: Request, problem: Problem) -> Response:
        return booking_problem_page(request, problem)


router = own_router("own booking", _BookingRoute)


async def _answer(
    request: Request, session: ReadSession | WriteSession, held: Held, language: Language, now: datetime
) -> Response:
    zone: str = request.app.state.settings.zone
    record = await operations.in_full(session, held=held, zone=zone, language=language, now=now)
    return conditional_json(request, record, public=False, headers={**PRIVATE, "Vary": "Accept, Accept-Language"})


@router.get(
    "/v1/booking-links/{token}",
    summary="Read one's own booking",
    response_model=OwnBooking,
    **read_by_link(PAGE),
)
async def get_own_booking(
    request: Request, session: ReadSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """The booking that a link was sent for: JSON, or a page where a browser asks."""
    held = await operations.own_booking(session, token=token)
    if not wants_page(request):
        return await _answer(request, session, held, language, now)
    shown, zone = spoken(request, held[0].language), request.app.state.settings.zone
    record = await operations.in_full(session, held=held, zone=zone, language=shown, now=now)
    return booking_page(record, shown, token=token)


@router.post(
    "/v1/booking-links/{token}/cancel",
    summary="Cancel one's own booking",
    response_model=OwnBooking,
    **act_by_link(),
)
async def cancel_own_booking(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, token: Token
) -> Response:
    """Until it begins. Its time is free again, and the owner is told. Twice changes nothing."""
    held = await operations.cancel(session, token=token, now=now)
    if sent_by_form(request):
        return RedirectResponse(f"{path_of(token)}?lang={spoken(request, held[0].language)}", 303, PRIVATE)
    return await _answer(request, session, held, language, now)
