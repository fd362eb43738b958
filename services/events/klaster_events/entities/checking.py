"""Whether an entity exists, asked of the local copy first and of the registry where the copy does not know it.

It is asked before the transaction that writes begins: nothing waits for a neighbour with the database in hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from klaster_events.entities import operations
from klaster_events.entities.schemas import EntityFacts
from klaster_shared.database import Database
from klaster_shared.errors import FieldError, Invalid


class Registry(Protocol):
    """Whoever knows every entity."""

    async def entity(self, entity_id: UUID) -> EntityFacts | None:
        """One entity, None where there is none; raises Unavailable where it cannot be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking gave: the entity each id stands for today, and what the copy does not have yet."""

    living: Mapping[UUID, UUID] = field(default_factory=dict)
    new: tuple[EntityFacts, ...] = ()


async def check_entities(database: Database, registry: Registry, *, pointers: Mapping[str, UUID]) -> Checked:
    """Check the entities that a request names under these pointers.

    Raises Invalid with an error for each that does not exist, Unavailable where the registry would have to be
    asked and is away.
    """
    wanted = set(pointers.values())
    if not wanted:
        return Checked()
    async with database.read() as session:
        living = await operations.living(session, ids=wanted)
    new = []
    for entity_id in sorted(wanted - living.keys()):
        told = await registry.entity(entity_id)
        if told is not None:
            living[entity_id] = told.merged_into or told.id
            new.append(told)
    wrong = [
        FieldError(pointer=pointer, code="unknown_entity", detail=f"The registry knows no entity {entity_id}")
        for pointer, entity_id in pointers.items()
        if entity_id not in living
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
    return Checked(living, tuple(new))
