"""Taking a signed sheet in from a file: a verdict for each row; a wrong one keeps no other from being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.columns import Row
from klaster_events.attendance.operations import registrations_by_code, write_lines
from klaster_events.attendance.schemas import SheetLine, Told
from klaster_events.entities.checking import Checked
from klaster_events.people.addresses import address_key
from klaster_shared.errors import FieldError
from klaster_shared.rehearsal import rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with what became of it; None: rejected."""

    row: Row
    told: Told | None = None
    registration_id: UUID | None = None


async def import_sheet(
    session: AsyncSession, *, event_id: UUID, rows: Sequence[Row], dry_run: bool, now: datetime
) -> tuple[int, list[Judged]]:
    """How many people came in all, and a verdict for each row; nothing stays written on a dry run.

    Raises EventNotFound or NobodyCanHaveCome.
    """
    lines = await _lines(session, event_id, rows)
    if not dry_run:
        return await _written(session, event_id, rows, lines, now)
    async with rehearsal(session):
        return await _written(session, event_id, rows, lines, now)


async def _lines(session: AsyncSession, event_id: UUID, rows: Sequence[Row]) -> dict[int, SheetLine]:
    """What the rows say, by their place; rows that say nothing get their errors here."""
    codes = {row.code for row in rows if row.code is not None}
    known = await registrations_by_code(session, event_id=event_id, codes=codes)
    lines: dict[int, SheetLine] = {}
    seen: set[object] = set()
    for place, row in enumerate(rows):
        if row.errors:
            continue
        if row.code is not None:
            if row.code not in known:
                _refuse(row, "/code", "unknown_code", "The event has no such code")
                continue
            row.given["registration_id"] = known[row.code].id
        line = SheetLine.model_validate(row.given)
        who: object = line.registration_id or (address_key(line.person.email) if line.person else None)
        if who in seen:
            _refuse(row, "/email", "duplicate", "Another row of this sheet is about the same person")
            continue
        seen.add(who)
        lines[place] = line
    return lines


def _refuse(row: Row, pointer: str, code: str, detail: str) -> None:
    row.errors.append(FieldError(pointer=pointer, code=code, detail=detail))


async def _written(
    session: AsyncSession, event_id: UUID, rows: Sequence[Row], lines: dict[int, SheetLine], now: datetime
) -> tuple[int, list[Judged]]:
    event, told = await write_lines(
        session, event_id=event_id, lines=list(lines.values()), entity=Checked(), now=now, origin="import"
    )
    verdicts = dict(zip(lines, (verdict for _, verdict in told), strict=True))
    judged = [
        Judged(
            row=row,
            told=verdicts.get(place),
            registration_id=lines[place].registration_id if place in lines else None,
        )
        for place, row in enumerate(rows)
    ]
    return event.present, judged
