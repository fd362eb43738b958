"""Participants over HTTP: for partners, who register people, and the office. Leaving stands in `leaving`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.editions.operations import Held, get_edition
from klaster_events.editions.slots import Slot
from klaster_events.participants import operations
from klaster_events.participants.errors import ParticipantNotFound
from klaster_events.participants.listing import ORDER, Found
from klaster_events.participants.schemas import (
    AvailabilityRead,
    ParticipantCreate,
    ParticipantListParameters,
    ParticipantRead,
    ParticipantUpdate,
)
from klaster_events.participants.showing import holds, reach_in, records_of, require_own
from klaster_events.people.operations import note_look
from klaster_events.registrations.asking import Asking, WhoAsks
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.errors import Invalid
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.routing import api_router

router = api_router("forum")


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/participants",
    summary="List the participants of an edition",
    response_model=Page[ParticipantRead],
    **operation(role="partner", scope="participants:read", problems=(404,)),
)
async def list_participants(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    who: WhoAsks,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
    parameters: Annotated[ParticipantListParameters, Query()],
) -> Response:
    """In the order in which they joined. A partner reads names of its own people, and of those who let others know.

    That somebody looked is recorded.
    """
    found = await get_edition(session, edition_id=edition_id, viewer=who.viewer)
    reach = await reach_in(session, found=found, viewer=who.viewer)
    if parameters.withdrawn and reach is not None:
        raise Invalid.field("query/withdrawn", "office_alone", "Who withdrew is shown to the office and the organisers")
    rows = await operations.list_participants(session, edition_id=edition_id, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row[0].created_at, row[0].id))
    total = None
    if parameters.count:
        total = await operations.count_participants(session, edition_id=edition_id, parameters=parameters)
    shown = rows[: parameters.limit]
    items = await records_of(session, found=found, rows=shown, language=language, reach=reach)
    note_look(session, list_name="participants", event_id=found[1].id, now=now)
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    "/v1/lsos/editions/{edition_id:uuid}/participants",
    summary="Let a registered person take part in the meetings",
    status_code=201,
    response_model=ParticipantRead,
    **operation(role="partner", scope="participants:write", problems=(404, 409), secret=True),
)
async def add_participant(
    request: Request,
    given: ParticipantCreate,
    session: WriteSession,
    who: WhoAsks,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
) -> Response:
    """A partner for people whom it registered, the office for everybody. Whoever withdrew comes back."""
    found = await get_edition(session, edition_id=edition_id, viewer=who.viewer, held=True)
    registration = await operations.registration_for(session, event=found[1], registration_id=given.registration)
    require_own(await reach_in(session, found=found, viewer=who.viewer), registration)
    row = await operations.join(session, found=found, registration=registration, profile=given, now=now)
    return await _answer(request, session, who, found, row, language, status=201)


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/participants/{participant_id:uuid}",
    summary="Read a participant",
    response_model=ParticipantRead,
    **operation(role="partner", scope="participants:read", problems=(404,)),
)
async def get_participant(
    request: Request,
    session: WriteSession,
    who: WhoAsks,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
    participant_id: UUID,
) -> Response:
    """One participant; that somebody looked is recorded."""
    found = await get_edition(session, edition_id=edition_id, viewer=who.viewer)
    row = await operations.get_participant(session, edition_id=edition_id, participant_id=participant_id)
    reach = await reach_in(session, found=found, viewer=who.viewer)
    if not operations.takes_part(row) and not holds(reach, row[1]):
        raise ParticipantNotFound(f"The edition has no participant {participant_id}")
    note_look(session, list_name="participants", event_id=found[1].id, person_id=row[1].person_id, now=now)
    return await _answer(request, session, who, found, row, language)


@router.patch(
    "/v1/lsos/editions/{edition_id:uuid}/participants/{participant_id:uuid}",
    summary="Change a participant's profile",
    response_model=ParticipantRead,
    **operation(role="partner", scope="participants:write", problems=(404, 409, 412, 428)),
)
async def update_participant(
    request: Request,
    given: ParticipantUpdate,
    session: WriteSession,
    who: WhoAsks,
    now: Now,
    language: ChosenLanguage,
    edition_id: UUID,
    participant_id: UUID,
) -> Response:
    """Merge the change into the profile (JSON Merge Patch)."""
    found, row = await held_own(request, session, who, edition_id, participant_id)
    await operations.change_profile(session, found=found, participant=row[0], given=given, now=now)
    return await _answer(request, session, who, found, row, language)


@router.get(
    "/v1/lsos/editions/{edition_id:uuid}/participants/{participant_id:uuid}/availability",
    summary="Read when a participant could meet",
    response_model=AvailabilityRead,
    **operation(role="partner", scope="participants:read", problems=(404,)),
)
async def get_participant_availability(
    request: Request, session: ReadSession, who: WhoAsks, edition_id: UUID, participant_id: UUID
) -> Response:
    """Every slot, and why not: unavailable, or in a session of the agenda. For whoever answers for them."""
    found = await get_edition(session, edition_id=edition_id, viewer=who.viewer)
    row = await operations.get_participant(session, edition_id=edition_id, participant_id=participant_id)
    require_own(await reach_in(session, found=found, viewer=who.viewer), row[1])
    items = availability_items(await operations.availability(session, found=found, participant=row[0]))
    return conditional_json(request, {"items": items}, public=False)


def availability_items(slots: list[tuple[Slot, str | None]]) -> list[dict[str, object]]:
    """Slots as they are told, with why one cannot be."""
    return [
        {"starts_at": slot.starts_at, "ends_at": slot.ends_at, "free": why is None, "why": why} for slot, why in slots
    ]


async def held_own(
    request: Request, session: WriteSession, who: Asking, edition_id: UUID, participant_id: UUID
) -> tuple[Held, Found]:
    """A participant whom the caller answers for, held with the edition; the version read has to be the present one."""
    found = await get_edition(session, edition_id=edition_id, viewer=who.viewer, held=True)
    row = await operations.get_participant(session, edition_id=edition_id, participant_id=participant_id, held=True)
    require_own(await reach_in(session, found=found, viewer=who.viewer), row[1])
    require_match(request, row[0].version)
    return found, row


async def _answer(
    request: Request,
    session: WriteSession,
    who: Asking,
    found: Held,
    row: Found,
    language: Language,
    status: int = 200,
) -> Response:
    reach = await reach_in(session, found=found, viewer=who.viewer)
    [record] = await records_of(session, found=found, rows=[row], language=language, reach=reach)
    location = f"/v1/lsos/editions/{found[0].id}/participants/{row[0].id}" if status == 201 else None
    return record_answer(request, record, status=status, location=location, public=False)
