"""Scans over HTTP: what a device at the door does, and the history of it."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.organising import organised_event
from klaster_events.checkin import counting, offline, operations
from klaster_events.checkin.committing import Scanned, ScanTurns
from klaster_events.checkin.list_schemas import CountRead
from klaster_events.checkin.repository import REGISTRATION_ORDER, SCAN_ORDER
from klaster_events.checkin.revoking import revoke_code
from klaster_events.checkin.scanning import Brought, record_scans
from klaster_events.checkin.schemas import (
    BatchVerdicts,
    CodeRevoked,
    DoorPerson,
    Found,
    ScanBatch,
    ScanCreate,
    ScanListParameters,
    ScanRead,
    ScanUndo,
    ScanVerdict,
    SearchParameters,
)
from klaster_events.checkin.telling import scan_record, verdicts
from klaster_events.checkin.undoing import undo_scan
from klaster_events.events import operations as events
from klaster_events.people.operations import note_look
from klaster_shared.access import Principal, operation
from klaster_shared.database import Actor
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, WriteSession, database_of
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("checkin")
CHECKIN = "/v1/events/{event_id:uuid}/checkin"


async def _scanning(request: Request, principal: CurrentPrincipal) -> AsyncIterator[AsyncSession]:
    """A writing session that stores no first answer: they name people, and the nonce does what a key would do."""
    async with database_of(request).write(actor=_actor(principal)) as session:
        yield session


def _actor(principal: Principal) -> Actor:
    return Actor(subject=principal.subject, role=principal.role)


ScanSession = Annotated[AsyncSession, Depends(_scanning, scope="function")]


@router.post(
    CHECKIN + "/scans",
    summary="Check somebody in or out",
    response_model=ScanVerdict,
    **operation(role="device", scope="checkin:write", problems=(404, 409)),
)
async def record_scan(
    request: Request,
    given: ScanCreate,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
) -> Response:
    """A refusal is an answer like any other: it says why, and what the door should do.

    The same nonce again is the same scan: it gets the same answer, and counts once. An `Idempotency-Key` adds nothing.
    """
    turns: ScanTurns = request.app.state.scans
    verdict = await turns.ask(event_id, Scanned(Brought(given, _actor(principal), now), language))
    return conditional_json(request, verdict, public=False)


@router.post(
    CHECKIN + "/scans/batch",
    summary="Send what was scanned without a network",
    response_model=BatchVerdicts,
    **operation(role="device", scope="checkin:write", problems=(404,)),
)
async def record_scan_batch(
    request: Request,
    given: ScanBatch,
    session: ScanSession,
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
) -> Response:
    """Up to 500 scans with a verdict for each. In any order, in any parts, from several devices, sent twice: who is
    present and who is inside follows from all scans together."""
    scans = [Brought(scan, _actor(principal), now) for scan in given.scans]
    outcomes = await record_scans(session, event_id=event_id, scans=scans)
    items = await verdicts(session, outcomes=outcomes, languages=[language] * len(outcomes))
    accepted = sum(1 for item in items if item["accepted"])
    answer = {"items": items, "accepted": accepted, "refused": len(items) - accepted}
    return conditional_json(request, answer, public=False)


@router.post(
    CHECKIN + "/scans/undo",
    summary="Undo a scan",
    response_model=ScanVerdict,
    **operation(role="device", scope="checkin:write", problems=(404,)),
)
async def undo_checkin_scan(
    request: Request, given: ScanUndo, session: ScanSession, now: Now, language: ChosenLanguage, event_id: UUID
) -> Response:
    """By its nonce; a device undoes its own. It stays in history, and sent again it stays undone."""
    outcome = await undo_scan(session, event_id=event_id, given=given, now=now)
    [verdict] = await verdicts(session, outcomes=[outcome], languages=[language])
    return conditional_json(request, verdict, public=False)


@router.get(
    CHECKIN + "/scans",
    summary="Read the history of scans",
    response_model=Page[ScanRead],
    **operation(role="partner", scope="checkin:read", problems=(404,)),
)
async def list_scans(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    principal: CurrentPrincipal,
    now: Now,
    event_id: UUID,
    parameters: Annotated[ScanListParameters, Query()],
) -> Response:
    """Accepted, refused and undone, in the order in which they arrived; people as random ids. The look is recorded."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    rows = await operations.scans_page(session, event=event, parameters=parameters)
    cursor = next_cursor(rows, limit=parameters.limit, order=SCAN_ORDER, key=lambda row: (row.received_at, row.id))
    items = [scan_record(row) for row in rows[: parameters.limit]]
    page: dict[str, object] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_scans(session, event=event, parameters=parameters)
    note_look(session, list_name="scans", event_id=event_id, now=now)
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))


@router.get(
    CHECKIN + "/count",
    summary="Count who is here",
    response_model=CountRead,
    **operation(role="device", scope="checkin:read", problems=(404,)),
)
async def count_checkins(
    request: Request, session: ReadSession, principal: CurrentPrincipal, language: ChosenLanguage, event_id: UUID
) -> Response:
    """Registered, present and, list by list, inside. A device sees the lists that it was given. Ask with the ETag."""
    found = await counting.count(
        session, event_id=event_id, role=principal.role, subject=principal.subject, language=language
    )
    return conditional_json(request, found, public=False, headers={"Cache-Control": "private, no-cache"})


@router.get(
    CHECKIN + "/lists/{list_id:uuid}/people",
    summary="Fetch what a device needs without a network",
    response_model=Page[DoorPerson],
    **operation(role="device", scope="checkin:read", problems=(404,)),
)
async def list_door_people(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    event_id: UUID,
    list_id: UUID,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """Digests of codes, and names and entities of those who may come in; no addresses. The look is recorded."""
    event = await events.get_event(session, event_id=event_id)
    door = await operations.given_list(session, event=event, list_id=list_id, now=now)
    rows = await offline.registrations_page(session, door=door, cursor=parameters.cursor, limit=parameters.limit)
    cursor = next_cursor(rows, limit=parameters.limit, order=REGISTRATION_ORDER, key=lambda row: (row.id,))
    items = await offline.people_of(session, door=door, registrations=rows[: parameters.limit])
    page: dict[str, object] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await offline.count_people(session, door=door)
    note_look(session, list_name="checkin_offline", event_id=event_id, now=now)
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))


@router.get(
    CHECKIN + "/lists/{list_id:uuid}/search",
    summary="Find people of a list by name",
    response_model=Found,
    **operation(role="device", scope="checkin:read", problems=(404,)),
)
async def search_door_people(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    now: Now,
    event_id: UUID,
    list_id: UUID,
    parameters: Annotated[SearchParameters, Query()],
) -> Response:
    """For those who forgot their code: check them in by `registration_id`. The look is recorded."""
    event = await events.get_event(session, event_id=event_id)
    door = await operations.given_list(session, event=event, list_id=list_id, now=now)
    items, more = await offline.search(session, door=door, q=parameters.q)
    note_look(session, list_name="checkin_search", event_id=event_id, now=now)
    return conditional_json(request, {"items": items, "more": more}, public=False)


@router.post(
    "/v1/events/{event_id:uuid}/registrations/{registration_id:uuid}/revoke-code",
    summary="Replace the code of a registration",
    response_model=CodeRevoked,
    **operation(role="office", scope="registrations:write", problems=(404, 409)),
)
async def revoke_registration_code(
    request: Request, session: WriteSession, now: Now, event_id: UUID, registration_id: UUID
) -> Response:
    """The old code opens no door from now on; the person is sent the new one."""
    found = await revoke_code(session, event_id=event_id, registration_id=registration_id, now=now)
    answer = CodeRevoked(event_id=event_id, id=found.id, version=found.version)
    return conditional_json(request, answer.model_dump(), public=False)
