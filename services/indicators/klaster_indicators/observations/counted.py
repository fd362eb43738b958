"""Storing what live figures counted: the same again only moves the time of the check, another value restates."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.targets import plain
from klaster_indicators.observations import repository
from klaster_indicators.observations.models import FigureDefinition, Observation
from klaster_indicators.observations.operations import supersede
from klaster_indicators.observations.periods import Span
from klaster_indicators.observations.reads import observation_read
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label

Names = dict[UUID, tuple[str, str]]
"""Indicator and measure code of a measure's id, for the change log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a figure counted for a measure on a day or in a period; no value where it cannot be counted."""

    measure_id: UUID
    span: Span
    value: Decimal | None
    reason: str | None
    unit: str
    source: str
    figure: str
    definition: Label
    rows: str | None
    demonstration: int
    pulled_at: datetime

    @property
    def key(self) -> tuple[UUID, str, date, date]:
        return self.measure_id, self.span.period, self.span.starts_on, self.span.ends_on

    @property
    def fingerprint(self) -> str:
        text = f"{self.definition.pl}\x00{self.definition.en}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(slots=True)
class Tally:
    """What storing did."""

    created: int = 0
    unchanged: int = 0
    restated: int = 0
    withdrawn: int = 0
    kept_by_hand: int = 0
    touched: list[UUID] = field(default_factory=list)


async def store_counted(session: AsyncSession, *, counted: Collection[Counted], names: Names, now: datetime) -> Tally:
    """Store what figures counted, and log what changed.

    A value verified by hand is never replaced by a counted one. Where a figure can no longer be counted, what it
    once counted for that period is withdrawn.
    """
    tally = Tally()
    known = await _verified(session, counted)
    definitions = await _definition_ids(session, counted, now=now)
    fresh: list[tuple[Counted, Any | None]] = []
    for item in counted:
        before = known.get(item.key)
        if await _is_settled(session, item, before, tally, names=names, now=now):
            continue
        if before is not None:
            await supersede(session, row=before, reason=_why(item, before), name=names[item.measure_id], now=now)
        fresh.append((item, before))
    await repository.touch(session, tally.touched, now=now)
    await _add(session, fresh, definitions=definitions, names=names, now=now)
    tally.created = sum(before is None for _, before in fresh)
    tally.restated = len(fresh) - tally.created
    return tally


async def _verified(session: AsyncSession, counted: Collection[Counted]) -> dict[tuple[UUID, str, date, date], Any]:
    measure_ids = {item.measure_id for item in counted}
    rows = await repository.verified_for(session, measure_ids, {item.span.ends_on for item in counted})
    return {(row.measure_id, row.period, row.starts_on, row.ends_on): row for row in rows}


async def _definition_ids(
    session: AsyncSession, counted: Iterable[Counted], *, now: datetime
) -> dict[tuple[str, str], UUID]:
    known = await repository.figure_definitions(session)
    new = {}
    for item in counted:
        key = (item.figure, item.fingerprint)
        if item.value is not None and key not in known:
            new[key] = FigureDefinition(
                id=new_id(),
                figure=item.figure,
                fingerprint=item.fingerprint,
                definition_pl=item.definition.pl,
                definition_en=item.definition.en,
                first_seen_at=now,
            )
            known[key] = new[key].id
    await repository.add(session, new.values())
    return known


async def _is_settled(
    session: AsyncSession, item: Counted, before: Any | None, tally: Tally, *, names: Names, now: datetime
) -> bool:
    """Whether nothing new is to be stored for this period."""
    if before is not None and before.origin == "manual":
        tally.kept_by_hand += 1
        return True
    if item.value is None:
        if before is not None:
            reason = both(
                f"{item.figure} nie da się już policzyć", f"{item.figure} cannot be counted any more: {item.reason}"
            )
            await supersede(session, row=before, reason=reason, name=names[item.measure_id], now=now)
            tally.withdrawn += 1
        return True
    if before is not None and _same(item, before):
        tally.unchanged += 1
        tally.touched.append(before.id)
        return True
    return False


def _same(item: Counted, before: Any) -> bool:
    return (item.value, item.span.complete, item.unit, item.rows, item.demonstration, item.figure) == (
        before.value,
        before.complete,
        before.unit,
        before.rows,
        before.demonstration,
        before.figure,
    ) and (item.definition.pl, item.definition.en) == (before.definition_pl, before.definition_en)


def _why(item: Counted, before: Any) -> str:
    """Why a value takes the place of another, in both languages: it is stored, and read by whoever looks back."""
    if item.figure != before.figure:
        return both(
            f"liczy to {item.figure} zamiast {before.figure}", f"counted by {item.figure} instead of {before.figure}"
        )
    if (item.definition.pl, item.definition.en) != (before.definition_pl, before.definition_en):
        return both(f"zmieniła się definicja {item.figure}", f"{item.figure} changed its definition")
    if item.span.complete and not before.complete:
        return both("okres się zakończył", "the period is complete")
    if item.value != before.value:
        now, then = plain(item.value or Decimal(0)), plain(before.value or Decimal(0))
        return both(f"policzono ponownie: {now}, wcześniej {then}", f"counted anew: {now}, {then} before")
    return both("policzono ponownie: ta sama wartość z innych wierszy", "counted anew: the same value from other rows")


def both(pl: str, en: str) -> str:
    """A sentence of ours that is stored once: people write theirs in the language that they speak."""
    return f"{pl} · {en}"


async def _add(
    session: AsyncSession,
    fresh: Iterable[tuple[Counted, Any | None]],
    *,
    definitions: dict[tuple[str, str], UUID],
    names: Names,
    now: datetime,
) -> None:
    rows = [_row(item, before, definitions[item.figure, item.fingerprint], session, now) for item, before in fresh]
    await repository.add(session, [row for row, _ in rows])
    for row, definition in rows:
        _log(session, row, definition, names[row.measure_id])


def _row(
    item: Counted, before: Any | None, definition_id: UUID, session: AsyncSession, now: datetime
) -> tuple[Observation, Label]:
    row = Observation(
        id=new_id(),
        measure_id=item.measure_id,
        state="verified",
        origin="live",
        value=item.value,
        approximate=False,
        unit=item.unit,
        period=item.span.period,
        starts_on=item.span.starts_on,
        ends_on=item.span.ends_on,
        complete=item.span.complete,
        source=item.source,
        figure=item.figure,
        figure_definition_id=definition_id,
        rows=item.rows,
        demonstration=item.demonstration,
        pulled_at=item.pulled_at,
        checked_at=now,
        reason=_why(item, before) if before is not None else None,
        supersedes=before.id if before is not None else None,
        recorded_at=now,
        recorded_by=acting(session).subject,
        verified_at=now,
        version=1,
    )
    return row, item.definition


def _log(session: AsyncSession, row: Observation, definition: Label, name: tuple[str, str]) -> None:
    read = observation_read(row, indicator=name[0], measure=name[1], for_office=False, definition=definition)
    record_change(session, kind="created", collection="observations", id=row.id, record=read)
