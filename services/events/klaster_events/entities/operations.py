"""Rules of the local copy: what the registry said last holds, merges are followed to their end, names stay."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import repository
from klaster_events.entities.models import EntityCopy
from klaster_events.entities.schemas import EntityFacts
from klaster_shared.following import FeedChange

log = structlog.get_logger(__name__)


async def living(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """For each entity that the copy knows and the registry has not deleted: the one that it is after all merges."""
    found = await repository.copies(session, ids)
    survivors = await repository.copies(session, {copy.merged_into for copy in found.values() if copy.merged_into})
    alive = {}
    for entity_id, copy in found.items():
        one = survivors.get(copy.merged_into, copy) if copy.merged_into else copy
        if not one.gone:
            alive[entity_id] = one.id
    return alive


async def names(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Id and name of these entities as they are after all merges; deleted ones keep their name."""
    found = await repository.copies(session, set(ids))
    survivors = await repository.copies(session, {copy.merged_into for copy in found.values() if copy.merged_into})
    named: dict[UUID, dict[str, Any]] = {}
    for entity_id in ids:
        copy = found.get(entity_id)
        one = survivors.get(copy.merged_into, copy) if copy and copy.merged_into else copy
        named[entity_id] = {"id": one.id if one else entity_id, "name": one.name if one else None}
    return named


@dataclass(frozen=True, slots=True)
class Profile:
    """An entity as it is after all merges."""

    named: dict[str, Any]
    interest_group: str | None


async def profiles(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, Profile]:
    """What is known of each of these entities; nothing of those that the copy lacks."""
    found = await repository.profiles(session, ids)
    return {
        entity_id: Profile({"id": living, "name": name}, group) for entity_id, (living, name, group) in found.items()
    }


async def one_with(session: AsyncSession, *, ids: Collection[UUID]) -> list[UUID]:
    """These entities and all that were merged into them."""
    return [*ids, *await repository.merged_ids(session, ids)]


@dataclass(frozen=True, slots=True)
class Standing:
    """An entity under all its ids, and the special interest groups that it is in."""

    ids: frozenset[UUID]
    groups: frozenset[str]


async def ids_of(session: AsyncSession, *, entity_id: UUID) -> frozenset[UUID]:
    """Every id of one entity: the one that it is after all merges, and those that were merged into it."""
    return frozenset({entity_id, *await repository.other_ids(session, entity_id)})


async def standing_of(session: AsyncSession, *, entity_id: UUID, today: date) -> Standing:
    """Who an entity is today, as the registry told it last; nobody where it is unknown or gone."""
    alive = await living(session, ids=[entity_id])
    if entity_id not in alive:
        return Standing(frozenset({entity_id}), frozenset())
    found = await repository.copies(session, [alive[entity_id]])
    groups = {group["code"] for copy in found.values() for group in copy.groups or () if _covers(group, today)}
    return Standing(frozenset(await one_with(session, ids={entity_id, *alive.values()})), frozenset(groups))


def _covers(period: dict[str, Any], day: date) -> bool:
    """Whether a period of the registry covers a day: both ends belong to it, null means open."""
    text = day.isoformat()
    return (period.get("from") or text) <= text <= (period.get("to") or text)


async def keep(session: AsyncSession, *, facts: Iterable[EntityFacts], now: datetime) -> None:
    """Add entities that the registry was asked for; where the feed has told them meanwhile, that holds."""
    for entity in facts:
        await repository.insert_missing(session, _row(entity, now))


async def apply_changes(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> int:
    """Write what a page of the registry's feed says of entities; how many changes these are."""
    written = 0
    for batch in _in_turns(changes):
        await _apply(session, batch, now)
        written += len(batch)
    return written


def _in_turns(changes: Sequence[FeedChange]) -> Iterable[list[FeedChange]]:
    """Runs of changes of one kind: many records are written at once, a merge or a deletion waits its turn."""
    run: list[FeedChange] = []
    for change in changes:
        if change.collection != "entities":
            continue
        if run and _turn(run[0]) != _turn(change):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


def _turn(change: FeedChange) -> str:
    return change.kind if change.kind in {"deleted", "merged"} else "told"


async def _apply(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> None:
    turn = _turn(changes[0])
    if turn == "deleted":
        await repository.mark_gone(session, [UUID(change.id) for change in changes], now=now)
        return
    told = {facts.id: facts for change in changes if (facts := _facts(change)) is not None}
    await repository.write_copies(session, [_row(facts, now) for facts in told.values()])
    if turn == "merged":
        for change in changes:
            if change.merged_into is not None:
                await repository.point_to_survivor(session, merged=UUID(change.id), survivor=change.merged_into)


def _facts(change: FeedChange) -> EntityFacts | None:
    if change.record is None:
        return None
    try:
        return EntityFacts.model_validate(change.record)
    except ValidationError as error:
        # One record that cannot be read must not keep back all that follow.
        log.warning("entity_garbled", id=change.id, position=change.position, errors=error.error_count())
        return None


def _row(facts: EntityFacts, now: datetime) -> dict[str, Any]:
    copy = EntityCopy(**facts.model_dump(), gone=False, updated_at=now)
    return {**copy.model_dump(), "name": facts.name[:500]}
