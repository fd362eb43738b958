"""Rules of badges: one for everybody who has a seat for certain; whoever was erased has none."""

import csv
from collections.abc import Sequence
from io import StringIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.badges import repository
from klaster_events.badges.schemas import BadgeRead
from klaster_events.entities import operations as entities
from klaster_shared.text import sort_key

COLUMNS = ("name", "entity", "code")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def badges_of(session: AsyncSession, *, event_id: UUID) -> list[BadgeRead]:
    """The badges of an event, as the Polish alphabet has the names. An event's people fit into one answer."""
    rows = await repository.bearers(session, event_id)
    named = await entities.names(session, ids={row.entity_id for row in rows if row.entity_id})
    found = [
        BadgeRead(name=row.name, entity=named[row.entity_id]["name"] if row.entity_id else None, code=row.code)
        for row in rows
    ]
    return sorted(found, key=lambda badge: (sort_key(badge.name), badge.code or ""))


def as_csv(badges: Sequence[BadgeRead]) -> str:
    """The badges as a table."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(getattr(badge, column) or "") for column in COLUMNS] for badge in badges)
    return text.getvalue()


def _harmless(value: str) -> str:
    """Anybody may register under any name: one that a spreadsheet would take for a formula is told to be text."""
    return f"'{value}" if value.startswith(_FORMULA) else value
