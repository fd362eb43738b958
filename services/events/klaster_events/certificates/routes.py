"""Certificates over HTTP: for the office, and for those who organise the event."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.attendance.organising import organised_event
from klaster_events.certificates import operations
from klaster_events.certificates.pages import certificate_page, reads_pages
from klaster_events.certificates.repository import ORDER
from klaster_events.certificates.schemas import CertificateRead, CertificatesIssued
from klaster_events.people.operations import note_look
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Now, Today, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("certificates")
CERTIFICATES = "/v1/events/{event_id:uuid}/certificates"


@router.post(
    CERTIFICATES,
    summary="Issue certificates to all who were present",
    response_model=CertificatesIssued,
    **operation(role="partner", scope="certificates:write", problems=(404, 409)),
)
async def issue_certificates(
    request: Request, session: WriteSession, principal: CurrentPrincipal, now: Now, today: Today, event_id: UUID
) -> Response:
    """Of a completed event. Whoever has one keeps it: sent again, it adds those who were written down since."""
    await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    issued = await operations.issue_certificates(session, event_id=event_id, year=today.year, now=now)
    return conditional_json(request, issued.model_dump(), public=False)


@router.get(
    CERTIFICATES,
    summary="List the certificates of an event",
    response_model=Page[CertificateRead],
    **operation(role="partner", scope="certificates:read", problems=(404,)),
)
async def list_certificates(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    parameters: Annotated[PageParameters, Query()],
) -> Response:
    """By number: who, what, for how long. The look is recorded."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    rows = await operations.list_certificates(session, event=event, cursor=parameters.cursor, limit=parameters.limit)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.certificate_number,))
    items = await operations.records_of(session, event=event, rows=rows[: parameters.limit], language=language)
    page: dict[str, object] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_certificates(session, event=event)
    note_look(session, list_name="certificates", event_id=event_id, now=now)
    return conditional_json(request, page, public=False, headers=next_link(request, cursor))


def _documented() -> dict[str, Any]:
    declared = operation(role="partner", scope="certificates:read", problems=(404,))
    declared["responses"][200] = {"content": {"text/html": {"schema": {"type": "string"}}}}
    return declared


@router.get(
    CERTIFICATES + "/{certificate_id:uuid}",
    summary="Read or print a certificate",
    response_model=CertificateRead,
    **_documented(),
)
async def get_certificate(
    request: Request,
    session: WriteSession,  # who looks at people is written down
    principal: CurrentPrincipal,
    now: Now,
    language: ChosenLanguage,
    event_id: UUID,
    certificate_id: UUID,
) -> Response:
    """One certificate; for `Accept: text/html` as a page to print. The look is recorded."""
    event = await organised_event(session, event_id=event_id, role=principal.role, entity=principal.entity)
    row = await operations.get_certificate(session, event=event, certificate_id=certificate_id)
    note_look(session, list_name="certificates", event_id=event_id, person_id=row.person_id, now=now)
    if reads_pages(request):
        chosen = "en" if language == "all" else language
        [record] = await operations.records_of(session, event=event, rows=[row], language=chosen)
        return certificate_page(record, chosen)
    [record] = await operations.records_of(session, event=event, rows=[row], language=language)
    return conditional_json(request, record, public=False)
