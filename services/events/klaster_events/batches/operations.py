"""Rules of batches: all of one is written, or nothing, and a refusal says which item it is about."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda.operations import create_session
from klaster_events.attendance.operations import record_sheet
from klaster_events.attendance.schemas import SheetRead
from klaster_events.batches.schemas import EventBrought, EventSheet
from klaster_events.entities.checking import Checked
from klaster_events.events.models import Event
from klaster_events.events.operations import create_event, hold_event
from klaster_events.events.schemas import EventCreate
from klaster_events.people import operations as people
from klaster_shared.errors import FieldError, Problem


async def create_events(
    session: AsyncSession, *, items: Sequence[EventBrought], entity: Checked, now: datetime
) -> list[Event]:
    """Add events, each with its agenda; raises what adding one of them raises."""
    made = []
    for number, item in enumerate(items):
        with _item(number):
            given = EventCreate.model_construct(**{name: getattr(item, name) for name in EventCreate.model_fields})
            event = await create_event(session, given=given, organiser=entity, now=now)
        for place, one in enumerate(item.agenda):
            with _item(number, f"/agenda/{place}"):
                await create_session(session, event=event, given=one, entity=entity, now=now)
        made.append(event)
    return made


async def record_sheets(
    session: AsyncSession, *, items: Sequence[EventSheet], entity: Checked, now: datetime
) -> list[SheetRead]:
    """Write down who came to several events; raises what one sheet raises."""
    await _hold(session, items=items, now=now)
    read = []
    for number, item in enumerate(items):
        with _item(number):
            read.append(await record_sheet(session, event_id=item.event_id, lines=item.people, entity=entity, now=now))
    return read


async def _hold(session: AsyncSession, *, items: Sequence[EventSheet], now: datetime) -> None:
    """Take all locks of a batch in the order of a single sheet, people before events: no two wait for each other."""
    walked_in = [line.person for item in items for line in item.people if line.person is not None]
    await people.find_or_add_people(session, given=walked_in, now=now)
    for number, item in sorted(enumerate(items), key=lambda pair: pair[1].event_id):
        with _item(number):
            await hold_event(session, event_id=item.event_id)


@contextmanager
def _item(number: int, within: str = "") -> Iterator[None]:
    place = f"/items/{number}{within}"
    try:
        yield
    except Problem as problem:
        wrong = problem.errors or [FieldError(pointer="", code=problem.code, detail=problem.detail)]
        problem.errors = [{**error, "pointer": place + error["pointer"]} for error in wrong]
        raise
