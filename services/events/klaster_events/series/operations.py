"""Rules of series: codes are unique and stay; one that has events cannot be deleted."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.series import repository
from klaster_events.series.errors import SeriesNotFound, SeriesTaken
from klaster_events.series.models import Series
from klaster_events.series.schemas import OPEN_END, SeriesCreate, SeriesUpdate
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.labels import Language, label_text

COLLECTION = "series"


async def get_series(session: AsyncSession, *, code: str, held: bool = False) -> Series:
    """One series; raises SeriesNotFound."""
    found = await repository.find_series(session, code, held=held)
    if found is None:
        raise SeriesNotFound(f"There is no series {code}")
    return found


async def check_series(session: AsyncSession, *, code: str | None) -> None:
    """Refuse a series that does not exist, naming the field; raises Invalid."""
    if code is not None and await repository.find_series(session, code) is None:
        raise Invalid.field("/series", "unknown_code", f"There is no series {code}")


async def series_counting_as(session: AsyncSession, *, codes: Collection[str]) -> list[str]:
    """The series that count as one of `codes`."""
    counts = await repository.counts_by_code(session)
    return sorted(code for code, found in counts.items() if set(found) & set(codes))


async def series_labels(session: AsyncSession) -> dict[str, tuple[str, str]]:
    """What every series is called, in Polish and in English."""
    return await repository.labels_by_code(session)


async def create_series(session: AsyncSession, *, given: SeriesCreate, now: datetime) -> Series:
    """Add a series; raises SeriesTaken."""
    if await repository.find_series(session, given.code) is not None:
        raise SeriesTaken(f"There is a series {given.code} already")
    created = Series(
        code=given.code,
        name_pl=given.name.pl,
        name_en=given.name.en,
        counts_as=sorted(set(given.counts_as)),
        starts_on=given.starts_on,
        ends_on=given.ends_on or OPEN_END,
        demonstration=given.demonstration,
        version=1,
        updated_at=now,
    )
    session.add(created)
    await session.flush()
    record_change(session, kind="created", collection=COLLECTION, id=created.code, record=record_of(created, "all"))
    return created


async def change_series(session: AsyncSession, *, series: Series, given: SeriesUpdate, now: datetime) -> Series:
    """Change a series; raises Invalid where it would end before it begins."""
    values: dict[str, Any] = given.model_dump()
    if "name" in values:
        label = values.pop("name")
        values |= {"name_pl": label["pl"], "name_en": label["en"]}
    if "counts_as" in values:
        values["counts_as"] = sorted(set(values["counts_as"]))
    if "ends_on" in values:
        values["ends_on"] = values["ends_on"] or OPEN_END
    changed = [name for name, value in values.items() if getattr(series, name) != value]
    if not changed:
        return series
    if values.get("ends_on", series.ends_on) < values.get("starts_on", series.starts_on):
        raise Invalid.field("/ends_on", "in_order", "The last day lies before the first")
    for name in changed:
        setattr(series, name, values[name])
    series.version += 1
    series.updated_at = now
    record = record_of(series, "all")
    record_change(session, kind="updated", collection=COLLECTION, id=series.code, changed=changed, record=record)
    return series


async def delete_series(session: AsyncSession, *, series: Series) -> None:
    """Remove a series. The database refuses (Conflict) where an event belongs to it."""
    await repository.delete_series(session, series.code)
    record_change(session, kind="deleted", collection=COLLECTION, id=series.code)


def record_of(series: Series, language: Language) -> dict[str, Any]:
    """A series as it is written in answers and in the change log."""
    return {
        "code": series.code,
        "name": label_text(series.name_pl, series.name_en, language),
        "counts_as": series.counts_as,
        "starts_on": series.starts_on,
        "ends_on": None if series.ends_on == OPEN_END else series.ends_on,
        "demonstration": series.demonstration,
        "version": series.version,
        "updated_at": series.updated_at,
    }
