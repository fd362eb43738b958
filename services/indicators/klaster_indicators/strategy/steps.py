"""The steps of an edition: begun as a copy of another, changed, adopted; or given up."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework import operations as framework
from klaster_indicators.framework.errors import EditionExists
from klaster_indicators.framework.models import Edition
from klaster_indicators.indicators.operations import forget_edition
from klaster_indicators.strategy.checking import checked
from klaster_indicators.strategy.operations import RESERVED, TakenIn, require_draft, take_in
from klaster_indicators.strategy.schemas import EditionCopy
from klaster_indicators.units.operations import known_units
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid


async def copy_edition(session: AsyncSession, *, source: Edition, given: EditionCopy, now: datetime) -> TakenIn:
    """Begin another edition, as a draft that says what `source` says; raises EditionExists.

    Years and targets are those of the copied one until somebody changes them: nothing is moved on by itself.
    """
    if given.code in RESERVED:
        raise Invalid.field("/code", "reserved", f"No edition can be called {given.code}")
    if await framework.known_edition(session, code=given.code) is not None:
        raise EditionExists(f"There is an edition {given.code} already")
    document = from_json(source.document)
    head = {name: value for name, value in document["edition"].items() if name != "adopted"}
    head["code"] = given.code
    if source.adopted is not None:  # its figures of that year are of that day, and stay it
        head["collected_on"] = sorted({*head.get("collected_on", ()), source.adopted.isoformat()})
    if given.title is not None:
        head["title"] = given.title.model_dump()
    copied = checked({**document, "edition": head}, sent=("edition",), units=await known_units(session))
    return await take_in(session, document=copied, known=None, now=now, copied_from=source.code)


async def change_edition(
    session: AsyncSession, *, edition: Edition, changes: Mapping[str, Any], now: datetime
) -> TakenIn:
    """Change what a draft says of itself: title, years, mission ...; null takes away what may be missing.

    Raises EditionAdopted, ContradictoryStrategy (other years make other targets, which may contradict the document).
    """
    require_draft(edition)
    document = from_json(edition.document)
    head = {name: value for name, value in {**document["edition"], **changes}.items() if value is not None}
    read = checked({**document, "edition": head}, sent=("edition",), units=await known_units(session))
    return await take_in(session, document=read, known=edition, now=now)


async def adopt_edition(session: AsyncSession, *, edition: Edition, on: date, today: date, now: datetime) -> TakenIn:
    """Adopt a draft: from that day on it holds, in place of the one before, and is read-only.

    Raises EditionAdopted, and Invalid for a day to come or one on which a later edition was already in force.
    """
    require_draft(edition)
    if on > today:
        raise Invalid.field("/on", "future", "Nothing is adopted yet on a day that has not come")
    in_force = await framework.find_edition(session, code=None)
    if in_force is not None and on <= in_force.adopted:
        detail = f"{in_force.code} was adopted on {in_force.adopted}: the next edition is adopted later than that"
        raise Invalid.field("/on", "not_later", detail)
    document = from_json(edition.document)
    head = {**document["edition"], "adopted": on.isoformat()}
    read = checked({**document, "edition": head}, sent=("edition",), units=await known_units(session))
    return await take_in(session, document=read, known=edition, now=now)


async def delete_draft(session: AsyncSession, *, edition: Edition, now: datetime) -> None:
    """Give a draft up; indicators and their observations stay. Raises EditionAdopted."""
    require_draft(edition)
    await forget_edition(session, edition_id=edition.id)
    await framework.remove_edition(session, edition=edition, now=now)
    record_change(session, kind="deleted", collection="editions", id=edition.id)
