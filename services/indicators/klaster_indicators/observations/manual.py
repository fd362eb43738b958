"""Values that people found, as rows: one by one, or many at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.observations import repository
from klaster_indicators.observations.building import manual_row
from klaster_indicators.observations.models import Observation
from klaster_indicators.observations.operations import Name, supersede
from klaster_indicators.observations.periods import Span
from klaster_indicators.observations.reads import observation_read
from klaster_indicators.observations.schemas import ObservationCreate
from klaster_shared.changes import record_change
from klaster_shared.database import acting


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value that is to be stored, and the verified one whose place it takes."""

    given: ObservationCreate
    measure: Any
    name: Name
    span: Span
    replaces: Any | None


async def standing(session: AsyncSession, *, measure_ids: Collection[UUID], ends: Collection[date]) -> Sequence[Any]:
    """Verified values and drafts of these measures whose periods end on one of these days."""
    return await repository.standing_for(session, measure_ids, ends)


async def record_many(session: AsyncSession, *, entries: Sequence[Entry], now: datetime) -> list[UUID]:
    """Store many values; those whose place they take are superseded with the reason that each of them gives."""
    for entry in entries:
        if entry.replaces is not None:
            assert entry.given.reason is not None
            await supersede(session, row=entry.replaces, reason=entry.given.reason, name=entry.name, now=now)
    subject = acting(session).subject
    rows = [_row(entry, recorded_by=subject, now=now) for entry in entries]
    await repository.add(session, rows)
    for entry, row in zip(entries, rows, strict=True):
        read = observation_read(row, indicator=entry.name[0], measure=entry.name[1], for_office=False)
        record_change(
            session,
            kind="created",
            collection="observations",
            id=row.id,
            record=read,
            audience="office" if row.state == "draft" else "anonymous",
        )
    return [row.id for row in rows]


def _row(entry: Entry, *, recorded_by: str, now: datetime) -> Observation:
    # A reason that was given for a whole table is for the values that it restates.
    needless = entry.replaces is None and entry.given.state == "verified"
    return manual_row(
        entry.given.model_copy(update={"reason": None}) if needless else entry.given,
        measure=entry.measure,
        span=entry.span,
        replaces=entry.replaces,
        recorded_by=recorded_by,
        now=now,
    )
