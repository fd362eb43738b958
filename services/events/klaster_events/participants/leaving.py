"""A participant leaves, over HTTP. Whoever cancels what was arranged with them hooks in here."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_events.participants import operations
from klaster_events.participants.routes import held_own
from klaster_events.participants.schemas import ParticipantRead
from klaster_events.participants.showing import reach_in, records_of
from klaster_events.registrations.asking import WhoAsks
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("forum")


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/participants/{participant_id:uuid}/withdraw",
    summary="Withdraw a participant from the meetings",
    response_model=ParticipantRead,
    **operation(role="partner", scope="participants:write", problems=(404, 412, 428), secret=True),
)
async def withdraw_participant(
    request: Request,
    session: WriteSession,
    who: WhoAsks,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
    participant_id: UUID,
) -> Response:
    """They meet nobody any more; the registration for the event stands. Twice changes nothing."""
    found, row = await held_own(request, session, who, edition_id, participant_id)
    await operations.withdraw_participant(session, participant=row[0], now=now)
    reach = await reach_in(session, found=found, viewer=who.viewer)
    [record] = await records_of(session, found=found, rows=[row], language=language, reach=reach)
    return record_answer(request, record, public=False)
