"""Entities as an outside source states them: a source's new word replaces its old one, and nobody else's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts, repository
from klaster_registry.entities.documents import Aspect, Whole
from klaster_registry.entities.models import (
    EntityBranch,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
)
from klaster_registry.entities.operations import hold_entity
from klaster_registry.entities.saving import Saved, claims_of, refresh_claimants, save
from klaster_registry.entities.schemas import EntityCreate

_STATED = ("existence", "founded_on", "closed_on")
_REPLACED: dict[str, Any] = {
    "names": EntityName,
    "branches": EntityBranch,
    "links": EntityLink,
    "identifiers": EntityIdentifier,
    "relations": EntityRelation,
}


async def restate_entity(session: AsyncSession, *, entity_id: UUID, given: EntityCreate, now: datetime) -> Saved:
    """Write what the source of an entity says of it now.

    Names, places, addresses, existence and founding are the source's. Identifiers that others gave, relations that the
    office linked, kinds that were added and the whole life in the register stay as they are. Raises Invalid.
    """
    entity = await hold_entity(session, reference=str(entity_id), claims=given.identifiers)
    whole = await repository.load(session, entity)
    before, claims_before = from_json(entity.document), claims_of(whole)
    for name in _STATED:
        setattr(entity, name, getattr(given, name))
    for name, value in parts.seat_values(given.seat).items():
        setattr(entity, name, value)
    aspects = _take_over(whole, parts.new_whole(entity, given, now, {}), given.source)
    for attribute, table in _REPLACED.items():
        await repository.replace_rows(session, table, entity.id, getattr(whole, attribute))
    saved = await save(session, whole=whole, before=before, aspects=aspects, now=now)
    claims = claims_of(whole)
    if claims != claims_before:
        await refresh_claimants(session, claims | claims_before, besides=entity.id, now=now)
    return saved


def _take_over(whole: Whole, stated: Whole, source: str) -> list[Aspect]:
    """Put what is stated in place of what the source had stated; which respects are to be written anew."""
    whole.names, whole.branches, whole.links = stated.names, stated.branches, stated.links
    own = {(row.scheme, row.value) for row in stated.identifiers}
    others = [row for row in whole.identifiers if row.source != source and (row.scheme, row.value) not in own]
    known = parts.with_known_times(stated.identifiers, whole.identifiers)
    whole.identifiers = [*known, *_behind(known, others)]
    linked = [row for row in whole.relations if row.target_id is not None]
    whole.relations = [*stated.relations, *_behind(stated.relations, linked)]
    held = {row.value for row in whole.of("kind")}
    new = [row for row in stated.of("kind") if row.value not in held]
    whole.validities += new
    return ["kind"] if new else []


def _behind(first: list[Any], rows: list[Any]) -> list[Any]:
    """Copies of rows, placed behind others: rows of a table that is written anew are new ones."""
    return [type(row)(**{**row.model_dump(), "position": len(first) + at}) for at, row in enumerate(rows)]
