"""Taking in an edition of the strategy: whole, checked, once; an adopted one is never changed."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.checks import faults_of, measured
from klaster_indicators.document.cluster import Edition as EditionHead
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework.errors import ContradictoryStrategy, EditionAdopted
from klaster_indicators.framework.models import Edition
from klaster_indicators.framework.operations import add_edition, find_edition, store_framework
from klaster_indicators.indicators.operations import store_indicators
from klaster_shared.changes import Kind, record_change
from klaster_shared.errors import FieldError
from klaster_shared.identifiers import new_id

Outcome = Literal["created", "replaced", "unchanged"]
RESERVED = frozenset({"diff"})  # the last step of an address that is no edition's


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An edition, and what taking it in did."""

    edition: Edition
    outcome: Outcome


def check_document(document: StrategyDocument, *, code: str, today: date, units: Collection[str]) -> None:
    """Refuse a document that contradicts itself, the address it is sent to, or the calendar.

    Raises ContradictoryStrategy.
    """
    errors = [
        FieldError(pointer=pointer_to(fault.location), code=fault.code, detail=fault.reason)
        for fault in faults_of(document, units=units)
    ]
    errors += _faults_of_head(document, code, today)
    if errors:
        first = errors[0]
        raise ContradictoryStrategy(f"{first['pointer']}: {first['detail']}", errors=errors)


def _faults_of_head(document: StrategyDocument, code: str, today: date) -> Iterator[FieldError]:
    head = document.edition
    if head.code != code:
        detail = f"The document is edition {head.code}, and was sent to {code}"
        yield FieldError(pointer="/edition/code", code="other_edition", detail=detail)
    if head.code in RESERVED:
        yield FieldError(pointer="/edition/code", code="reserved", detail=f"No edition can be called {head.code}")
    if head.adopted is not None and head.adopted > today:
        detail = "Nothing is adopted yet on a day that has not come"
        yield FieldError(pointer="/edition/adopted", code="future", detail=detail)


def pointer_to(location: Sequence[str | int]) -> str:
    """A place of a document as a JSON Pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


def document_of(edition: Any) -> StrategyDocument:
    """An edition's document, read."""
    return StrategyDocument.model_validate_json(edition.document)


def canonical(document: StrategyDocument) -> bytes:
    """The document as it is kept: what was stated, and nothing that was not."""
    return to_json(document.model_dump(mode="json", by_alias=True, exclude_unset=True))


def fingerprint_of(content: bytes) -> str:
    """Equal documents have equal fingerprints, whatever the order of their keys."""
    return hashlib.blake2b(to_json(_sorted(from_json(content))), digest_size=32).hexdigest()


def _sorted(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _sorted(part[key]) for key in sorted(part)}
    return [_sorted(item) for item in part] if isinstance(part, list) else part


async def take_in(
    session: AsyncSession,
    *,
    document: StrategyDocument,
    known: Edition | None,
    now: datetime,
    copied_from: str | None = None,
) -> TakenIn:
    """Store an edition: new, or in place of a draft; the same document again changes nothing.

    Raises EditionAdopted where an adopted edition says something else.
    """
    content = canonical(document)
    fingerprint = fingerprint_of(content)
    if known is not None and known.fingerprint == fingerprint:
        return TakenIn(known, "unchanged")
    if known is not None:
        require_draft(known)
    before = _items(document_of(known)) if known is not None else {}
    await _note_superseded(session, document.edition)
    stated = _stated(document, content=content, fingerprint=fingerprint, now=now)
    edition = known or Edition(
        id=new_id(), code=document.edition.code, copied_from=copied_from, created_at=now, version=0, **stated
    )
    for name, value in stated.items():
        setattr(edition, name, value)
    edition.version += 1
    await add_edition(session, edition=edition)
    await store_framework(session, edition=edition, document=document)
    codes = await store_indicators(session, edition_id=edition.id, document=document, now=now)
    log_edition(session, edition, kind="created" if known is None else "updated")
    _log_indicators(session, edition.code, before=before, after=_items(document), new=codes)
    return TakenIn(edition, "created" if known is None else "replaced")


def require_draft(edition: Edition) -> None:
    """Refuse to change an edition that was adopted; raises EditionAdopted."""
    if edition.adopted is not None:
        detail = f"{edition.code} was adopted on {edition.adopted}: what changes goes into another edition"
        raise EditionAdopted(detail)


def _stated(document: StrategyDocument, *, content: bytes, fingerprint: str, now: datetime) -> dict[str, Any]:
    stated = document.edition
    return {
        "title_pl": stated.title.pl,
        "title_en": stated.title.en,
        "adopted": stated.adopted,
        "baseline_year_programme": stated.baseline_year_programme,
        "baseline_year_effect": stated.baseline_year_effect,
        "target_year": stated.target_year,
        "fingerprint": fingerprint,
        "document": content.decode(),
        "updated_at": now,
    }


async def _note_superseded(session: AsyncSession, stated: EditionHead) -> None:
    """An edition that comes into force ends the one before: what the feed says of that one says so."""
    before = await find_edition(session, code=None, on=stated.adopted) if stated.adopted else None
    if before is not None:
        log_edition(session, before, kind="updated", superseded=stated.adopted)


def log_edition(session: AsyncSession, edition: Any, *, kind: Kind, superseded: date | None = None) -> None:
    """Note a change of an edition for the feed and for its history; its document has a place of its own."""
    kept = ("id", "code", "adopted", "baseline_year_programme", "baseline_year_effect", "target_year", "copied_from")
    record = {name: getattr(edition, name) for name in kept}
    record["title"] = {"pl": edition.title_pl, "en": edition.title_en}
    record |= {"superseded": superseded, "version": edition.version, "updated_at": edition.updated_at}
    record_change(session, kind=kind, collection="editions", id=edition.id, record=record)


def _items(document: StrategyDocument) -> dict[str, Any]:
    return {
        item.code: item.model_dump(mode="json", by_alias=True, exclude_unset=True) for _, item in measured(document)
    }


def _log_indicators(
    session: AsyncSession, edition: str, *, before: Mapping[str, Any], after: Mapping[str, Any], new: set[str]
) -> None:
    for code, item in after.items():
        if before.get(code) != item:
            kind: Kind = "created" if code in new else "updated"
            record_change(session, kind=kind, collection="indicators", id=code, record={"edition": edition, **item})
    for code in sorted(before.keys() - after.keys()):
        record = {"edition": edition, "code": code, "dropped": True}
        record_change(session, kind="updated", collection="indicators", id=code, record=record)
