"""The audience of results: looks are counted in batches and without persons, contacts are asked for by name."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.viewers import Viewer
from klaster_events.people import operations as people
from klaster_events.showcase import repository
from klaster_events.showcase.errors import ContactAsked, ContactNotAsked, WrongResultState
from klaster_events.showcase.models import ShowcaseContact, ShowcaseItem
from klaster_events.showcase.operations import get_result
from klaster_events.showcase.records import is_on_show
from klaster_events.showcase.schemas import ContactCreate
from klaster_events.turns import Turns
from klaster_shared.changes import record_change
from klaster_shared.database import Database
from klaster_shared.errors import Conflict
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import PageParameters

COLLECTION = "showcase_contacts"
_MOST = 500  # requests of one transaction
_ALL = UUID(int=0)  # looks at all results gather in one queue


@dataclass(frozen=True, slots=True)
class Look:
    """What one request saw, on which day."""

    results: frozenset[UUID]
    day: date


class Looks:
    """Looks at results: those that come while a batch is written make up the next one. Answered once committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns: Turns[Look, int] = Turns(self._commit, most=_MOST)

    async def add(self, results: Collection[UUID], *, day: date) -> int:
        """Count a look at each; how many of them are on show."""
        return await self._turns.ask(_ALL, Look(frozenset(results), day))

    async def _commit(self, _queue: UUID, batch: Sequence[Look]) -> list[int | Exception]:
        async with self._database.write() as session:
            return [*await count_looks(session, looks=batch)]


async def count_looks(session: AsyncSession, *, looks: Sequence[Look]) -> list[int]:
    """Add these looks up by result and day, and write each sum once; how many of each look were counted."""
    shown = {
        day: await repository.shown_among(
            session, {one for look in looks if look.day == day for one in look.results}, day
        )
        for day in sorted({look.day for look in looks})
    }
    counted = [look.results & shown[look.day] for look in looks]
    sums = Counter((one, look.day) for look, seen in zip(looks, counted, strict=True) for one in seen)
    rows = [{"item_id": one, "day": day, "views": views} for (one, day), views in sorted(sums.items())]
    await repository.add_views(session, rows)
    return [len(seen) for seen in counted]


async def ask_contact(
    session: AsyncSession,
    *,
    result_id: UUID,
    given: ContactCreate,
    asker: UUID,
    checked: Checked,
    viewer: Viewer,
    now: datetime,
    today: date,
) -> dict[str, Any]:
    """Ask whom to speak to about a result, saying who asks. Nobody is named in the answer, which may be kept.

    Raises ResultNotFound, WrongResultState where it is not on show, Conflict for its own entity, and ContactAsked the
    second time.
    """
    [person_id] = await people.find_or_add_people(session, given=[given.person], now=now)
    await entities.keep(session, facts=checked.new, now=now)
    item = await get_result(session, result_id=result_id, viewer=viewer, held=True)
    entity_id = checked.living[asker]
    ids = await entities.ids_of(session, entity_id=entity_id)
    if not is_on_show(item, today):
        raise WrongResultState("It is not on show")
    if item.entity_id in ids:
        raise Conflict("It is your own")
    if await repository.has_asked(session, result_id, ids):
        raise ContactAsked("One contact an entity is enough")
    row = ShowcaseContact(
        id=new_id(),
        item_id=result_id,
        entity_id=entity_id,
        person_id=person_id,
        message=given.message,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    record = {"id": row.id, "result_id": result_id, "entity_id": entity_id, "created_at": now}
    record_change(session, kind="created", collection=COLLECTION, id=row.id, record=record, audience="office")
    named = await entities.names(session, ids=[entity_id])
    return {"id": row.id, "entity": named[entity_id], "created_at": now}


async def contact_of(session: AsyncSession, *, item: ShowcaseItem, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Whom to speak to, for the owner, the office and whoever asked; the look is recorded. Raises ContactNotAsked."""
    own = viewer.office or item.entity_id in viewer.own
    if not own and not await repository.has_asked(session, item.id, viewer.own):
        raise ContactNotAsked("Ask for it first, and say who asks")
    people.note_look(session, list_name="showcase contact", person_id=item.person_id, now=now)
    return (await people.names_of(session, ids=[item.person_id]))[item.person_id]


async def list_contacts(
    session: AsyncSession, *, item: ShowcaseItem, parameters: PageParameters, now: datetime
) -> tuple[Sequence[ShowcaseContact], list[dict[str, Any]]]:
    """Who asked about a result, one row more where there is more, and what is shown of them; looks are recorded."""
    rows = await repository.contacts_page(session, item.id, parameters)
    shown = rows[: parameters.limit]
    named = await entities.names(session, ids={row.entity_id for row in shown})
    who = await people.names_of(session, ids={row.person_id for row in shown})
    for person_id in who:
        people.note_look(session, list_name="showcase contacts", person_id=person_id, now=now)
    items = [
        {
            "id": row.id,
            "entity": named[row.entity_id],
            "created_at": row.created_at,
            "person": who[row.person_id],
            "message": row.message,
        }
        for row in shown
    ]
    return rows, items


async def count_contacts(session: AsyncSession, *, item: ShowcaseItem) -> int:
    """How many asked."""
    return (await repository.contacts_of(session, [item.id])).get(item.id, 0)


async def forget_contacts(session: AsyncSession, *, person_ids: Collection[UUID]) -> None:
    """Delete what these people wrote, who are being erased; that an entity asked stays a number."""
    await repository.drop_messages(session, person_ids)
