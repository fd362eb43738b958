"""Rules of observations: drafts are verified, verified ones are superseded with a reason, none is overwritten."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.values import Period
from klaster_indicators.evidence.operations import require_files
from klaster_indicators.observations import repository
from klaster_indicators.observations.building import manual_row
from klaster_indicators.observations.errors import ObservationNotFound, ReasonNeeded, WrongTransition
from klaster_indicators.observations.periods import span_of
from klaster_indicators.observations.reads import observation_read
from klaster_indicators.observations.repository import ORDER
from klaster_indicators.observations.schemas import ObservationCreate, ObservationListParameters, ObservationUpdate
from klaster_indicators.units.operations import require_unit
from klaster_shared.access import Role
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.pagination import next_cursor

Name = tuple[str, str]
"""Code of the indicator, code of the measure."""


async def get_observation(session: AsyncSession, *, id: UUID, measure_ids: Collection[UUID], drafts: bool) -> Any:  # noqa: A002
    """One observation of one of these measures; raises ObservationNotFound."""
    row = await repository.find_observation(session, id)
    if row is None or row.measure_id not in measure_ids or (row.state == "draft" and not drafts):
        raise ObservationNotFound(f"There is no observation {id} of this indicator")
    return row


async def list_observations(
    session: AsyncSession, *, measure_ids: Collection[UUID], parameters: ObservationListParameters, drafts: bool
) -> tuple[Sequence[Any], str | None]:
    """One page of observations, the newest period first, and the cursor behind it."""
    rows = await repository.observations_page(session, measure_ids, parameters, drafts=drafts)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.ends_on, row.id))
    return rows[: parameters.limit], cursor


async def count_observations(
    session: AsyncSession, *, measure_ids: Collection[UUID], parameters: ObservationListParameters, drafts: bool
) -> int:
    """How many there are in all."""
    return await repository.count_observations(session, measure_ids, parameters, drafts=drafts)


async def record_observation(
    session: AsyncSession, *, given: ObservationCreate, measure: Any, name: Name, today: date, now: datetime
) -> Any:
    """Record a value that somebody found, as a draft or verified at once.

    measure  what the edition says of it: its unit and period are those of the value where it states none
    Raises Invalid where the days do not fit the period, or where there is no such unit or file of evidence, and
    ReasonNeeded where a verified value is restated without one.
    """
    span = span_of(given, period=given.period or cast("Period", measure.period), today=today)
    await require_unit(session, code=given.unit)
    await require_files(session, links=given.evidence, indicator=name[0])
    row = manual_row(given, measure=measure, span=span, replaces=None, recorded_by=acting(session).subject, now=now)
    if given.state == "verified":
        row.supersedes = await _make_room(session, row=row, reason=given.reason, name=name, now=now)
    await repository.add(session, [row])
    return await _logged(session, id=row.id, kind="created", name=name)


async def change_observation(
    session: AsyncSession, *, row: Any, given: ObservationUpdate, name: Name, now: datetime
) -> Any:
    """Verify a draft, or withdraw an observation with a reason; raises WrongTransition, ReasonNeeded."""
    if row.state in {"superseded", given.state}:
        raise WrongTransition(f"It is {row.state}, and cannot become {given.state}")
    if given.state == "superseded":
        await supersede(session, row=row, reason=_needed(given.reason), name=name, now=now)
        return await repository.find_observation(session, row.id)
    replaced = await _make_room(session, row=row, reason=given.reason or row.reason, name=name, now=now)
    standing = {"state": "verified", "verified_at": now, "supersedes": replaced or row.supersedes}
    await repository.change(session, row.id, reason=given.reason or row.reason, **standing)
    return await _logged(session, id=row.id, kind="updated", name=name)


async def _make_room(session: AsyncSession, *, row: Any, reason: str | None, name: Name, now: datetime) -> UUID | None:
    """Supersede what is verified for the same measure and period; its id."""
    found = [
        other
        for other in await repository.verified_for(session, [row.measure_id], [row.ends_on])
        if (other.period, other.starts_on) == (row.period, row.starts_on)
    ]
    for other in found:
        await supersede(session, row=other, reason=_needed(reason), name=name, now=now)
    return cast("UUID", found[0].id) if found else None


def _needed(reason: str | None) -> str:
    if reason is None:
        raise ReasonNeeded.field("/reason", "reason_needed", "Say why the verified value no longer stands")
    return reason


async def supersede(session: AsyncSession, *, row: Any, reason: str, name: Name, now: datetime) -> None:
    """Withdraw an observation; it stays readable, with the reason."""
    await repository.change(session, row.id, state="superseded", superseded_at=now, superseded_reason=reason)
    await _logged(session, id=row.id, kind="updated", name=name, before=row.state)


async def _logged(session: AsyncSession, *, id: UUID, kind: Any, name: Name, before: str = "") -> Any:  # noqa: A002
    row = await repository.find_observation(session, id)
    assert row is not None
    read = observation_read(row, indicator=name[0], measure=name[1], for_office=False)
    audience: Role = "office" if "draft" in {row.state, before} else "anonymous"
    record_change(session, kind=kind, collection="observations", id=id, record=read, audience=audience)
    return row


async def count_by_indicator(session: AsyncSession, *, codes: Collection[str]) -> dict[str, int]:
    """How many observations, of whatever state, each of these indicators has; only those that have any."""
    return await repository.count_by_indicator(session, codes)


async def withdraw_demonstration(session: AsyncSession, *, names: dict[UUID, Name], reason: str, now: datetime) -> int:
    """Supersede every observation that rests on demonstration rows; how many there were."""
    rows = await repository.demonstration_ids(session)
    for row in rows:
        await supersede(session, row=row, reason=reason, name=names[row.measure_id], now=now)
    return len(rows)


async def verified_history(
    session: AsyncSession,
    *,
    measure_ids: Collection[UUID],
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
    known_at: datetime | None = None,
) -> Sequence[Any]:
    """The verified values of these measures whose periods end within these days, the oldest first.

    known_at  those that stood at that instant
    """
    return await repository.verified_history(
        session, measure_ids, since=since, until=until, limit=limit, known_at=known_at
    )


async def last_of_years(
    session: AsyncSession, *, measure_ids: Collection[UUID], until: date, known_at: datetime | None = None
) -> Sequence[Any]:
    """The last verified value of each year of these measures, the oldest first: enough for a small picture."""
    return await repository.last_of_years(session, measure_ids, until=until, known_at=known_at)


async def latest_values(
    session: AsyncSession, *, edition: Any, as_of: date, known_at: datetime | None = None
) -> dict[UUID, Any]:
    """The newest verified number of every measure of an edition up to a day, by measure; of flows, complete periods.

    known_at  what stood at that instant: what was verified later does not exist, what was superseded later stands
    """
    rows = await repository.latest_of_edition(session, edition.id, as_of=as_of, known_at=known_at)
    return {row.measure_id: row for row in rows}


async def latest_of_measures(
    session: AsyncSession, *, periods: Mapping[UUID, str], as_of: date, known_at: datetime | None
) -> dict[UUID, Any]:
    """The same of measures with the periods that they were asked for."""
    rows = await repository.latest_of_measures(session, periods, as_of=as_of, known_at=known_at)
    return {row.measure_id: row for row in rows}


async def running_values(
    session: AsyncSession, *, as_of: date, known_at: datetime | None = None
) -> dict[tuple[UUID, str], Any]:
    """What the periods that are still running have come to, by measure and period; or had at an instant."""
    rows = await repository.running(session, as_of=as_of, known_at=known_at)
    return {(row.measure_id, row.period): row for row in rows}
