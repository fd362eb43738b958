"""Taking in an edition of the strategy: whole, checked, once; an adopted one is never changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.checks import faults_of, measured
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework.errors import ContradictoryStrategy, EditionAdopted
from klaster_indicators.framework.models import Edition
from klaster_indicators.framework.operations import add_edition, store_framework
from klaster_indicators.indicators.operations import store_indicators
from klaster_shared.changes import Kind, record_change
from klaster_shared.errors import FieldError
from klaster_shared.identifiers import new_id

Outcome = Literal["created", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An edition, and what taking it in did."""

    edition: Edition
    outcome: Outcome


def check_document(document: StrategyDocument, *, code: str) -> None:
    """Refuse a document that contradicts itself, or the address it is sent to; raises ContradictoryStrategy."""
    errors = [
        FieldError(pointer=_pointer(fault.location), code=fault.code, detail=fault.reason)
        for fault in faults_of(document)
    ]
    if document.edition.code != code:
        detail = f"The document is edition {document.edition.code}, and was sent to {code}"
        errors.append(FieldError(pointer="/edition/code", code="other_edition", detail=detail))
    if errors:
        first = errors[0]
        raise ContradictoryStrategy(f"{first['pointer']}: {first['detail']}", errors=errors)


def _pointer(location: Sequence[str | int]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


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
    session: AsyncSession, *, document: StrategyDocument, known: Edition | None, now: datetime
) -> TakenIn:
    """Store an edition: new, or in place of a draft; the same document again changes nothing.

    Raises EditionAdopted where an adopted edition says something else.
    """
    content = canonical(document)
    fingerprint = fingerprint_of(content)
    if known is not None and known.fingerprint == fingerprint:
        return TakenIn(known, "unchanged")
    if known is not None and known.adopted is not None:
        raise EditionAdopted(f"{known.code} was adopted on {known.adopted}: what changes goes into another edition")
    stated = _stated(document, content=content, fingerprint=fingerprint, now=now)
    edition = known or Edition(id=new_id(), code=document.edition.code, created_at=now, version=0, **stated)
    for name, value in stated.items():
        setattr(edition, name, value)
    edition.version += 1
    await add_edition(session, edition=edition)
    await store_framework(session, edition=edition, document=document)
    new = await store_indicators(session, edition_id=edition.id, document=document, now=now)
    _log(session, edition, created=known is None, document=document, new=new)
    return TakenIn(edition, "created" if known is None else "replaced")


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


def _log(session: AsyncSession, edition: Edition, *, created: bool, document: StrategyDocument, new: set[str]) -> None:
    record = edition.model_dump(exclude={"document", "fingerprint"})
    kind: Kind = "created" if created else "updated"
    record_change(session, kind=kind, collection="editions", id=edition.id, record=record)
    for _, item in measured(document):
        kind = "created" if item.code in new else "updated"
        record = {"edition": edition.code, **item.model_dump(mode="json", by_alias=True, exclude_unset=True)}
        record_change(session, kind=kind, collection="indicators", id=item.code, record=record)
