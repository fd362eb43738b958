"""Rules of competitors: each entity keeps its own list; whoever is on it is matched with it in neither direction.

Nothing of it is in the change log: who fears whom is the business of the one who says so.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.competitors import repository
from klaster_events.competitors.errors import NotYourList
from klaster_events.competitors.models import Competitor
from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.viewers import Viewer
from klaster_shared.errors import Invalid
from klaster_shared.pagination import PageParameters


async def list_competitors(
    session: AsyncSession, *, entity_id: UUID, parameters: PageParameters, viewer: Viewer
) -> Sequence[Competitor]:
    """One page of an entity's list, and one row more where there is more; raises NotYourList."""
    require_own(entity_id, viewer)
    return await repository.page(session, await entities.ids_of(session, entity_id=entity_id), parameters)


async def count_competitors(session: AsyncSession, *, entity_id: UUID) -> int:
    """How many an entity has named in all."""
    return await repository.count(session, await entities.ids_of(session, entity_id=entity_id))


async def add_competitor(
    session: AsyncSession, *, entity_id: UUID, other_id: UUID, checked: Checked, viewer: Viewer, now: datetime
) -> None:
    """Put an entity on the list of another; raises NotYourList, and Invalid where the two are one."""
    require_own(entity_id, viewer)
    own, other = checked.living[entity_id], checked.living[other_id]
    if own == other:
        raise Invalid.field("path/other_id", "same_entity", "Nobody is their own competitor")
    await entities.keep(session, facts=checked.new, now=now)
    await repository.add(session, own, other, now=now)


async def remove_competitor(session: AsyncSession, *, entity_id: UUID, other_id: UUID, viewer: Viewer) -> None:
    """Take an entity off the list of another; a second time changes nothing. Raises NotYourList."""
    require_own(entity_id, viewer)
    ids = await entities.ids_of(session, entity_id=entity_id)
    await repository.remove(session, ids, await entities.ids_of(session, entity_id=other_id))


def require_own(entity_id: UUID, viewer: Viewer) -> None:
    """Raises NotYourList for whoever neither is the office nor speaks for the entity."""
    if not viewer.office and entity_id not in viewer.own:
        raise NotYourList("Your entity keeps another list")


async def competitors_of(session: AsyncSession, *, ids: frozenset[UUID]) -> set[UUID]:
    """Whom an entity named, and who named it: under all the ids that they have, whatever was merged since."""
    found = await repository.on_either_side(session, ids)
    alive = await entities.living(session, ids=found)
    return set(await entities.one_with(session, ids={*found, *alive.values()}))


async def records_of(session: AsyncSession, *, rows: Sequence[Competitor]) -> list[dict[str, Any]]:
    """The list as it is shown, with the names of today."""
    named = await entities.names(session, ids={row.other_id for row in rows})
    return [{**named[row.other_id], "created_at": row.created_at} for row in rows]
