"""Rules of slots and tables: what is free for both, and taking it by hand. Plans take them in `plans`.

Whoever gives a meeting its place holds the edition: places are taken one after the other, and unique rows keep them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.models import EditionTable
from klaster_events.editions.operations import get_edition
from klaster_events.editions.rules import is_going_on
from klaster_events.meetings.errors import MeetingsClosed, SlotNotFree, WrongMeetingState
from klaster_events.meetings.grid import Grid
from klaster_events.meetings.grids import grid_of, replace_places
from klaster_events.meetings.operations import get_meeting, note
from klaster_events.meetings.parties import Met, Who
from klaster_events.meetings.records import table_named
from klaster_events.meetings.schemas import Place
from klaster_events.meetings.telling import tell_sides
from klaster_shared.errors import FieldError

_PLACED = ["state", "starts_at", "ends_at", "table", "planned_by"]


async def free_slots(session: AsyncSession, *, met: Met, now: datetime) -> list[dict[str, Any]]:
    """When both could meet as things are, and where, in the order of time."""
    return (await free_slots_of(session, mets=[met], now=now))[met.meeting.id]


async def free_slots_of(
    session: AsyncSession, *, mets: Sequence[Met], now: datetime
) -> dict[UUID, list[dict[str, Any]]]:
    """The same for meetings of one edition, which is read once."""
    if not mets:
        return {}
    edition, event = await get_edition(session, edition_id=mets[0].meeting.edition_id)
    grid = await grid_of(session, edition=edition, event=event)
    return {
        met.meeting.id: [
            {"starts_at": slot.starts_at, "ends_at": slot.ends_at, "tables": [table_named(table) for table in tables]}
            for slot, tables in grid.free_slots(met, now=now)
        ]
        for met in mets
    }


async def schedule(session: AsyncSession, *, met: Met, given: Place, now: datetime) -> Met:
    """Give an accepted meeting a slot and a table, or another one; the other side is told.

    Whoever calls holds the edition first (`hold_for_placing`), then the meeting. Raises WrongMeetingState,
    MeetingsClosed, and SlotNotFree that names all that stands in the way.
    """
    meeting = met.meeting
    if meeting.state not in {"accepted", "scheduled"}:
        raise WrongMeetingState(f"It is {meeting.state}")
    if meeting.starts_at is not None and meeting.starts_at <= now:
        raise WrongMeetingState("It has begun")
    edition, event = await get_edition(session, edition_id=meeting.edition_id)
    if not is_going_on(edition, event, now=now):
        raise MeetingsClosed(f"The edition is {edition.state}, its event {event.state}")
    grid = await grid_of(session, edition=edition, event=event)
    table = _free_table(grid, met, given, now)
    if (meeting.starts_at, meeting.table_id) == (given.starts_at, table.id):
        return met
    moved = meeting.state == "scheduled"
    [slot] = [slot for slot in grid.slots if slot.starts_at == given.starts_at]
    meeting.state, meeting.planned_by, meeting.hindrance = "scheduled", "hand", None
    meeting.starts_at, meeting.ends_at, meeting.table_id = slot.starts_at, slot.ends_at, table.id
    await replace_places(session, freed=[meeting.id], taken=[meeting])
    note(session, met, _PLACED, now)
    await tell_sides(
        session,
        met=met,
        event=event,
        kind="meeting_moved" if moved else "meeting_scheduled",
        sides=["asker", "asked"],
        now=now,
    )
    return met


def _free_table(grid: Grid, met: Met, given: Place, now: datetime) -> EditionTable:
    slot = next((slot for slot in grid.slots if slot.starts_at == given.starts_at), None)
    if slot is None:
        raise _not_free([("/starts_at", "no_slot", "No slot of the edition begins then")])
    found = [("/starts_at", code, detail) for code, detail in grid.hindrances(met, slot, now=now)]
    free = grid.free_tables(slot.starts_at, but=met.meeting.id)
    chosen = [table for table in free if given.table in (None, table.id)]
    if not chosen:
        found.append(_no_table(grid, given))
    if found:
        raise _not_free(found)
    return next((table for table in chosen if table.id == met.meeting.table_id), chosen[0])


def _no_table(grid: Grid, given: Place) -> tuple[str, str, str]:
    if given.table is None:
        return "/starts_at", "no_table", "Every table is taken then"
    table = next((one for one in grid.tables if one.id == given.table), None)
    if table is None:
        return "/table", "unknown_table", "The edition has no such table"
    if table.withdrawn_at is not None:
        return "/table", "table_withdrawn", f"Table {table.code} is not in use"
    if given.starts_at not in grid.usable[table.id]:
        return "/table", "table_closed", f"Table {table.code} cannot be used then"
    return "/table", "table_taken", f"Others sit at table {table.code} then"


def _not_free(found: Sequence[tuple[str, str, str]]) -> SlotNotFree:
    errors = [FieldError(pointer=pointer, code=code, detail=detail) for pointer, code, detail in found]
    return SlotNotFree("; ".join(detail for _pointer, _code, detail in found), errors=errors)


async def hold_for_placing(session: AsyncSession, *, meeting_id: UUID, who: Who) -> Met:
    """A meeting that is to get a place: its edition is held first, here as everywhere, then the meeting."""
    met = await get_meeting(session, meeting_id=meeting_id, who=who)
    await get_edition(session, edition_id=met.meeting.edition_id, held=True)
    return await get_meeting(session, meeting_id=meeting_id, who=who, held=True)
