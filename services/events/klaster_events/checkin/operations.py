"""Rules of check-in lists, and of the devices that they are given to."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda.models import AgendaSession
from klaster_events.checkin import repository
from klaster_events.checkin.errors import DeviceNotFound, ListInUse, ListNotFound, ListNotGiven
from klaster_events.checkin.list_schemas import CheckinListCreate, CheckinListUpdate
from klaster_events.checkin.models import CheckinDevice, CheckinList, Scan
from klaster_events.checkin.schemas import ScanListParameters
from klaster_events.events.models import Event
from klaster_shared.access import may
from klaster_shared.changes import record_change
from klaster_shared.database import Actor, acting
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text

COLLECTION = "checkin_lists"
AROUND = timedelta(hours=12)  # whoever builds up in the morning may check in for the evening
_OWN_NAME = {"name_pl": "Wejście", "name_en": "Entrance"}

Sessions = dict[UUID, AgendaSession]


async def lists_of(session: AsyncSession, *, event: Event, now: datetime) -> Sequence[CheckinList]:
    """The lists of an event. Its own one, under the event's id, is made by whoever looks first."""
    await _make_own(session, event, now)
    return await repository.lists_of(session, event.id)


async def get_list(session: AsyncSession, *, event: Event, list_id: UUID, now: datetime) -> CheckinList:
    """One list of an event; raises ListNotFound."""
    found = await repository.find_list(session, event.id, list_id)
    if found is None and list_id == event.id:
        await _make_own(session, event, now)
        found = await repository.find_list(session, event.id, list_id)
    if found is None:
        raise ListNotFound(f"The event has no list {list_id}")
    return found


async def hold_list(session: AsyncSession, *, event: Event, list_id: UUID, now: datetime) -> CheckinList:
    """One list of an event, held against other writers; raises ListNotFound."""
    await get_list(session, event=event, list_id=list_id, now=now)
    found = await repository.find_list(session, event.id, list_id, held=True)
    if found is None:
        raise ListNotFound(f"The event has no list {list_id}")
    return found


async def given_list(session: AsyncSession, *, event: Event, list_id: UUID, now: datetime) -> CheckinList:
    """One list, for the one who asks; raises ListNotGiven to a device that was not given it."""
    await require_given(session, list_ids=[list_id])
    return await get_list(session, event=event, list_id=list_id, now=now)


async def require_given(session: AsyncSession, *, list_ids: Collection[UUID]) -> None:
    """Raises ListNotGiven where one of these lists is not the caller's; the office has all."""
    missing = await not_given(session, actor=acting(session), list_ids=list_ids)
    if missing:
        raise ListNotGiven(f"The office has not given this device the list {min(missing)}")


async def not_given(session: AsyncSession, *, actor: Actor, list_ids: Collection[UUID]) -> set[UUID]:
    """Which of these lists somebody was not given."""
    if may(actor.role, "office"):
        return set()
    return set(list_ids) - await repository.given_lists(session, actor.subject, list_ids)


async def given_page(session: AsyncSession, *, cursor: str | None, limit: int, subject: str | None) -> Any:
    """Lists that a device was given; all of them where no device is named. One row more where there is more."""
    return await repository.given_page(session, subject=subject, cursor=cursor, limit=limit)


async def count_given(session: AsyncSession, *, subject: str | None) -> int:
    """How many there are in all."""
    return await repository.count_given(session, subject=subject)


async def create_list(session: AsyncSession, *, event: Event, given: CheckinListCreate, now: datetime) -> CheckinList:
    """Add a door; raises Invalid for a session of another event, or hours in the wrong order."""
    created = CheckinList(
        id=new_id(),
        event_id=event.id,
        session_id=given.session,
        name_pl=given.name.pl,
        name_en=given.name.en,
        **given.model_dump(exclude={"name", "session"}),
        version=1,
        created_at=now,
        updated_at=now,
    )
    sessions = await sessions_of(session, lists=[created])
    if given.session is not None and (given.session not in sessions or sessions[given.session].event_id != event.id):
        raise Invalid.field("/session", "unknown_session", f"The event has no session {given.session}")
    _check_hours(created, event, sessions)
    session.add(created)
    _log(session, created, "created")
    return created


async def change_list(
    session: AsyncSession, *, event: Event, door: CheckinList, given: CheckinListUpdate, now: datetime
) -> CheckinList:
    """Change a list that the caller holds; raises Invalid where it would close before it opens."""
    values = given.model_dump()
    if "name" in values:
        name = values.pop("name")
        values |= {"name_pl": name["pl"], "name_en": name["en"]}
    changed = [name for name, value in values.items() if getattr(door, name) != value]
    if not changed:
        return door
    for name in changed:
        setattr(door, name, values[name])
    _check_hours(door, event, await sessions_of(session, lists=[door]))
    door.version, door.updated_at = door.version + 1, now
    _log(session, door, "updated", changed)
    return door


async def delete_list(session: AsyncSession, *, door: CheckinList) -> None:
    """Remove a list that the caller holds; raises ListInUse for the event's own, and where anything was scanned."""
    if door.id == door.event_id or await repository.is_used(session, door.id):
        raise ListInUse("What was scanned stays; close the list by its hours instead")
    await repository.delete_list(session, door.id)
    session.expunge(door)
    record_change(session, kind="deleted", collection=COLLECTION, id=door.id, audience="office")


async def devices_of(session: AsyncSession, *, door: CheckinList) -> Sequence[CheckinDevice]:
    """Who was given a list."""
    return await repository.devices_of(session, door.id)


async def give_list(session: AsyncSession, *, door: CheckinList, key_id: UUID, name: str, now: datetime) -> Any:
    """Let a device key scan at a list, under a name that people know it by."""
    row = {"list_id": door.id, "subject": f"key:{key_id}", "name": name, "given_at": now}
    await repository.give(session, {**row, "given_by": acting(session).subject})
    _log(session, door, "updated", ["devices"])
    return await repository.find_device(session, door.id, f"key:{key_id}")


async def take_list(session: AsyncSession, *, door: CheckinList, key_id: UUID) -> None:
    """Take a list away from a device, from this moment on; raises DeviceNotFound."""
    found = await repository.find_device(session, door.id, f"key:{key_id}")
    if found is None:
        raise DeviceNotFound(f"The list was not given to key:{key_id}")
    await session.delete(found)
    _log(session, door, "updated", ["devices"])


async def scans_page(session: AsyncSession, *, event: Event, parameters: ScanListParameters) -> Sequence[Scan]:
    """One page of the event's scans, and one row more where there is more."""
    return await repository.scans_page(session, event.id, parameters)


async def count_scans(session: AsyncSession, *, event: Event, parameters: ScanListParameters) -> int:
    """How many there are in all."""
    return await repository.count_scans(session, event.id, parameters)


async def sessions_of(session: AsyncSession, *, lists: Sequence[CheckinList]) -> Sessions:
    """The sessions that these lists stand for."""
    return await repository.sessions_of(session, {one.session_id for one in lists if one.session_id is not None})


def hours_of(door: CheckinList, event: Event, sessions: Sessions) -> tuple[datetime, datetime]:
    """From when to when a list is open: as it says, or around its session or event wherever these move."""
    around: Any = sessions.get(door.session_id, event) if door.session_id else event
    return door.opens_at or around.starts_at - AROUND, door.closes_at or around.ends_at + AROUND


def record_of(door: CheckinList, event: Event, sessions: Sessions, language: Language) -> dict[str, Any]:
    """A list as answers show it."""
    opens_at, closes_at = hours_of(door, event, sessions)
    plain = door.model_dump(exclude={"name_pl", "name_en", "opens_at", "closes_at", "entered", "inside"})
    named = label_text(door.name_pl, door.name_en, language)
    return {**plain, "name": named, "opens_at": opens_at, "closes_at": closes_at}


async def _make_own(session: AsyncSession, event: Event, now: datetime) -> None:
    row = {"id": event.id, "event_id": event.id, **_OWN_NAME, "exits": False, "walk_ins": False, "version": 1}
    if await repository.find_list(session, event.id, event.id) is None:
        await repository.add_list(session, {**row, "created_at": now, "updated_at": now})


def _check_hours(door: CheckinList, event: Event, sessions: Sessions) -> None:
    opens_at, closes_at = hours_of(door, event, sessions)
    if closes_at <= opens_at:
        raise Invalid.field("/closes_at", "in_order", "The list closes before it opens")


def _log(session: AsyncSession, door: CheckinList, kind: Any, changed: Sequence[str] = ()) -> None:
    record = door.model_dump(include={"id", "event_id", "session_id", "opens_at", "closes_at", "exits", "walk_ins"})
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=door.id,
        changed=changed,
        record={**record, "name": {"pl": door.name_pl, "en": door.name_en}},
        audience="office",
    )
