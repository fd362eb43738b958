"""Times without bookings: service, holidays, the owner's own work. They and bookings wait for each other."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings import repository
from klaster_events.bookings.errors import BlackoutNotFound, BookingsInTheWay, NotBookable
from klaster_events.bookings.models import Blackout
from klaster_events.bookings.records import blackout_record
from klaster_events.bookings.schemas import BlackoutIn
from klaster_events.bookings.steps import cancel_within
from klaster_events.events.viewers import Viewer
from klaster_events.resources import operations as resources
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import PageParameters

COLLECTION = "blackouts"


async def add_blackout(
    session: AsyncSession, *, resource_id: UUID, given: BlackoutIn, viewer: Viewer, now: datetime
) -> Blackout:
    """Keep a time without bookings.

    Raises ResourceNotFound, NotYourResource, NotBookable where there are no rules, and BookingsInTheWay, which names
    those that stand in it, unless they are to be cancelled.
    """
    rules = await resources.hold_rules(session, resource_id=resource_id)
    resource = await resources.get_resource(session, resource_id=resource_id)
    resources.require_own(resource, viewer)
    if rules is None:
        raise NotBookable("It takes no bookings at all")
    standing = await repository.living_within(session, resource_id, given.starts_at, given.ends_at)
    if standing and not given.cancel_bookings:
        ids = [str(one.id) for one in standing]
        raise BookingsInTheWay(f"{len(ids)} bookings stand in it", bookings=ids)
    await cancel_within(session, bookings=standing, resource=resource, viewer=viewer, note=given.note, now=now)
    row = Blackout(
        id=new_id(),
        resource_id=resource_id,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        note=given.note,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    record = {**blackout_record(row), "resource_id": resource_id}
    record_change(session, kind="created", collection=COLLECTION, id=row.id, record=record)
    return row


async def list_blackouts(
    session: AsyncSession, *, resource_id: UUID, parameters: PageParameters, now: datetime
) -> Sequence[Blackout]:
    """One page of those that are not over, and one row more where there is more; raises ResourceNotFound."""
    await resources.get_resource(session, resource_id=resource_id)
    return await repository.blackouts_page(session, resource_id, parameters, now=now)


async def count_blackouts(session: AsyncSession, *, resource_id: UUID, now: datetime) -> int:
    """How many are not over."""
    return await repository.count_blackouts(session, resource_id, now=now)


async def remove_blackout(session: AsyncSession, *, resource_id: UUID, blackout_id: UUID, viewer: Viewer) -> None:
    """Take bookings again then; raises ResourceNotFound, NotYourResource, BlackoutNotFound."""
    resource = await resources.get_resource(session, resource_id=resource_id)
    resources.require_own(resource, viewer)
    if not await repository.delete_blackout(session, resource_id, blackout_id):
        raise BlackoutNotFound(f"There is no time without bookings {blackout_id}")
    record_change(session, kind="deleted", collection=COLLECTION, id=blackout_id)
