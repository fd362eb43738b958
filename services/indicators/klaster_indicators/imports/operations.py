"""Taking a table in: what becomes of each row, then all of it stored, or nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.values import Period
from klaster_indicators.framework.operations import find_edition, read_framework
from klaster_indicators.imports.errors import RowsRejected
from klaster_indicators.imports.rows import is_without_value, observation_of
from klaster_indicators.imports.schemas import ImportParameters, Verdict
from klaster_indicators.indicators.errors import IndicatorNotFound
from klaster_indicators.indicators.facts import IndicatorFacts
from klaster_indicators.indicators.operations import measure_of, read_indicators
from klaster_indicators.observations.manual import Entry, record_many, standing
from klaster_indicators.observations.periods import Span, span_of
from klaster_shared.errors import FieldError, Invalid, NotFound
from klaster_shared.tables import TableRow

_MOST_ERRORS = 100  # of one refusal: more of them are read from a dry run


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with what becomes of it."""

    row: TableRow
    verdict: Verdict
    errors: Sequence[FieldError] = ()
    entry: Entry | None = None
    indicator: str | None = None
    measure: str | None = None
    observation: UUID | None = None


@dataclass(slots=True)
class _Known:
    """What stands already, and what the file has said so far."""

    verified: dict[tuple[UUID, str, date, date], Any]
    drafts: list[Any]
    seen: set[tuple[UUID, str, date, date]] = field(default_factory=set)


async def import_observations(
    session: AsyncSession, *, rows: Sequence[TableRow], parameters: ImportParameters, today: date, now: datetime
) -> list[Judged]:
    """A verdict for each row; stored unless it is a dry run.

    Raises RowsRejected where a row is rejected and `partial` was not asked for: then nothing is stored.
    """
    edition = await find_edition(session, code=None)
    if edition is None:
        raise IndicatorNotFound("No strategy has been adopted yet")
    framework = await read_framework(session, edition=edition)
    facts = {item.definition.code: item for item in await read_indicators(session, framework=framework)}
    read = [_read(row, facts, parameters, today) for row in rows]
    known = await _known(session, [item.entry for item in read if item.entry is not None])
    judged = [_against(item, known) for item in read]
    if parameters.dry_run:
        return judged
    rejected = [item for item in judged if item.verdict == "rejected"]
    if rejected and not parameters.partial:
        raise _refusal(rejected, judged)
    return await _stored(session, judged, now=now)


def counts_of(judged: Sequence[Judged]) -> dict[Verdict, int]:
    """How many rows there are of each verdict."""
    found = Counter(item.verdict for item in judged)
    return {verdict: found[verdict] for verdict in get_args(Verdict)}


def _read(row: TableRow, facts: dict[str, IndicatorFacts], parameters: ImportParameters, today: date) -> Judged:
    """A row as an entry, or what is wrong with it."""
    code = row.cells.get("indicator")
    judged = Judged(row=row, verdict="created", indicator=code, measure=row.cells.get("measure"))
    if is_without_value(row):
        return replace(judged, verdict="skipped")
    try:
        entry = _entry(row, facts, parameters, today)
    except Invalid as problem:
        return replace(judged, verdict="rejected", errors=problem.errors)
    return replace(judged, entry=entry, measure=entry.name[1])


def _entry(row: TableRow, facts: dict[str, IndicatorFacts], parameters: ImportParameters, today: date) -> Entry:
    code = row.cells.get("indicator", "")
    if code not in facts:
        raise Invalid.field("/indicator", "indicator_not_found", f"There is no indicator {code or 'named here'}")
    try:
        measure = measure_of(facts[code], row.cells.get("measure"))
    except NotFound as problem:
        raise Invalid.field("/measure", problem.code, problem.detail) from problem
    given = observation_of(row, period=measure.period, state=parameters.state, reason=parameters.reason)
    span = span_of(given, period=given.period or cast("Period", measure.period), today=today)
    return Entry(given=given, measure=measure, name=(code, measure.code), span=span, replaces=None)


async def _known(session: AsyncSession, entries: Sequence[Entry]) -> _Known:
    ids = {entry.measure.measure_id for entry in entries}
    rows = await standing(session, measure_ids=ids, ends={entry.span.ends_on for entry in entries})
    verified = {
        (row.measure_id, row.period, row.starts_on, row.ends_on): row for row in rows if row.state == "verified"
    }
    return _Known(verified, [row for row in rows if row.state == "draft"])


def _key(entry: Entry) -> tuple[UUID, str, date, date]:
    span: Span = entry.span
    return entry.measure.measure_id, span.period, span.starts_on, span.ends_on


def _against(item: Judged, known: _Known) -> Judged:
    """What a row means beside what stands already."""
    entry = item.entry
    if entry is None:
        return item
    key = _key(entry)
    if key in known.seen:
        return _rejected(item, "/on", "duplicate", "Another row of this table states a value for the same period")
    known.seen.add(key)
    before = known.verified.get(key)
    standing_one = next((row for row in _comparable(before, key, entry, known) if _same(entry, row)), None)
    if standing_one is not None:
        return replace(item, verdict="unchanged", observation=standing_one.id)
    if before is None or entry.given.state == "draft":
        return item
    if entry.given.reason is None:
        return _rejected(item, "/reason", "reason_needed", "A verified value is restated: say why it no longer stands")
    return replace(item, verdict="restated", entry=replace(entry, replaces=before))


def _comparable(before: Any | None, key: tuple[UUID, str, date, date], entry: Entry, known: _Known) -> Iterator[Any]:
    """What an equal value would merely repeat: the verified one, and for drafts the drafts too."""
    if before is not None:
        yield before
    if entry.given.state == "draft":
        yield from (row for row in known.drafts if _key_of(row) == key)


def _key_of(row: Any) -> tuple[UUID, str, date, date]:
    return row.measure_id, row.period, row.starts_on, row.ends_on


def _same(entry: Entry, row: Any) -> bool:
    given = entry.given
    unit = given.unit or entry.measure.unit
    return (given.value, given.status, given.approximate, unit) == (row.value, row.status, row.approximate, row.unit)


def _rejected(item: Judged, pointer: str, code: str, detail: str) -> Judged:
    error = FieldError(pointer=pointer, code=code, detail=detail)
    return replace(item, verdict="rejected", errors=[error], entry=None)


def _refusal(rejected: Sequence[Judged], judged: Sequence[Judged]) -> RowsRejected:
    errors = [
        FieldError({**error, "pointer": _place(item.row) + error["pointer"]})
        for item in rejected
        for error in item.errors
    ]
    return RowsRejected(
        f"{len(rejected)} of {len(judged)} rows are rejected: see errors, or ask for a dry run",
        errors=errors[:_MOST_ERRORS],
        counts=counts_of(judged),
    )


def _place(row: TableRow) -> str:
    return f"/rows/{row.number}" if row.sheet is None else f"/sheets/{row.sheet.replace('/', '~1')}/rows/{row.number}"


async def _stored(session: AsyncSession, judged: Sequence[Judged], *, now: datetime) -> list[Judged]:
    fresh = [item for item in judged if item.verdict in {"created", "restated"}]
    entries = [item.entry for item in fresh if item.entry is not None]
    ids = iter(await record_many(session, entries=entries, now=now))
    stored = {id(item): replace(item, observation=next(ids)) for item in fresh}
    return [stored.get(id(item), item) for item in judged]
