"""Batches over HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response

from klaster_events.batches import operations
from klaster_events.batches.schemas import (
    EventBatch,
    EventBatchRead,
    EventBrought,
    EventMade,
    EventSheet,
    SheetBatch,
    SheetBatchRead,
)
from klaster_events.entities.checking import Checked, check_entities
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, WriteSession, database_of
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router

router = api_router("events")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Item]):
    """Items, and the entities that they name."""

    items: list[Item]
    entity: Checked


async def _check(request: Request, named: Iterable[tuple[str, UUID | None]]) -> Checked:
    """Checked before the transaction begins, each entity once however many items name it."""
    pointers = {pointer: entity for pointer, entity in named if entity is not None}
    return await check_entities(database_of(request), request.app.state.registry, pointers=pointers)


async def _events(request: Request, given: EventBatch) -> _Batch[EventBrought]:
    named = (pair for number, item in enumerate(given.items) for pair in _named(f"/items/{number}", item))
    return _Batch(given.items, await _check(request, named))


def _named(place: str, item: EventBrought) -> Iterable[tuple[str, UUID | None]]:
    yield f"{place}/organiser", item.organiser
    for number, together in enumerate(item.co_organisers):
        yield f"{place}/co_organisers/{number}", together
    for number, session in enumerate(item.agenda):
        for at, speaker in enumerate(session.speakers):
            yield f"{place}/agenda/{number}/speakers/{at}/entity_id", speaker.entity_id


async def _sheets(request: Request, given: SheetBatch) -> _Batch[EventSheet]:
    named = (
        (f"/items/{number}/people/{at}/entity_id", line.entity_id)
        for number, item in enumerate(given.items)
        for at, line in enumerate(item.people)
    )
    return _Batch(given.items, await _check(request, named))


@router.post(
    "/v1/events/batch",
    operation_id="create_events",
    summary="Add many events",
    status_code=201,
    response_model=EventBatchRead,
    **operation(role="office", scope="events:write", problems=(409, 503)),
)
async def create_events(
    request: Request, batch: Annotated[_Batch[EventBrought], Depends(_events)], session: WriteSession, now: Now
) -> Response:
    """Up to a hundred events with their agendas, all of them or none: a refusal names the item it is about."""
    made = await operations.create_events(session, items=batch.items, entity=batch.entity, now=now)
    items = [EventMade(id=one.id, source=one.source, source_key=one.source_key).model_dump() for one in made]
    return conditional_json(request, {"items": items}, status=201, public=False)


@router.post(
    "/v1/events/attendance/batch",
    operation_id="record_sheets",
    summary="Record who came to many events",
    response_model=SheetBatchRead,
    **operation(role="office", scope="attendance:write", problems=(404, 409, 503)),
)
async def record_sheets(
    request: Request, batch: Annotated[_Batch[EventSheet], Depends(_sheets)], session: WriteSession, now: Now
) -> Response:
    """Up to fifty sheets, all of them or none. Sent again, they change nothing; the answer says what each changed."""
    read = await operations.record_sheets(session, items=batch.items, entity=batch.entity, now=now)
    return conditional_json(request, {"items": [one.model_dump() for one in read]}, public=False)
