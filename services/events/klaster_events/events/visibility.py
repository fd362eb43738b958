"""Who may see an event: everybody, partners, or the partners of a special interest group.

What a partner may see follows from the local copy of the registry, and so holds while the registry is away. Whoever
organises an event sees it, and its online link; drafts are the office's alone.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import operations as entities
from klaster_events.events import repository
from klaster_events.events.errors import EventNotFound
from klaster_events.events.models import Event
from klaster_events.events.viewers import ANYBODY, OFFICE, Viewer
from klaster_shared.access import may


async def viewer_of(session: AsyncSession, *, role: str, entity: UUID | None, today: date) -> Viewer:
    """What a caller may see today; `entity` is the one that the caller speaks for."""
    if may(role, "office"):
        return OFFICE
    if not may(role, "partner"):
        return ANYBODY
    if entity is None:
        return Viewer(partner=True)
    standing = await entities.standing_of(session, entity_id=entity, today=today)
    return Viewer(partner=True, own=standing.ids, groups=standing.groups)


async def sees(session: AsyncSession, *, event: Event, viewer: Viewer) -> bool:
    """Whether an event is there for a viewer."""
    if viewer.office:
        return True
    if event.state == "draft":
        return False
    if event.visibility == "public" or (event.visibility == "partners" and viewer.partner):
        return True
    if event.visibility == "sig" and event.sig in viewer.groups:
        return True
    return await organised_by(session, event=event, own=viewer.own)


async def require_visible(session: AsyncSession, *, event: Event, viewer: Viewer) -> None:
    """Raises EventNotFound where the event is not there for this viewer: nobody learns that there is one."""
    if not await sees(session, event=event, viewer=viewer):
        raise EventNotFound(f"There is no event {event.id}")


async def organises(session: AsyncSession, *, event: Event, entity: UUID) -> bool:
    """Whether an entity organises an event, alone or with others, after all merges on either side."""
    standing = await entities.ids_of(session, entity_id=entity)
    return await organised_by(session, event=event, own=standing)


async def organised_by(session: AsyncSession, *, event: Event, own: Collection[UUID]) -> bool:
    """As `organises`, for an entity whose ids are known."""
    if not own:
        return False
    if event.organiser_id in own:
        return True
    together = await repository.co_organisers(session, [event.id])
    return any(entity_id in own for entity_id in together.get(event.id, ()))
