"""Rules of the showcase: an entity promotes results of projects in which it takes part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import operations as entities
from klaster_events.entities.checking import Checked
from klaster_events.events.viewers import Viewer
from klaster_events.people import operations as people
from klaster_events.people.schemas import PersonGiven
from klaster_events.showcase import repository
from klaster_events.showcase.errors import (
    NotYourResult,
    ResultExists,
    ResultNotFound,
    ResultWasShown,
    WrongResultState,
)
from klaster_events.showcase.filters import Asked
from klaster_events.showcase.models import ShowcaseItem
from klaster_events.showcase.records import audience_of, feed_record, record_of, searchable
from klaster_events.showcase.schemas import ShowcaseCreate, ShowcaseListParameters, ShowcaseUpdate
from klaster_shared.access import Role
from klaster_shared.changes import record_change
from klaster_shared.errors import Forbidden, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language

COLLECTION = "showcase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoter:
    """Who promotes a result: looked up before the transaction began, as was who takes part in the project."""

    entity_id: UUID
    checked: Checked
    viewer: Viewer
    partners: frozenset[UUID]


async def list_results(
    session: AsyncSession, *, parameters: ShowcaseListParameters, viewer: Viewer, today: date
) -> Sequence[ShowcaseItem]:
    """One page, the newest first, and one row more where there is more."""
    return await repository.items_page(session, await _asked(session, parameters, viewer, today))


async def count_results(
    session: AsyncSession, *, parameters: ShowcaseListParameters, viewer: Viewer, today: date
) -> tuple[int, int]:
    """How many there are, and how many of these are demonstration data."""
    return await repository.count_items(session, await _asked(session, parameters, viewer, today))


async def _asked(session: AsyncSession, parameters: ShowcaseListParameters, viewer: Viewer, today: date) -> Asked:
    found = await entities.one_with(session, ids=parameters.entity) if parameters.entity else None
    return Asked(parameters=parameters, viewer=viewer, day=parameters.as_of or today, entities=found)


async def get_result(session: AsyncSession, *, result_id: UUID, viewer: Viewer, held: bool = False) -> ShowcaseItem:
    """One result; raises ResultNotFound, also where it is a draft of somebody else's."""
    found = await repository.find_item(session, result_id, held=held)
    own = found is not None and (viewer.office or found.entity_id in viewer.own)
    if found is None or (found.state == "draft" and not own):
        raise ResultNotFound(f"There is no result {result_id} on show")
    return found


async def hold_own(session: AsyncSession, *, result_id: UUID, author: Viewer) -> ShowcaseItem:
    """A result of the author's entity, or any for the office, held until this transaction ends.

    Raises ResultNotFound, and NotYourResult where they may only see it.
    """
    found = await get_result(session, result_id=result_id, viewer=author, held=True)
    require_own(found, author)
    return found


def require_own(item: ShowcaseItem, viewer: Viewer) -> None:
    """Raises NotYourResult for whoever neither is the office nor speaks for the entity that promotes it."""
    if not viewer.office and item.entity_id not in viewer.own:
        raise NotYourResult("Your entity does not promote this result")


async def create_result(
    session: AsyncSession, *, given: ShowcaseCreate, promoter: Promoter, now: datetime, today: date
) -> ShowcaseItem:
    """Add a result, as a draft or on show.

    Raises ResultExists, Forbidden where anybody but the office adds a demonstration, and Invalid where the entity takes
    no part in the project.
    """
    if given.demonstration and not promoter.viewer.office:
        raise Forbidden("The office alone adds demonstrations")
    [person_id] = await people.find_or_add_people(session, given=[given.contact], now=now)
    await entities.keep(session, facts=promoter.checked.new, now=now)
    entity_id = promoter.checked.living[promoter.entity_id]
    await _check_part(session, promoter, entity_id)
    item_id = new_id()
    if given.source_key and await repository.is_known(session, given.source, given.source_key):
        raise ResultExists(f"{given.source} has {given.source_key} already")
    item = ShowcaseItem(
        id=item_id,
        entity_id=entity_id,
        project_id=given.project,
        person_id=person_id,
        **_words(given.title.model_dump(), given.text.model_dump()),
        search_text="",
        links=[one.model_dump() for one in given.links],
        state=given.state,
        shown_from=given.shown_from or today,
        shown_until=given.shown_until,
        demonstration=given.demonstration,
        source=given.source,
        source_key=given.source_key or str(item_id),
        version=1,
        created_at=now,
        updated_at=now,
    )
    _check_days(item)
    item.search_text = searchable(item)
    session.add(item)
    await session.flush()
    await _log(session, item, "created")
    return item


async def _check_part(session: AsyncSession, promoter: Promoter, entity_id: UUID) -> None:
    if promoter.viewer.office:
        return
    if promoter.partners.isdisjoint(await entities.ids_of(session, entity_id=entity_id)):
        raise Invalid.field("/project", "not_in_project", "Your entity takes no part in this project")


def _words(title: Mapping[str, str], text: Mapping[str, str]) -> dict[str, str]:
    return {"title_pl": title["pl"], "title_en": title["en"], "text_pl": text["pl"], "text_en": text["en"]}


def _check_days(item: ShowcaseItem) -> None:
    if item.shown_until is not None and item.shown_until < item.shown_from:
        raise Invalid.field("/shown_until", "in_order", "It ends before it begins")


async def keep_contact(session: AsyncSession, *, given: PersonGiven, now: datetime) -> UUID:
    """The contact person's random id; people are locked before results, here as everywhere."""
    [person_id] = await people.find_or_add_people(session, given=[given], now=now)
    return person_id


async def change_result(
    session: AsyncSession, *, item: ShowcaseItem, given: ShowcaseUpdate, contact: UUID | None, now: datetime
) -> ShowcaseItem:
    """Change a result that the caller holds; raises Invalid, and WrongResultState once it is withdrawn."""
    if item.state == "withdrawn":
        raise WrongResultState("It is withdrawn")
    said = given.model_dump(exclude={"contact"})
    values: dict[str, Any] = {"person_id": contact} if contact is not None else {}
    for name in ("title", "text"):
        values |= {f"{name}_{language}": words for language, words in said.pop(name, {}).items()}
    values |= said
    changed = sorted(name for name, value in values.items() if getattr(item, name) != value)
    for name in changed:
        setattr(item, name, values[name])
    _check_days(item)
    if changed:
        item.search_text = searchable(item)
        wire = {"person_id": "contact"}
        await _note(session, item, [wire.get(name, name.split("_pl")[0].split("_en")[0]) for name in changed], now)
    return item


async def publish(session: AsyncSession, *, item: ShowcaseItem, now: datetime) -> ShowcaseItem:
    """Put a draft on show; raises WrongResultState."""
    if item.state != "draft":
        raise WrongResultState(f"It is {item.state}")
    item.state = "published"
    await _note(session, item, ["state"], now, entered=True)
    return item


async def withdraw(session: AsyncSession, *, item: ShowcaseItem, now: datetime, today: date) -> ShowcaseItem:
    """Take a result off the showcase: it was on show until yesterday, and is counted there. Raises WrongResultState."""
    if item.state != "published":
        raise WrongResultState(f"It is {item.state}")
    item.state = "withdrawn"
    yesterday = today - timedelta(days=1)
    item.shown_until = min(item.shown_until or yesterday, yesterday)
    await _note(session, item, ["state", "shown_until"], now)
    return item


async def delete_result(session: AsyncSession, *, item: ShowcaseItem) -> None:
    """Remove a draft, or a demonstration; raises ResultWasShown for what figures may have counted."""
    if item.state != "draft" and not item.demonstration:
        raise ResultWasShown("Figures may have counted it")
    audience = audience_of(item)
    await repository.delete_item(session, item.id)
    session.expunge(item)
    record_change(session, kind="deleted", collection=COLLECTION, id=item.id, audience=audience)


async def records_of(
    session: AsyncSession, *, items: Sequence[ShowcaseItem], language: Language, day: date
) -> list[dict[str, Any]]:
    """Results as they are shown, entities as they are after all merges; three looks for all of them."""
    ids = [item.id for item in items]
    named = await entities.names(session, ids={item.entity_id for item in items})
    views, contacts = await repository.views_of(session, ids), await repository.contacts_of(session, ids)
    return [
        record_of(
            item,
            language,
            named[item.entity_id],
            views=views.get(item.id, 0),
            contacts=contacts.get(item.id, 0),
            day=day,
        )
        for item in items
    ]


async def _note(
    session: AsyncSession, item: ShowcaseItem, changed: Sequence[str], now: datetime, *, entered: bool = False
) -> None:
    item.version += 1
    item.updated_at = now
    await session.flush()
    await _log(session, item, "created" if entered else "updated", sorted(set(changed)))


async def _log(session: AsyncSession, item: ShowcaseItem, kind: Any, changed: Sequence[str] = ()) -> None:
    named = await entities.names(session, ids=[item.entity_id])
    audience: Role = audience_of(item)
    record = feed_record(item, named[item.entity_id])
    record_change(
        session, kind=kind, collection=COLLECTION, id=item.id, changed=changed, record=record, audience=audience
    )
