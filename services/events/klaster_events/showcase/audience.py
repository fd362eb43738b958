"""The audience of results: looks are counted in batches and without persons, contacts are asked for by name."""

from collections import Counter
from collections.abc import Collection, Sequence
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
from klaster_events.showcase.schemas import ContactCreate, ViewsIn
from klaster_shared.changes import record_change
from klaster_shared.errors import Conflict
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import PageParameters

COLLECTION = "showcase_contacts"


async def count_views(session: AsyncSession, *, views: Sequence[ViewsIn], today: date) -> int:
    """Add a batch of looks to today's, each result written once; how many were counted: of those on show."""
    shown = await repository.shown_among(session, {one.result for one in views}, today)
    sums: Counter[UUID] = Counter()
    for one in views:
        if one.result in shown:
            sums[one.result] += one.count
    # In one order for all: two batches never wait for each other in a circle.
    rows = [{"item_id": item_id, "day": today, "views": count} for item_id, count in sorted(sums.items())]
    await repository.add_views(session, rows)
    return sums.total()


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
