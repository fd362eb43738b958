"""Rules of editing a draft: one part at a time, the whole document checked, what was measured retired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.checks import Location, place
from klaster_indicators.document.reading import schema_faults
from klaster_indicators.drafts.kinds import KINDS, Document, Kind, list_around
from klaster_indicators.framework.errors import PartExists, PartInUse, PartNotFound
from klaster_indicators.framework.models import Edition
from klaster_indicators.framework.operations import edition_to_change
from klaster_indicators.observations.operations import count_by_indicator
from klaster_indicators.strategy.checking import checked, faults_in
from klaster_indicators.strategy.operations import pointer_to, require_draft, take_in
from klaster_indicators.units.operations import known_units
from klaster_shared.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that was taken out of a draft, and how many observations keep it readable."""

    kind: str
    code: str
    observations: int


def parts_of(edition: Edition, *, kind: Kind) -> list[Document]:
    """The parts of one kind, in the order of the document."""
    document = from_json(edition.document)
    return [kind.shown(document, where) for where, _ in kind.places(document)]


def part_of(edition: Edition, *, kind: Kind, code: str) -> Document:
    """One part; raises PartNotFound."""
    document = from_json(edition.document)
    return kind.shown(document, _where(document, edition, kind, code))


def _where(document: Document, edition: Edition, kind: Kind, code: str) -> Location:
    for where, item in kind.places(document):
        if item["code"] == code:
            return where
    raise PartNotFound(f"{edition.code} has no {code} among its {kind.many}")


async def add_part(session: AsyncSession, *, edition: Edition, kind: Kind, item: Document, now: datetime) -> None:
    """Add a part at the end of its kind; raises EditionAdopted, PartExists, ContradictoryStrategy."""
    require_draft(edition)
    document = from_json(edition.document)
    if any(other["code"] == item["code"] for _, other in kind.places(document)):
        raise PartExists(f"{edition.code} has {item['code']} already")
    await _keep(session, edition, document, kind=kind, item=item, now=now)


async def put_part(
    session: AsyncSession, *, edition: Edition, kind: Kind, code: str, item: Document, now: datetime
) -> None:
    """Say anew what a part is; a goal may move to another programme. Codes are stable.

    Raises EditionAdopted, PartNotFound, Invalid for another code, ContradictoryStrategy.
    """
    require_draft(edition)
    if item["code"] != code:
        raise Invalid.field("/code", "other_code", f"Codes are stable: this is {code}, and stays it")
    document = from_json(edition.document)
    where = _where(document, edition, kind, code)
    await _keep(session, edition, document, kind=kind, item=item, now=now, where=where)


async def change_part(
    session: AsyncSession, *, edition: Edition, kind: Kind, code: str, changes: Mapping[str, Any], now: datetime
) -> None:
    """Change some of what a part says; what is named is replaced whole, null takes it away.

    Raises EditionAdopted, PartNotFound, ContradictoryStrategy.
    """
    require_draft(edition)
    document = from_json(edition.document)
    where = _where(document, edition, kind, code)
    merged = {**kind.shown(document, where), **changes}
    item = {name: value for name, value in merged.items() if value is not None or name not in changes}
    await _keep(session, edition, document, kind=kind, item=item, now=now, where=where)


async def _keep(
    session: AsyncSession,
    edition: Edition,
    document: Document,
    *,
    kind: Kind,
    item: Document,
    now: datetime,
    where: Location | None = None,
) -> None:
    """Put a part where it belongs, in place of what stood at `where`, and take the document in again."""
    home = kind.home(document, item)
    if home is None:
        raise Invalid.field("/programme", "unknown_programme", f"There is no programme {item['programme']}")
    stays = where is not None and where[:-1] == home
    if where is not None and not stays:
        del list_around(document, where)[int(where[-1])]
    into = list_around(document, (*home, 0))
    index = int(where[-1]) if where is not None and stays else len(into)
    into[index : index + 1] = [kind.stored(item)]
    read = checked(document, sent=(*home, index), units=await known_units(session))
    await take_in(session, document=read, known=edition, now=now)


async def remove_part(
    session: AsyncSession, *, edition: Edition, kind: Kind, code: str, now: datetime
) -> Sequence[Removed]:
    """Take a part out of a draft; a programme goes with its goals.

    What was measured is retired: it keeps its code, its observations and the words of the last edition that had it.
    Raises EditionAdopted, PartNotFound, PartInUse where other parts refer to it.
    """
    require_draft(edition)
    document = from_json(edition.document)
    where = _where(document, edition, kind, code)
    item = list_around(document, where).pop(int(where[-1]))
    gone = [(kind.many, code), *(("goals", goal["code"]) for goal in item.get("goals", ()))]
    _forget_sources(document, {name for _, name in gone})
    read, faults = faults_in(document, units=await known_units(session))
    if read is None or faults:
        raise PartInUse(f"Without {code}: {place(faults[0].location)}: {faults[0].reason}")
    await take_in(session, document=read, known=edition, now=now)
    measured = [name for many, name in gone if many in {"goals", "indicators"}]
    counts = await count_by_indicator(session, codes=measured)
    return [Removed(many, name, counts.get(name, 0)) for many, name in gone]


def _forget_sources(document: Document, codes: set[str]) -> None:
    """Addresses of sources may belong to any of several indicators: those that are gone are no candidates."""
    for link in document.get("verification_links", ()):
        link["candidates"] = [code for code in link["candidates"] if code not in codes]


async def correct_in_draft(
    session: AsyncSession, *, edition_code: str, code: str, changes: Mapping[str, Any], now: datetime
) -> Edition:
    """Write a correction of one part, of whatever kind, into a draft; the draft as it is then.

    changes  the fields of the part that are replaced, as its PATCH takes them
    Raises EditionNotFound, EditionAdopted, PartNotFound, Invalid, ContradictoryStrategy.
    """
    edition = await edition_to_change(session, code=edition_code)
    document = from_json(edition.document)
    found = [kind for kind in KINDS if any(item["code"] == code for _, item in kind.places(document))]
    if not found:
        raise PartNotFound(f"{edition_code} has no part {code}")
    checked_changes = _read_changes(found[0], changes)
    await change_part(session, edition=edition, kind=found[0], code=code, changes=checked_changes, now=now)
    return edition


def _read_changes(kind: Kind, changes: Mapping[str, Any]) -> Document:
    try:
        read = kind.change.model_validate(dict(changes))
    except ValidationError as error:
        errors = [
            FieldError(pointer=pointer_to(fault.location), code=fault.code, detail=fault.reason)
            for fault in schema_faults(error)
        ]
        raise Invalid(errors[0]["detail"], errors=errors) from error
    return read.model_dump(mode="json", by_alias=True, exclude_unset=True)
