"""Privacy over HTTP for the office: find a person, take out what is held, end a consent, erase."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_events.consents import operations as consents
from klaster_events.consents.routes import Purpose
from klaster_events.people.operations import note_look
from klaster_events.privacy import operations
from klaster_events.privacy.exporting import personal_data
from klaster_events.privacy.ledger import Ledger
from klaster_events.privacy.schemas import (
    ConsentHistory,
    ErasureGiven,
    ErasureRead,
    OfficeReason,
    PersonalData,
    PersonFound,
    PersonSought,
)
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, WriteSession, database_of
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("privacy")


@router.post(
    "/v1/privacy/people/find",
    summary="Find a person by address",
    response_model=PersonFound,
    **operation(role="office", scope="privacy:read", problems=(404,)),
)
async def find_person(request: Request, session: WriteSession, now: Now, given: PersonSought) -> Response:
    """For somebody who calls. The address travels in the body: URLs end up in logs. The look is recorded."""
    found = PersonFound(id=await operations.find(session, email=given.email, now=now))
    return conditional_json(request, found.model_dump(), public=False)


@router.get(
    "/v1/privacy/people/{person_id:uuid}",
    summary="Read everything that is held about a person",
    response_model=PersonalData,
    **operation(role="office", scope="privacy:read", problems=(404,)),
)
async def read_personal_data(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    person_id: UUID,
    reason: Annotated[OfficeReason, Query(description="Why; it is recorded with the look")],
) -> Response:
    """What the person's own link would show. That somebody looked is recorded, with the reason."""
    data = await personal_data(session, person_id=person_id)
    note_look(session, list_name=f"person ({reason})", person_id=person_id, now=now)
    return conditional_json(request, data, public=False)


@router.get(
    "/v1/privacy/people/{person_id:uuid}/consents",
    summary="List what a person agreed to",
    response_model=ConsentHistory,
    **operation(role="office", scope="privacy:read", problems=(404,)),
)
async def list_consents(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, person_id: UUID
) -> Response:
    """Every consent with its words, since when and until when. That somebody looked is recorded."""
    await operations.require_known(session, person_id=person_id)
    items = await consents.consents_of(session, person_id=person_id, language=language)
    note_look(session, list_name="consents", person_id=person_id, now=now)
    return conditional_json(request, {"items": items}, public=False)


@router.post(
    "/v1/privacy/people/{person_id:uuid}/consents/{purpose}/withdraw",
    summary="Take back a consent in a person's name",
    response_model=ConsentHistory,
    **operation(role="office", scope="privacy:write", problems=(404,)),
)
async def withdraw_consent(
    request: Request, session: WriteSession, now: Now, language: ChosenLanguage, person_id: UUID, purpose: Purpose
) -> Response:
    """As somebody asks for it by telephone. A second time changes nothing; figures never depend on it."""
    await operations.require_known(session, person_id=person_id)
    await consents.withdraw(session, person_id=person_id, purpose=purpose, now=now)
    items = await consents.consents_of(session, person_id=person_id, language=language)
    return conditional_json(request, {"items": items}, public=False)


async def _noted(request: Request, person_id: UUID, given: ErasureGiven, now: Now) -> ErasureGiven:
    """In the ledger before the transaction begins: whatever happens after, it is not forgotten."""
    async with database_of(request).read() as session:
        await operations.require_known(session, person_id=person_id)
    ledger: Ledger = request.app.state.ledger
    await ledger.append([person_id], at=now)
    return given


@router.post(
    "/v1/privacy/people/{person_id:uuid}/erase",
    summary="Erase a person",
    response_model=ErasureRead,
    **operation(role="office", scope="privacy:write", problems=(404, 503)),
)
async def erase_person(
    request: Request,
    given: Annotated[ErasureGiven, Depends(_noted)],
    session: WriteSession,
    now: Now,
    person_id: UUID,
) -> Response:
    """Name, address, answers and consents go for good; what they took part in stays a number.

    The change log keeps who did it, when and why, under the random id. A second time changes nothing.
    """
    await operations.erase_people(session, ids=[person_id], reason=given.reason, now=now)
    return conditional_json(request, ErasureRead(person_id=person_id, erased_at=now).model_dump(), public=False)
