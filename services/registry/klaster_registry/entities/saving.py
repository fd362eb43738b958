"""How an entity is written: derived columns, its document, the change log, and everybody who claims the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts, repository
from klaster_registry.entities.claims import repository as claims_repository
from klaster_registry.entities.documents import Aspect, Whole, derive, document_of
from klaster_registry.entities.entries import entry_of
from klaster_registry.entities.lines import keep_document
from klaster_registry.entities.models import EntityIdentifier, EntityValidity
from klaster_registry.periods import Period
from klaster_registry.search import operations as search
from klaster_shared.changes import record_change

COLLECTION = "entities"
Claim = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """A record as it was written."""

    id: UUID
    version: int
    document: bytes


async def save_new(session: AsyncSession, *, whole: Whole, now: datetime) -> Saved:
    """Write a new entity with its parts."""
    claims = claims_of(whole)
    await claims_repository.hold_claims(session, claims)
    others = await claims_repository.other_claimants(session, claims, besides=whole.entity.id)
    saved = _written(whole, others)
    await repository.insert_whole(session, whole)
    _note(session, "created", saved)
    await search.put(session, entry_of(whole))
    await _rewrite(session, _everybody(others), now=now)
    return saved


async def save_many(session: AsyncSession, *, wholes: Sequence[Whole], now: datetime) -> None:
    """Write new entities with their parts, as `save_new` does, in a few statements for all of them."""
    claims = {whole.entity.id: claims_of(whole) for whole in wholes}
    claimed = Counter(claim for own in claims.values() for claim in own)
    await claims_repository.hold_claims(session, claimed.keys())
    others = await claims_repository.other_claimants(session, claimed.keys(), besides=claims_repository.NOBODY)
    for whole in wholes:
        entity = whole.entity
        contested = {claim for claim in claims[entity.id] if claim in others or claimed[claim] > 1}
        entity.has_conflict = bool(contested)
        derive(whole)
        record = document_of(whole, contested)
        keep_document(entity, to_json(record))
        record_change(session, kind="created", collection=COLLECTION, id=entity.id, record=record)
    await repository.insert_wholes(session, wholes)
    await search.put_many(session, [entry_of(whole) for whole in wholes])
    await _rewrite(session, _everybody(others), now=now)


async def save(
    session: AsyncSession, *, whole: Whole, before: dict[str, Any], aspects: Iterable[Aspect], now: datetime
) -> Saved:
    """Write an entity whose parts have changed: derived columns, document, version, change log.

    `before` is its document as it was; `aspects` are the respects whose periods are to be written anew.
    """
    entity = whole.entity
    for aspect in aspects:
        rows = [row for row in whole.validities if row.aspect == aspect]
        await repository.replace_aspect(session, entity.id, aspect, rows)
    claims = claims_of(whole)
    saved = _written(whole, await claims_repository.other_claimants(session, claims, besides=entity.id))
    after = from_json(saved.document)
    changed = [name for name, value in after.items() if before.get(name) != value]
    if not changed:
        return saved
    entity.version += 1
    entity.updated_at = now
    saved = _written(whole, {claim for claim in claims if _is_conflict(after, claim)})
    _note(session, "updated", saved, changed)
    await search.put(session, entry_of(whole))
    return saved


async def retire(
    session: AsyncSession, *, whole: Whole, survivor: UUID, since: date, note: str | None, now: datetime
) -> None:
    """Write an entity that is merged into another: what holds for a time ends, the identifiers are the other's.

    Its record stays for the days before, and its id and number lead to the survivor for ever; so do those of
    whoever was merged into it before.
    """
    entity = whole.entity
    entity.registration, entity.merged_into, entity.listed_until = "merged", survivor, since
    entity.version += 1
    entity.updated_at = now
    rows = [row for row in whole.validities if row.valid_from < since]
    for row in rows:
        row.valid_until = min(row.valid_until, since)
    rows.append(parts.validity(entity.id, "registration", "merged", Period(since), note=note))
    whole.validities = rows
    whole.identifiers = []
    await repository.replace_rows(session, EntityIdentifier, entity.id, [])
    await repository.replace_rows(session, EntityValidity, entity.id, [parts.again(row) for row in rows])
    _written(whole, ())
    await session.flush()
    record_change(session, kind="merged", collection=COLLECTION, id=entity.id, merged_into=survivor)
    await search.drop(session, COLLECTION, entity.id)
    for earlier in await repository.merged_into(session, entity.id):
        earlier.merged_into = survivor
        earlier.document = to_json({**from_json(earlier.document), "merged_into": survivor}).decode()
        record_change(session, kind="merged", collection=COLLECTION, id=earlier.id, merged_into=survivor)


def _is_conflict(document: dict[str, Any], claim: Claim) -> bool:
    return any((item["scheme"], item["value"]) == claim and item["conflict"] for item in document["identifiers"])


async def refresh_claimants(session: AsyncSession, claims: Iterable[Claim], *, besides: UUID, now: datetime) -> None:
    """Write the documents of others anew whose identifiers have become, or are no longer, contested."""
    others = await claims_repository.other_claimants(session, set(claims), besides=besides)
    await _rewrite(session, _everybody(others), now=now)


def _everybody(others: dict[Claim, set[UUID]]) -> set[UUID]:
    return {claimant for claimants in others.values() for claimant in claimants}


async def _rewrite(session: AsyncSession, ids: set[UUID], *, now: datetime) -> None:
    for entity_id in sorted(ids):
        entity = await repository.lock_entity(session, entity_id)
        if entity is not None:
            whole = await repository.load(session, entity)
            await save(session, whole=whole, before=from_json(entity.document), aspects=(), now=now)


def _written(whole: Whole, conflicts: Iterable[Claim]) -> Saved:
    contested = set(conflicts)
    whole.entity.has_conflict = bool(contested)
    derive(whole)
    document = to_json(document_of(whole, contested))
    keep_document(whole.entity, document)
    return Saved(whole.entity.id, whole.entity.version, document)


def _note(
    session: AsyncSession, kind: Literal["created", "updated"], saved: Saved, changed: Sequence[str] = ()
) -> None:
    record = from_json(saved.document)
    record_change(session, kind=kind, collection=COLLECTION, id=saved.id, changed=changed, record=record)


def claims_of(whole: Whole) -> set[Claim]:
    """The identifiers that the entity claims; wrong ones claim nothing."""
    return {(row.scheme, row.value) for row in whole.identifiers if row.verdict != "invalid"}
