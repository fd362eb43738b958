"""Many people at once over HTTP: a partner's group, and a list that the office brings in."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_events.events.operations import get_event
from klaster_events.registrations.asking import Asking, WhoAsks, checked_entities, wish_of
from klaster_events.registrations.columns import layout_of, person_of
from klaster_events.registrations.errors import NotYourPeople
from klaster_events.registrations.many import Judged, Row, read_row, register_rows
from klaster_events.registrations.schemas import GroupCreate, GroupRead, ListImportParameters, ListImportRead
from klaster_events.registrations.wishes import Origin, Wish
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router
from klaster_shared.tables import CSV, XLSX, media_of, read_table

router = api_router("registrations")


@router.post(
    "/v1/events/{event_id:uuid}/registrations/group",
    summary="Register a group of people",
    response_model=GroupRead,
    **operation(role="partner", scope="registrations:write", problems=(404, 409, 503)),
)
async def register_group(
    request: Request, given: GroupCreate, session: WriteSession, who: WhoAsks, now: Now, event_id: UUID
) -> Response:
    """Up to a hundred people, a verdict for each: who cannot be registered keeps nobody else from it.

    A partner registers people of its own entity and vouches for their addresses. Sent again it changes nothing.
    """
    rows = [read_row(number, person) for number, person in enumerate(given.people)]
    wishes = await _wishes(request, rows, who)
    judged = await register_rows(session, event_id=event_id, rows=rows, wishes=wishes, now=now)
    said = GroupRead(event_id=event_id, counts=_counts(judged), items=[_row(one) for one in judged])
    cost = {"X-Klaster-Cost": str(len(rows))}  # of a quota: as much as registering each by itself
    return conditional_json(request, said.model_dump(), public=False, headers=cost)


def _documented() -> dict[str, Any]:
    declared = operation(role="office", scope="registrations:write", problems=(400, 404, 409, 413, 415, 503))
    content = {
        CSV: {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    declared["openapi_extra"]["requestBody"] = {"required": True, "content": content}
    return declared


@router.post(
    "/v1/events/{event_id:uuid}/registrations/import",
    operation_id="import_registrations",
    summary="Bring in a list of people: CSV or spreadsheet",
    response_model=ListImportRead,
    **_documented(),
)
async def import_registrations(
    request: Request,
    session: WriteSession,
    who: WhoAsks,
    now: Now,
    event_id: UUID,
    parameters: Annotated[ListImportParameters, Query()],
) -> Response:
    """Columns name (or first and last name), email, language, entity_id, and the event's own questions by code or
    label, in Polish or English; comma or semicolon, UTF-8 or Windows-1250.

    A verdict for each row: who cannot be registered keeps nobody else from it. Sent again it changes nothing; whoever
    cancelled meanwhile stays away.
    """
    media = media_of(request.headers.get("content-type"))
    event = await get_event(session, event_id=event_id)
    questions = {question["code"]: question for question in event.questions or ()}
    table = await read_table(
        await request.body(), media, reader=request.app.state.sheets, layout=layout_of(list(questions.values()))
    )
    rows = [person_of(row, questions) for row in table]
    wishes = await _wishes(request, rows, who, origin="import")
    judged = await register_rows(
        session, event_id=event_id, rows=rows, wishes=wishes, now=now, dry_run=parameters.dry_run
    )
    said = ListImportRead(
        event_id=event_id, dry_run=parameters.dry_run, counts=_counts(judged), items=[_row(one) for one in judged]
    )
    return conditional_json(request, said.model_dump(), public=False)


async def _wishes(
    request: Request, rows: Sequence[Row], who: Asking, *, origin: Origin | None = None
) -> list[Wish | None]:
    """What the rows ask for; one that names an entity that does not exist is wrong, the others are not."""
    named = {str(place): row.given.entity_id for place, row in enumerate(rows) if row.given and row.given.entity_id}
    for place in [place for place, entity_id in named.items() if who.entity and entity_id not in who.viewer.own]:
        _refuse(rows[int(place)], NotYourPeople.code, "You do not speak for this entity")
        del named[place]
    try:
        entities = await checked_entities(request, who, named)
    except Invalid as refused:
        if not all(error["pointer"] in named for error in refused.errors):
            raise
        for error in refused.errors:
            _refuse(rows[int(error["pointer"])], error["code"], error["detail"])
            del named[error["pointer"]]
        entities = await checked_entities(request, who, named)
    return [wish_of(row.given, who, entities, origin=origin) if row.given else None for row in rows]


def _refuse(row: Row, code: str, detail: str) -> None:
    row.given, row.errors = None, [FieldError(pointer="/entity_id", code=code, detail=detail)]


def _counts(judged: Sequence[Judged]) -> dict[str, int]:
    return {
        verdict: sum(1 for one in judged if one.verdict == verdict)
        for verdict in ("registered", "unchanged", "rejected")
    }


def _row(one: Judged) -> dict[str, Any]:
    return {"row": one.row, "verdict": one.verdict, "state": one.state, "id": one.id, "errors": list(one.errors)}
