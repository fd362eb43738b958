"""Proposals over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.entities.steps.routes import AtMoment
from klaster_registry.proposals import operations
from klaster_registry.proposals.models import Proposal
from klaster_registry.proposals.repository import ORDER
from klaster_registry.proposals.schemas import AcceptIn, ProposalCreate, ProposalListParameters, ProposalRead, RejectIn
from klaster_shared.access import Principal, entity_of, may, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.records import add_history_route
from klaster_shared.routing import api_router

router = api_router("proposals")


async def _speaker(session: ReadSession, principal: Principal) -> UUID | None:
    """The entity whose proposals alone the caller sees; None for the office, which sees all."""
    if may(principal.role, "office"):
        return None
    return await operations.speaker_of(session, entity_id=entity_of(principal))


async def _answer(
    request: Request,
    session: ReadSession,
    proposal: Proposal,
    *,
    principal: Principal,
    language: Language,
    status: int = 200,
) -> Response:
    office = may(principal.role, "office")
    [record] = await operations.records_of(session, proposals=[proposal], language=language, office=office)
    location = f"/v1/proposals/{proposal.id}" if status == 201 else None
    return record_answer(request, record, status=status, location=location, public=False)


@router.get(
    "/v1/proposals",
    summary="List proposals",
    response_model=Page[ProposalRead],
    operation_id="list_proposals",
    **operation(role="partner", scope="proposals:read"),
)
async def list_proposals(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    language: ChosenLanguage,
    parameters: Annotated[ProposalListParameters, Query()],
) -> Response:
    """Newest first. The office sees all, a partner those of its own entity."""
    speaker = await _speaker(session, principal)
    rows, total = await operations.list_proposals(session, parameters=parameters, speaker=speaker)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.id,))
    items = await operations.records_of(
        session, proposals=rows[: parameters.limit], language=language, office=may(principal.role, "office")
    )
    return page_answer(request, items, cursor=cursor, total=total, public=False)


@router.post(
    "/v1/proposals",
    summary="Propose a change to what is one's own, or a new record",
    status_code=201,
    response_model=ProposalRead,
    operation_id="create_proposal",
    **operation(role="partner", scope="proposals:write", problems=(404, 409)),
)
async def create_proposal(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    moment: AtMoment,
    language: ChosenLanguage,
    given: ProposalCreate,
) -> Response:
    """`change` is what PATCH of the record would take; whatever would refuse it today refuses the proposal now.

    New projects and organisations abroad are proposed without an id, `change` being what POST takes: a partner proposes
    those in which it takes part. The answer names the id that the record gets.

    What can come between is looked at again when it is accepted: codes retired since, identifiers, relations, and
    whether the properties still say what they said.
    """
    speaker = await operations.speaker_of(session, entity_id=entity_of(principal))
    proposal = await operations.propose_change(session, given=given, speaker=speaker, moment=moment)
    return await _answer(request, session, proposal, principal=principal, language=language, status=201)


@router.get(
    "/v1/proposals/{record_id:uuid}",
    summary="Read a proposal",
    response_model=ProposalRead,
    operation_id="get_proposal",
    **operation(role="partner", scope="proposals:read", problems=(404,)),
)
async def get_proposal(
    request: Request, session: ReadSession, principal: CurrentPrincipal, language: ChosenLanguage, record_id: UUID
) -> Response:
    """One proposal, with what the record said when it was made."""
    speaker = await _speaker(session, principal)
    proposal = await operations.get_proposal(session, proposal_id=record_id, speaker=speaker)
    return await _answer(request, session, proposal, principal=principal, language=language)


@router.post(
    "/v1/proposals/{record_id:uuid}/accept",
    summary="Accept a proposal: the change is made",
    response_model=ProposalRead,
    operation_id="accept_proposal",
    **operation(role="office", scope="proposals:write", problems=(404, 409)),
)
async def accept_proposal(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    moment: AtMoment,
    language: ChosenLanguage,
    record_id: UUID,
    given: AcceptIn,
) -> Response:
    """The record's history names who proposed and who accepted.

    409 `proposal_overtaken` names the properties that say something else by now; `anyway` accepts all the same. A
    proposal about a record that was merged is about the survivor's; one about a record that is gone answers 404, and
    can be rejected.
    """
    proposal = await operations.accept_proposal(session, proposal_id=record_id, given=given, moment=moment)
    return await _answer(request, session, proposal, principal=principal, language=language)


@router.post(
    "/v1/proposals/{record_id:uuid}/reject",
    summary="Reject a proposal, saying why",
    response_model=ProposalRead,
    operation_id="reject_proposal",
    **operation(role="office", scope="proposals:write", problems=(404, 409)),
)
async def reject_proposal(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    record_id: UUID,
    given: RejectIn,
) -> Response:
    """The record stays as it is; the partner reads why."""
    proposal = await operations.reject_proposal(session, proposal_id=record_id, note=given.note, now=now)
    return await _answer(request, session, proposal, principal=principal, language=language)


@router.post(
    "/v1/proposals/{record_id:uuid}/withdraw",
    summary="Take a proposal of one's own back",
    response_model=ProposalRead,
    operation_id="withdraw_proposal",
    **operation(role="partner", scope="proposals:write", problems=(404, 409)),
)
async def withdraw_proposal(
    request: Request,
    session: WriteSession,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    record_id: UUID,
) -> Response:
    """For whoever speaks for the entity that proposed it."""
    speaker = await operations.speaker_of(session, entity_id=entity_of(principal))
    proposal = await operations.withdraw_proposal(session, proposal_id=record_id, speaker=speaker, now=now)
    return await _answer(request, session, proposal, principal=principal, language=language)


add_history_route(
    router,
    path="/v1/proposals/{record_id:uuid}",
    one="proposal",
    title="a proposal",
    collection=operations.COLLECTION,
    reader="office",
    scope="proposals",
)
