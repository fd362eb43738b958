"""Relations between entities: who the other side is, and what no relation may say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import repository
from klaster_registry.entities.claims import repository as claims_repository
from klaster_registry.entities.identifiers import check
from klaster_registry.entities.parts import Linked
from klaster_registry.entities.relations import repository as relations_repository
from klaster_registry.entities.relations.schemas import RelationIssue, RelationListParameters
from klaster_registry.entities.schemas import RelationIn
from klaster_shared.errors import FieldError, Invalid, Problem

_MIRRORED = {"parent": "child", "child": "parent", "successor": "predecessor", "predecessor": "successor"}
_DEEPEST = 100  # more levels than any family of organisations has


class Target(NamedTuple):
    """The other side of a relation, and where the request names it."""

    pointer: str
    kind: str
    entity_id: UUID


async def check_relations(session: AsyncSession, *, entity_id: UUID, targets: Sequence[Target]) -> None:
    """Refuse relations to itself, and a family in which somebody would stand above himself.

    Raises Invalid with one error a wrong relation.
    """
    wrong = [
        FieldError(pointer=target.pointer, code="self_relation", detail="An organisation is no relation of itself")
        for target in targets
        if target.entity_id == entity_id
    ]
    others = [target for target in targets if target.entity_id != entity_id]
    parents = [target for target in others if target.kind == "parent"]
    above = await _ancestors(session, entity_id, also=[target.entity_id for target in parents])
    looping = [target for target in others if target.kind == "child" and target.entity_id in above]
    looping += [target for target in parents if entity_id in await _ancestors(session, target.entity_id, also=())]
    wrong += [
        FieldError(pointer=target.pointer, code="parent_cycle", detail="Somebody would stand above himself")
        for target in looping
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)


async def _ancestors(session: AsyncSession, entity_id: UUID, *, also: Iterable[UUID]) -> set[UUID]:
    """Everybody above an entity, and above those that are to be its parents, too."""
    found: set[UUID] = set(also)
    level = {entity_id, *found}
    for _ in range(_DEEPEST):
        edges = await relations_repository.parents_of(session, level)
        level = {parent for _, parent in edges} - found
        if not level:
            break
        found |= level
    return found


def targets_of(asked: Sequence[RelationIn | None], linked: Linked) -> list[Target]:
    """The relations that name an entity of the register."""
    return [
        Target(f"/relations/{at}/entity", relation.kind, linked[relation.entity][0])
        for at, relation in enumerate(asked)
        if relation is not None and relation.entity is not None
    ]


async def claimed_targets(session: AsyncSession, *, asked: Sequence[RelationIn | None]) -> list[Target]:
    """The relations whose identifier one entity of the register claims."""
    claims = {
        at: (relation.kind, (relation.scheme, check(relation.scheme, relation.value).value))
        for at, relation in enumerate(asked)
        if relation is not None and relation.entity is None and relation.scheme and relation.value
    }
    claimants = await claims_repository.claimants_of(session, {claim for _, claim in claims.values()})
    return [
        Target(f"/relations/{at}/value", kind, claimants[claim][0])
        for at, (kind, claim) in claims.items()
        if len(claimants.get(claim, ())) == 1
    ]


async def list_relations(
    session: AsyncSession, *, entity_id: UUID, parameters: RelationListParameters
) -> tuple[list[dict[str, Any]], Sequence[Any]]:
    """One page of an entity's relations as people read them, and the rows behind it (one more where there is more)."""
    outgoing = parameters.direction == "out"
    rows = await relations_repository.relations_page(session, entity_id, parameters, outgoing=outgoing)
    shown = rows[: parameters.limit]
    looping = await entities_in_cycles(session) if any(row.kind in {"parent", "child"} for row in shown) else set()
    return [_read(row, entity_id, outgoing=outgoing, looping=looping) for row in shown], rows


def _read(row: Any, entity_id: UUID, *, outgoing: bool, looping: set[UUID]) -> dict[str, Any]:
    other, name = (row.target_id, row.target_name) if outgoing else (row.entity_id, row.entity_name)
    is_family = row.kind in {"parent", "child"}
    flags = [
        flag
        for flag, raised in (
            ("outside", other is None),
            ("self_relation", other == entity_id),
            ("parent_cycle", is_family and other in looping and entity_id in looping),
        )
        if raised
    ]
    return {
        "kind": row.kind if outgoing else _MIRRORED.get(row.kind, row.kind),
        "direction": "out" if outgoing else "in",
        "label": row.label if outgoing else name,
        "scheme": row.scheme if outgoing else None,
        "value": row.value if outgoing else None,
        "entity": None if other is None else {"id": other, "name": name},
        "flags": flags,
    }


async def at_odds(session: AsyncSession, *, issues: Iterable[RelationIssue]) -> set[UUID]:
    """Entities whose relations, as sources state them, cannot be: kept, and shown to whoever asks for them."""
    found: set[UUID] = set()
    for issue in issues:
        if issue == "parent_cycle":
            found |= await entities_in_cycles(session)
        else:
            found |= await relations_repository.related_to_themselves(session)
    return found


async def entities_in_cycles(session: AsyncSession) -> set[UUID]:
    """Everybody who stands above himself, as sources say it; a relation to itself is none of these."""
    above: dict[UUID, set[UUID]] = {}
    for child, parent in await relations_repository.parents_of(session, None):
        if child != parent:
            above.setdefault(child, set()).add(parent)
    # Whoever has nobody above, or nobody below, is in no cycle: peel these off until only cycles are left.
    while True:
        parents = set().union(*above.values()) if above else set()
        kept = {
            child: links & above.keys() for child, links in above.items() if child in parents and links & above.keys()
        }
        if kept == above:
            return {entity for entity in above if _reaches_itself(entity, above)}
        above = kept


def _reaches_itself(entity: UUID, above: Mapping[UUID, set[UUID]]) -> bool:
    seen: set[UUID] = set()
    level = set(above[entity])
    while level:
        if entity in level:
            return True
        seen |= level
        level = set().union(*(above.get(one, set()) for one in level)) - seen
    return False


async def resolve_targets(
    session: AsyncSession, *, relations: Iterable[RelationIn], resolve: Any
) -> dict[str, tuple[UUID, str]]:
    """Id and name of every entity that relations name; raises Invalid where there is none."""
    found: dict[str, UUID] = {}
    wrong: list[FieldError] = []
    for at, relation in enumerate(relations):
        if relation.entity is None or relation.entity in found:
            continue
        try:
            found[relation.entity] = await resolve(session, reference=relation.entity)
        except Problem as problem:
            wrong.append(FieldError(pointer=f"/relations/{at}/entity", code=problem.code, detail=problem.detail))
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
    names = await repository.names_of(session, set(found.values())) if found else {}
    return {reference: (entity_id, names[entity_id]) for reference, entity_id in found.items()}
