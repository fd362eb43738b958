"""Introductions over HTTP: for whoever answers for a participant, and for participants themselves by their link."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.editions.operations import Held, get_edition
from klaster_events.introductions import operations
from klaster_events.introductions.repository import Found
from klaster_events.introductions.schemas import IntroductionParameters, Introductions
from klaster_events.meetings.operations import own_party
from klaster_events.meetings.speaking import Registered
from klaster_events.participants.errors import ParticipantNotFound
from klaster_events.participants.operations import get_participant, takes_part
from klaster_events.participants.showing import reach_in, records_of, require_own
from klaster_events.people.operations import note_look
from klaster_events.registrations.asking import WhoAsks
from klaster_events.registrations.wishes import NOBODY, Own
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.routing import api_router

router = api_router("forum")
Parameters = Annotated[IntroductionParameters, Query()]


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/participants/{participant_id:uuid}/suggestions",
    summary="Suggest whom a participant should meet",
    response_model=Introductions,
    **operation(role="partner", scope="participants:read", problems=(404,)),
)
async def list_introductions(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    who: WhoAsks,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
    participant_id: UUID,
    parameters: Parameters,
) -> Response:
    """People to ask, the best first, each with the reasons that speak for it; named where they let others know.

    Never of competitors, nor across an agreement that was refused, nor those with whom no time or language is shared.
    """
    edition = await get_edition(session, edition_id=edition_id, viewer=who.viewer)
    participant = await get_participant(session, edition_id=edition_id, participant_id=participant_id)
    reach = await reach_in(session, found=edition, viewer=who.viewer)
    require_own(reach, participant[1])
    return await _answer(request, session, edition, participant, reach, parameters.limit, language, now)


@router.get(
    "/v1/registration-links/{token}/suggestions",
    summary="Suggest whom to meet oneself",
    response_model=Introductions,
    **operation(role="anonymous", scope="own:read", problems=(404,)),
)
async def list_own_introductions(
    request: Request,
    session: WriteSession,
    registration: Registered,
    now: Now,
    language: ChosenLanguage,
    parameters: Parameters,
) -> Response:
    """People to ask for a meeting, the best first, each with the reasons that speak for it."""
    party = await own_party(session, registration_id=registration)
    edition = await get_edition(session, edition_id=party.participant.edition_id)
    participant = (party.participant, party.registration)
    return await _answer(request, session, edition, participant, NOBODY, parameters.limit, language, now)


async def _answer(
    request: Request,
    session: WriteSession,
    edition: Held,
    participant: Found,
    reach: Own | None,
    limit: int,
    language: Language,
    now: datetime,
) -> Response:
    if not takes_part(participant):
        raise ParticipantNotFound("They take no part any more")
    found = await operations.introductions_for(session, edition=edition, participant=participant, limit=limit)
    rows = [one.found for one in found]
    records = await records_of(session, found=edition, rows=rows, language=language, reach=reach)
    note_look(session, list_name="participants", event_id=edition[1].id, now=now)
    items = operations.answers_of(found, records, language=language)
    return conditional_json(request, {"items": items}, public=False, headers={"Cache-Control": "private, no-store"})
