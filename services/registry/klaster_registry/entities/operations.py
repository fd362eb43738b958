"""Rules of entities as records: made, changed, found, counted, deleted. Their life in the register is in `steps`."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts, repository
from klaster_registry.entities.claims import repository as claims_repository
from klaster_registry.entities.documents import Aspect, Whole
from klaster_registry.entities.errors import AlreadyThere, AmbiguousReference, EntityMoved, EntityNotFound
from klaster_registry.entities.filters import SELF_CONTAINED, SORTS, EntityListParameters, Flagged
from klaster_registry.entities.identifiers import check, is_scheme
from klaster_registry.entities.models import (
    Entity,
)
from klaster_registry.entities.places.schemas import SeatIn
from klaster_registry.entities.relations import operations as relations
from klaster_registry.entities.saving import COLLECTION, Saved, claims_of, refresh_claimants, save, save_new
from klaster_registry.entities.schemas import EntityCreate, EntityUpdate, IdentifierIn, RelationIn
from klaster_registry.search import operations as search
from klaster_registry.taxonomies.operations import check_codes, flagged_codes, with_descendants
from klaster_shared.changes import record_change
from klaster_shared.database import Database
from klaster_shared.dates import earliest, latest
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import Order, parse_sort

MEMBER_ORDER = repository.MEMBER_ORDER
_NUMBER = re.compile(r"^RBW-([0-9]{6,9})$")


async def resolve(session: AsyncSession, *, reference: str) -> UUID:
    """The id behind a UUID, a number of the register (`RBW-000073`) or an identifier (`nip:6762464304`).

    Who was merged into another is found as the other. Raises EntityNotFound, or AmbiguousReference with everybody
    who claims the identifier.
    """
    entity_id = await original(session, reference=reference)
    survivor = await repository.survivor_of(session, entity_id)
    if survivor is None:
        raise EntityNotFound(f"There is no entity {reference}")
    return survivor


async def original(session: AsyncSession, *, reference: str) -> UUID:
    """The id behind a reference as it was given, be it merged into another or deleted since; raises as resolve does."""
    if number := _NUMBER.match(reference):
        found = await repository.id_by_number(session, int(number.group(1)))
        if found is None:
            raise EntityNotFound(f"Nobody holds {reference}")
        return found
    scheme, colon, value = reference.partition(":")
    if colon and is_scheme(scheme):
        return await _claimant(session, scheme, check(scheme, value).value)
    try:
        return UUID(reference)
    except ValueError as error:
        raise EntityNotFound("Name an entity by its id, its RBW number or `scheme:value`") from error


async def _claimant(session: AsyncSession, scheme: str, value: str) -> UUID:
    found = await repository.ids_by_identifier(session, scheme, value)
    if not found:
        raise EntityNotFound(f"Nobody claims {scheme}:{value}")
    if len(found) > 1:
        raise AmbiguousReference(
            f"{len(found)} entities claim {scheme}:{value}",
            candidates=[{"id": str(entity_id), "name": name} for entity_id, name in found],
        )
    return found[0][0]


async def read_entity(session: AsyncSession, *, reference: str) -> Saved:
    """The record as it was written; raises EntityNotFound, AmbiguousReference, or EntityMoved where it was merged."""
    entity_id = await original(session, reference=reference)
    found = await repository.read_document(session, entity_id)
    if found is None:
        raise EntityNotFound(f"There is no entity {reference}")
    document, version, survivor = found
    if survivor is not None:
        raise moved_to(survivor)
    return Saved(entity_id, version, document.encode())


def moved_to(survivor: UUID) -> EntityMoved:
    """Where a merged entity is found for ever."""
    path = f"/v1/entities/{survivor}"
    return EntityMoved(f"It was merged into {survivor}", headers={"Location": path}, location=path)


async def hold_entity(session: AsyncSession, *, reference: str, claims: Iterable[IdentifierIn] | None = None) -> Entity:
    """The entity, held against other writers; raises EntityNotFound or AmbiguousReference.

    Whoever is going to change its identifiers says which it will claim (none to delete it): all identifiers are held
    before any entity is, else two that claim the same one would wait for each other.
    """
    entity_id = await resolve(session, reference=reference)
    if claims is not None:
        asked = {(claim.scheme, check(claim.scheme, claim.value).value) for claim in claims}
        await claims_repository.hold_claims(session, asked | await claims_repository.claims_of(session, entity_id))
    entity = await repository.lock_entity(session, entity_id)
    if entity is None:
        raise EntityNotFound(f"There is no entity {reference}")
    return entity


async def hold_two(session: AsyncSession, *, first: str, second: str) -> tuple[Entity, Entity]:
    """Two entities and their identifiers, held against other writers in one order for all; raises as resolve does."""
    ids = [await resolve(session, reference=reference) for reference in (first, second)]
    claims = [await claims_repository.claims_of(session, entity_id) for entity_id in ids]
    await claims_repository.hold_claims(session, set().union(*claims))
    held = {entity_id: await repository.lock_entity(session, entity_id) for entity_id in sorted(set(ids))}
    one, other = held[ids[0]], held[ids[1]]
    if one is None or other is None:
        raise EntityNotFound(f"There is no entity {first if one is None else second}")
    return one, other


async def list_documents(
    database: Database, *, parameters: EntityListParameters, today: date
) -> tuple[Sequence[Any], Sequence[Order]]:
    """One page of stored documents (and one more where there is more), with the order they stand in."""
    order = parse_sort(parameters.sort, columns=SORTS, default="name", unique=repository.BY_ID)
    flagged = Flagged()
    if not parameters.model_fields_set <= SELF_CONTAINED:
        async with database.read() as session:
            flagged = await _flagged(session, parameters)
    return await repository.documents_page(database, parameters, order=order, flagged=flagged, today=today), order


async def count_entities(session: AsyncSession, *, parameters: EntityListParameters, today: date) -> tuple[int, int]:
    """How many entities the parameters ask for, and how many of these are demonstration data."""
    flagged = await _flagged(session, parameters)
    return await repository.count_entities(session, parameters, flagged=flagged, today=today)


async def count_listed(database: Database, *, parameters: EntityListParameters, today: date) -> int:
    """How many entities a list is about, all its pages together."""
    async with database.read() as session:
        total, _ = await count_entities(session, parameters=parameters, today=today)
    return total


async def names_of(session: AsyncSession, *, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these entities, for records that only know their ids."""
    wanted = set(ids)
    return await repository.names_of(session, wanted) if wanted else {}


async def list_members(
    session: AsyncSession,
    *,
    aspect: Aspect,
    value: str,
    period: ColumnElement[bool] | None,
    cursor: str | None,
    limit: int,
) -> Sequence[Any]:
    """Who held a value in one respect (who is in a group), by name; one row more where there is more."""
    return await repository.members(
        session, aspect, value, period=period, order=MEMBER_ORDER, cursor=cursor, limit=limit
    )


async def _flagged(session: AsyncSession, asked: EntityListParameters) -> Flagged:
    return Flagged(
        fields=await with_descendants(session, "fields", asked.field) if asked.field else (),
        sectors=await with_descendants(session, "sectors", asked.sector) if asked.sector else (),
        at_odds=await relations.at_odds(session, issues=asked.relation_issue) if asked.relation_issue else (),
        markets=await flagged_codes(session, "markets", "foreign")
        if (asked.foreign_market, asked.abroad) != (None, None)
        else (),
        health_care=await flagged_codes(session, "interest_groups", "health_care")
        if asked.health_care is not None
        else (),
        financial=await flagged_codes(session, "kinds", "financial") if asked.financial is not None else (),
        business=await flagged_codes(session, "kinds", "business") if asked.business is not None else (),
        networks=await flagged_codes(session, "networks", "international")
        if asked.international_network is not None
        else (),
    )


async def create_entity(session: AsyncSession, *, given: EntityCreate, now: datetime) -> Saved:
    """Add an organisation, in no register yet.

    Raises Invalid (unknown codes, wrong identifiers written by the office, periods that overlap) and AlreadyThere
    where its source and key are taken.
    """
    entity_id = new_id()
    source_key = given.source_key or str(entity_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise AlreadyThere(f"{given.source} has {source_key} already", existing=str(taken))
    await check_codes(session, parts.codes_to_check(given))
    linked = await relations.resolve_targets(session, relations=given.relations, resolve=resolve)
    if given.source == parts.OWN_SOURCE:
        await _check_relations(session, entity_id, given.relations, linked)
    entity = parts.new_entity(given, entity_id=entity_id, source_key=source_key, now=now)
    return await save_new(session, whole=parts.new_whole(entity, given, now, linked), now=now)


async def change_entity(
    session: AsyncSession, *, entity: Entity, given: EntityUpdate, now: datetime, today: date
) -> Saved:
    """Merge a change into an entity that is held (`hold_entity`); a change of nothing changes nothing.

    Lists are replaced as a whole; another interest group holds from today on. Raises Invalid as create_entity does.
    """
    await check_codes(session, parts.codes_to_check(given))
    whole = await repository.load(session, entity)
    before, claims_before = from_json(entity.document), claims_of(whole)
    linked = await _new_relations(session, whole, given)
    replaced = parts.replace_parts(whole, given, now, linked)
    aspects = parts.replace_periods(whole, given, today)
    said = given.model_fields_set
    for name in parts.PLAIN:
        if name in said:
            setattr(entity, name, getattr(given, name))
    if "seat" in said:
        for name, value in parts.seat_values(given.seat if isinstance(given.seat, SeatIn) else None).items():
            setattr(entity, name, value)
    _check_life(entity)
    for table, rows in replaced:
        await repository.replace_rows(session, table, entity.id, rows)
    claims = claims_of(whole)
    saved = await save(session, whole=whole, before=before, aspects=aspects, now=now)
    if claims != claims_before:
        await refresh_claimants(session, claims | claims_before, besides=entity.id, now=now)
    return saved


async def delete_entity(session: AsyncSession, *, entity: Entity, now: datetime) -> None:
    """Remove an entity that is held; its RBW number is never given again. The feed keeps a tombstone."""
    whole = await repository.load(session, entity)
    await repository.delete_entity(session, entity.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=entity.id)
    await search.drop(session, COLLECTION, entity.id)
    await refresh_claimants(session, claims_of(whole), besides=entity.id, now=now)


async def _new_relations(session: AsyncSession, whole: Whole, given: EntityUpdate) -> parts.Linked:
    """Who the relations of a change name; those that stood before are not judged again."""
    if "relations" not in given.model_fields_set:
        return {}
    asked: list[RelationIn] = given.relations  # type: ignore[assignment]
    linked = await relations.resolve_targets(session, relations=asked, resolve=resolve)
    stood = {(row.kind, row.scheme, row.value, row.target_id) for row in whole.relations}
    new = [
        one if (one.kind, one.scheme, one.value, linked.get(one.entity or "", (None, ""))[0]) not in stood else None
        for one in asked
    ]
    await _check_relations(session, whole.entity.id, new, linked)
    return linked


async def _check_relations(
    session: AsyncSession, entity_id: UUID, asked: Sequence[RelationIn | None], linked: parts.Linked
) -> None:
    targets = relations.targets_of(asked, linked) + await relations.claimed_targets(session, asked=asked)
    if targets:
        await relations.check_relations(session, entity_id=entity_id, targets=targets)


def _check_life(entity: Entity) -> None:
    if entity.founded_on and entity.closed_on and latest(entity.closed_on) < earliest(entity.founded_on):
        raise Invalid.field("/closed_on", "dates", "It would be closed before it was founded")
