"""The grid of an edition with everybody and everything on it, as the database has it now."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.models import Edition
from klaster_events.editions.tables import all_tables
from klaster_events.events.models import Event
from klaster_events.meetings import repository
from klaster_events.meetings.grid import Grid
from klaster_events.meetings.models import Meeting
from klaster_events.meetings.parties import Party


async def grid_of(session: AsyncSession, *, edition: Edition, event: Event) -> Grid:
    """The slots and tables of an edition, and what is taken of them."""
    people: dict[UUID, dict[datetime, UUID]] = {}
    for participant, slot, meeting in await repository.taken_people(session, edition.id):
        people.setdefault(participant, {})[slot] = meeting
    return Grid(
        edition=edition,
        event=event,
        tables=await all_tables(session, edition_id=edition.id),
        sessions=await repository.sessions_of(session, event.id),
        people=people,
        places={(slot, table): meeting for slot, table, meeting in await repository.taken_places(session, edition.id)},
    )


async def parties_of(session: AsyncSession, *, edition_id: UUID) -> dict[UUID, Party]:
    """Everybody who takes part, or did."""
    return await repository.parties_of_edition(session, edition_id)


async def live_meetings(session: AsyncSession, *, edition_id: UUID, held: bool = False) -> Sequence[Meeting]:
    """What is asked for, accepted or scheduled, in one order for all who hold them."""
    return await repository.live_meetings(session, edition_id, held=held)


async def replace_places(session: AsyncSession, *, freed: Sequence[UUID], taken: Sequence[Meeting]) -> None:
    """Give back what some meetings take of the grid, then take what others need: for whoever holds the edition."""
    await repository.free(session, freed)
    await repository.take(session, taken)
