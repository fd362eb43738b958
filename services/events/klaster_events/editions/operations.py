"""Rules of editions: one per event, opened when people can take part, closed afterwards. Tables stand in `tables`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions import repository
from klaster_events.editions.errors import EditionExists, EditionNotFound, WrongEditionState
from klaster_events.editions.models import Edition
from klaster_events.editions.records import audience_of, record_of
from klaster_events.editions.rules import check_edition, check_ready
from klaster_events.editions.schemas import EditionListParameters, EditionState, ForumEditionCreate, ForumEditionUpdate
from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event
from klaster_events.events.viewers import OFFICE, Viewer
from klaster_events.events.visibility import sees
from klaster_shared.access import Role
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid, NotFound
from klaster_shared.identifiers import new_id

COLLECTION = "editions"
Held = tuple[Edition, Event]
"""An edition with its event."""
_STEPS: dict[EditionState, tuple[EditionState, ...]] = {"open": ("draft", "closed"), "closed": ("open",)}
_GRID = ("slot_minutes", "break_minutes")


async def list_editions(session: AsyncSession, *, parameters: EditionListParameters, viewer: Viewer) -> Sequence[Held]:
    """One page of what somebody may see, the newest first, and one row more where there is more."""
    return await repository.editions_page(session, parameters, viewer)


async def count_editions(session: AsyncSession, *, parameters: EditionListParameters, viewer: Viewer) -> int:
    """How many there are in all."""
    return await repository.count_editions(session, parameters, viewer)


async def get_edition(session: AsyncSession, *, edition_id: UUID, viewer: Viewer = OFFICE, held: bool = False) -> Held:
    """One edition with its event; raises EditionNotFound, also where it is not there for this viewer."""
    found = await repository.find_edition(session, edition_id, held=held)
    if found is None or not await _is_there(session, found, viewer):
        raise EditionNotFound(f"There is no edition {edition_id}")
    return found


async def _is_there(session: AsyncSession, found: Held, viewer: Viewer) -> bool:
    edition, event = found
    return viewer.office or (edition.state != "draft" and await sees(session, event=event, viewer=viewer))


async def edition_of(session: AsyncSession, *, event_id: UUID) -> Edition | None:
    """The edition of an event, whatever its state."""
    return await repository.edition_of(session, event_id)


async def create_edition(session: AsyncSession, *, given: ForumEditionCreate, now: datetime) -> Held:
    """Give an event its 1:1 meetings, as a draft.

    Raises Invalid on an event that does not exist and where the edition contradicts itself, EditionExists where the
    event has one.
    """
    event = await _event(session, given.event)
    if await repository.edition_of(session, event.id) is not None:
        raise EditionExists("Read what there is: /v1/lsos/editions")
    created = Edition(
        id=new_id(),
        event_id=event.id,
        state="draft",
        version=1,
        created_at=now,
        updated_at=now,
        **given.model_dump(exclude={"event"}, by_alias=True),
    )
    check_edition(created, event)
    session.add(created)
    await session.flush()
    _log(session, (created, event), kind="created")
    return created, event


async def _event(session: AsyncSession, event_id: UUID) -> Event:
    """Held: two editions of one event are asked for one after the other."""
    try:
        return await hold_event(session, event_id=event_id)
    except NotFound as missing:
        raise Invalid.field("/event", "unknown_event", missing.detail) from missing


async def change_edition(session: AsyncSession, *, found: Held, given: ForumEditionUpdate, now: datetime) -> Held:
    """Change an edition that the caller holds; what its new windows leave out is no slot any more.

    Raises WrongEditionState where the length of slots would change under people, or a kind go that somebody may have,
    and Invalid where the edition would contradict itself.
    """
    edition, event = found
    values: dict[str, Any] = given.model_dump(by_alias=True)
    changed = [name for name, value in values.items() if getattr(edition, name) != value]
    if not changed:
        return found
    if edition.state != "draft":
        _refuse_under_people(edition, values, changed)
    for name in changed:
        setattr(edition, name, values[name])
    check_edition(edition, event)
    _note(session, found, changed, now, seen_before=audience_of(edition, event))
    return found


def _refuse_under_people(edition: Edition, values: dict[str, Any], changed: Sequence[str]) -> None:
    if set(changed) & set(_GRID):
        raise WrongEditionState(f"The edition is {edition.state}: its slots keep their length")
    gone = {kind["code"] for kind in edition.kinds} - {kind["code"] for kind in values.get("kinds", edition.kinds)}
    if gone:
        raise WrongEditionState(f"The edition is {edition.state}: somebody may be a {min(gone)}")


async def move_edition(session: AsyncSession, *, found: Held, to: EditionState, now: datetime) -> Held:
    """Open an edition that the caller holds, or close it; a closed one can be opened anew.

    Raises WrongEditionState, and EditionNotReady where nobody could take part.
    """
    edition, event = found
    if edition.state not in _STEPS[to]:
        raise WrongEditionState(f"The edition is {edition.state}; only one that is {' or '.join(_STEPS[to])} can")
    if to == "open":
        check_ready(edition, event, now=now)
    audience = audience_of(edition, event)
    edition.state = to
    _note(session, found, ["state"], now, seen_before=audience)
    return found


async def delete_edition(session: AsyncSession, *, found: Held) -> None:
    """Remove a draft, or a demonstration; raises WrongEditionState for what people may have taken part in."""
    edition, event = found
    if edition.state != "draft" and not event.demonstration:
        raise WrongEditionState("It was open: close it instead")
    await repository.delete_edition(session, edition.id)
    session.expunge(edition)
    record_change(session, kind="deleted", collection=COLLECTION, id=edition.id, audience=audience_of(edition, event))


def _note(session: AsyncSession, found: Held, changed: Sequence[str], now: datetime, *, seen_before: Role) -> None:
    edition, event = found
    edition.version += 1
    edition.updated_at = now
    entered = seen_before == "office" and audience_of(edition, event) != "office"
    _log(session, found, kind="created" if entered else "updated", changed=changed)


def _log(session: AsyncSession, found: Held, *, kind: Any, changed: Sequence[str] = ()) -> None:
    edition, event = found
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=edition.id,
        changed=changed,
        record=record_of(edition, event, "all"),
        audience=audience_of(edition, event),
    )
