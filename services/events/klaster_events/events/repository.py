"""Every query on events; seats are taken and given back by conditional updates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN
from klaster_events.events.filters import Resolved, conditions
from klaster_events.events.models import CoOrganiser, Event
from klaster_events.events.schemas import EventFilters, EventListParameters
from klaster_events.events.viewers import Viewer
from klaster_shared.pagination import Order, after


async def find_event(session: AsyncSession, event_id: UUID, *, held: bool = False) -> Event | None:
    """One event; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(Event, event_id, with_for_update=held or None, populate_existing=held)


async def is_known(session: AsyncSession, source: str, source_key: str) -> bool:
    """Whether an event came from a source under a key."""
    statement = select(col(Event.id)).where(col(Event.source) == source, col(Event.source_key) == source_key)
    return await session.scalar(statement) is not None


async def events_page(
    session: AsyncSession,
    parameters: EventListParameters,
    *,
    order: Sequence[Order],
    resolved: Resolved,
    zone: str,
    viewer: Viewer,
) -> Sequence[Event]:
    """One page, and one row more where there is more."""
    statement: Any = select(Event).where(*conditions(parameters, resolved=resolved, zone=zone, viewer=viewer))
    statement = after(statement, order, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events there are, how many of them are demonstration data, and how many are not for everybody."""

    total: int
    demonstration: int
    restricted: int


async def count_events(
    session: AsyncSession, parameters: EventFilters, *, resolved: Resolved, zone: str, viewer: Viewer
) -> Counts:
    """The list that the parameters ask for, in numbers."""
    parts = (col(Event.demonstration), col(Event.visibility) != "public")
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts]
    statement = select(func.count(), *sums).select_from(Event)
    statement = statement.where(*conditions(parameters, resolved=resolved, zone=zone, viewer=viewer))
    return Counts(*(int(number) for number in (await session.execute(statement)).one()))


async def co_organisers(session: AsyncSession, event_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The co-organisers of these events, in the order in which they were given."""
    if not event_ids:
        return {}
    statement = select(CoOrganiser).where(col(CoOrganiser.event_id).in_(event_ids))
    found: dict[UUID, list[UUID]] = {}
    for row in (await session.scalars(statement.order_by(col(CoOrganiser.event_id), col(CoOrganiser.position)))).all():
        found.setdefault(row.event_id, []).append(row.entity_id)
    return found


async def replace_co_organisers(session: AsyncSession, event_id: UUID, entity_ids: Sequence[UUID]) -> None:
    """Give an event these co-organisers and no others."""
    statement = delete(CoOrganiser).where(col(CoOrganiser.event_id) == event_id)
    await session.execute(statement.execution_options(**AS_WRITTEN))
    rows = [
        {"event_id": event_id, "entity_id": entity_id, "position": position}
        for position, entity_id in enumerate(entity_ids)
    ]
    if rows:
        await session.execute(insert(CoOrganiser), rows)


async def chosen_events(
    session: AsyncSession,
    parameters: EventFilters,
    *,
    order: Sequence[Order],
    resolved: Resolved,
    zone: str,
    viewer: Viewer,
    announced: bool,
    limit: int,
) -> Sequence[Event]:
    """The first events in an order, published ones alone; `announced`: not those that came in as over."""
    asked = conditions(parameters, resolved=resolved, zone=zone, viewer=viewer)
    statement: Any = select(Event).where(*asked, col(Event.state) != "draft")
    if announced:
        statement = statement.where(col(Event.published_at).is_not(None))
    return list((await session.scalars(after(statement, order, None).limit(limit))).all())


async def delete_event(session: AsyncSession, event_id: UUID) -> None:
    """Remove an event; registrations and attendance go with it."""
    await session.execute(delete(Event).where(col(Event.id) == event_id).execution_options(**AS_WRITTEN))


async def move_counters(
    session: AsyncSession, event_id: UUID, *, confirmed: int, held: int, waiting: int, tickets: int
) -> dict[str, int] | None:
    """Move the counters of an event: what they are by now, None where that would take one seat too many."""
    seats = confirmed + held
    statement = update(Event).where(col(Event.id) == event_id)
    if seats > 0:
        enough = col(Event.confirmed) + col(Event.held) + seats <= col(Event.capacity)
        statement = statement.where(or_(col(Event.capacity).is_(None), enough))
    values = {
        "confirmed": col(Event.confirmed) + confirmed,
        "held": col(Event.held) + held,
        "waiting": col(Event.waiting) + waiting,
        "tickets": col(Event.tickets) + tickets,
    }
    columns = (col(Event.confirmed), col(Event.held), col(Event.waiting), col(Event.tickets))
    statement = statement.values(values).returning(*columns).execution_options(**AS_WRITTEN)
    moved = (await session.execute(statement)).one_or_none()
    return None if moved is None else dict(moved._mapping)
