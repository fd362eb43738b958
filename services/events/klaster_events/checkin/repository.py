"""Queries on check-in lists, devices and scans."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.agenda.models import AgendaSession, SessionSeat
from klaster_events.checkin.models import CheckinDevice, CheckinList, RevokedCode, Scan
from klaster_events.checkin.presence import Mark
from klaster_events.checkin.schemas import ScanListParameters
from klaster_events.database import AS_WRITTEN, METADATA, by, upsert
from klaster_events.people.models import Person
from klaster_events.registrations.models import Registration
from klaster_shared.pagination import after

LIST_ORDER = (by("id", col(CheckinList.id)),)
REGISTRATION_ORDER = (by("id", col(Registration.id)),)
SCAN_ORDER = (by("received_at", col(Scan.received_at)), by("id", col(Scan.id)))
STANDS = (col(Scan.undone_at).is_(None), col(Scan.reason).is_(None) | (col(Scan.reason) == "already_redeemed"))

Marks = dict[UUID, dict[UUID, list[Mark]]]
"""What stands of each person, by list."""


async def add_list(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Add a list under an id of the caller's; False where it is there already."""
    statement = upsert(session, "checkin_lists").values(row).on_conflict_do_nothing(index_elements=["id"])
    found = await session.execute(statement.returning(METADATA.tables["checkin_lists"].c.id))
    return found.first() is not None


async def find_list(session: AsyncSession, event_id: UUID, list_id: UUID, *, held: bool = False) -> CheckinList | None:
    """One list of an event; `held` keeps other writers away from it."""
    found = await session.get(CheckinList, list_id, with_for_update=held or None, populate_existing=held)
    return found if found is not None and found.event_id == event_id else None


async def lists_of(session: AsyncSession, event_id: UUID) -> Sequence[CheckinList]:
    """All lists of an event, the oldest first, as the database has them now."""
    statement = select(CheckinList).where(col(CheckinList.event_id) == event_id).order_by(col(CheckinList.id))
    return list((await session.scalars(statement.execution_options(populate_existing=True))).all())


async def given_page(
    session: AsyncSession, *, subject: str | None, cursor: str | None, limit: int
) -> Sequence[CheckinList]:
    """Lists that a device was given, or all without one; one row more where there is more."""
    statement: Select[Any] = select(CheckinList)
    if subject is not None:
        given = (col(CheckinDevice.list_id) == CheckinList.id, col(CheckinDevice.subject) == subject)
        statement = statement.where(exists(select(1).where(*given)))
    return list((await session.scalars(after(statement, LIST_ORDER, cursor).limit(limit + 1))).all())


async def count_given(session: AsyncSession, *, subject: str | None) -> int:
    """How many lists a device was given, or how many there are."""
    statement: Select[Any] = select(func.count()).select_from(CheckinList)
    if subject is not None:
        statement = select(func.count()).select_from(CheckinDevice).where(col(CheckinDevice.subject) == subject)
    return int(await session.scalar(statement) or 0)


async def is_used(session: AsyncSession, list_id: UUID) -> bool:
    """Whether anything was scanned at a list."""
    return bool(await session.scalar(select(exists(select(1).where(col(Scan.list_id) == list_id)))))


async def delete_list(session: AsyncSession, list_id: UUID) -> None:
    """Remove a list, with the devices that it was given to."""
    await session.execute(delete(CheckinList).where(col(CheckinList.id) == list_id).execution_options(**AS_WRITTEN))


async def devices_of(session: AsyncSession, list_id: UUID) -> Sequence[CheckinDevice]:
    """Who was given a list."""
    statement = select(CheckinDevice).where(col(CheckinDevice.list_id) == list_id)
    return list((await session.scalars(statement.order_by(col(CheckinDevice.subject)))).all())


async def given_lists(session: AsyncSession, subject: str, list_ids: Collection[UUID]) -> set[UUID]:
    """Which of these a device was given."""
    statement = select(col(CheckinDevice.list_id)).where(
        col(CheckinDevice.subject) == subject, col(CheckinDevice.list_id).in_(list_ids)
    )
    return set((await session.scalars(statement)).all())


async def give(session: AsyncSession, row: dict[str, Any]) -> None:
    """Give a list to a device; given again, it has a new name."""
    statement = upsert(session, "checkin_devices").values(row)
    named = {"name": statement.excluded.name}
    await session.execute(statement.on_conflict_do_update(index_elements=["list_id", "subject"], set_=named))


async def find_device(session: AsyncSession, list_id: UUID, subject: str) -> CheckinDevice | None:
    """A device that a list was given to."""
    return await session.get(CheckinDevice, (list_id, subject), populate_existing=True)


async def known_scans(session: AsyncSession, nonces: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], Scan]:
    """Scans by list and nonce."""
    statement = select(Scan).where(tuple_(col(Scan.list_id), col(Scan.nonce)).in_(nonces))
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {(scan.list_id, scan.nonce): scan for scan in found.all()}


async def marks_of(session: AsyncSession, list_ids: Collection[UUID], people: Collection[UUID]) -> Marks:
    """What stands of these people at these lists."""
    if not people or not list_ids:
        return {}
    columns = (col(Scan.person_id), col(Scan.list_id), col(Scan.happened_at), col(Scan.kind), col(Scan.nonce))
    statement = select(*columns).where(col(Scan.list_id).in_(list_ids), col(Scan.person_id).in_(people), *STANDS)
    found: Marks = defaultdict(lambda: defaultdict(list))
    rows: Sequence[Any] = (await session.execute(statement)).all()
    for person_id, list_id, at, kind, nonce in rows:
        found[person_id][list_id].append(Mark(at, kind, nonce))
    return {person_id: dict(lists) for person_id, lists in found.items()}


async def move_counters(session: AsyncSession, list_id: UUID, *, entered: int, inside: int) -> None:
    """Move the counters of a list, in an event that the caller holds."""
    values = {"entered": col(CheckinList.entered) + entered, "inside": col(CheckinList.inside) + inside}
    statement = update(CheckinList).where(col(CheckinList.id) == list_id).values(values)
    await session.execute(statement.execution_options(**AS_WRITTEN))


async def revoked_codes(session: AsyncSession, codes: Collection[str]) -> dict[str, UUID]:
    """Whose these codes were, as far as they were replaced."""
    if not codes:
        return {}
    statement = select(col(RevokedCode.code), col(RevokedCode.registration_id)).where(col(RevokedCode.code).in_(codes))
    return dict((await session.execute(statement)).all())


async def scans_page(session: AsyncSession, event_id: UUID, parameters: ScanListParameters) -> Sequence[Scan]:
    """Scans in the order of arrival, and one row more where there is more."""
    statement = _scans(select(Scan), event_id, parameters)
    statement = after(statement, SCAN_ORDER, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_scans(session: AsyncSession, event_id: UUID, parameters: ScanListParameters) -> int:
    """How many scans the parameters ask for."""
    statement = _scans(select(func.count()).select_from(Scan), event_id, parameters)
    return int(await session.scalar(statement) or 0)


def _scans(statement: Any, event_id: UUID, parameters: ScanListParameters) -> Any:
    lists = select(col(CheckinList.id)).where(col(CheckinList.event_id) == event_id)
    statement = statement.where(col(Scan.list_id).in_(lists))
    return statement.where(col(Scan.list_id).in_(parameters.list_id)) if parameters.list_id else statement


async def sessions_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, AgendaSession]:
    """Sessions that lists stand for."""
    if not ids:
        return {}
    found = await session.scalars(select(AgendaSession).where(col(AgendaSession.id).in_(ids)))
    return {one.id: one for one in found.all()}


async def seated(
    session: AsyncSession, session_ids: Collection[UUID], registration_ids: Collection[UUID] | None
) -> set[tuple[UUID, UUID]]:
    """Who has a seat in which session, of these registrations or of all."""
    if not session_ids or registration_ids == ():
        return set()
    statement = select(col(SessionSeat.session_id), col(SessionSeat.registration_id)).where(
        col(SessionSeat.session_id).in_(session_ids), col(SessionSeat.state) == "taken"
    )
    if registration_ids is not None:
        statement = statement.where(col(SessionSeat.registration_id).in_(registration_ids))
    return {(one, other) for one, other in (await session.execute(statement)).all()}


async def registrations_page(
    session: AsyncSession, event_id: UUID, *, cursor: str | None, limit: int
) -> Sequence[Registration]:
    """Registrations in one order, and one row more where there is more."""
    statement = select(Registration).where(col(Registration.event_id) == event_id)
    return list((await session.scalars(after(statement, REGISTRATION_ORDER, cursor).limit(limit + 1))).all())


async def count_registrations(session: AsyncSession, event_id: UUID) -> int:
    """How many registrations an event has."""
    statement = select(func.count()).select_from(Registration).where(col(Registration.event_id) == event_id)
    return int(await session.scalar(statement) or 0)


async def names_at(session: AsyncSession, event_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Every registration of an event with its person's name, to be searched."""
    statement = (
        select(col(Registration.id), col(Person.name))
        .join(Person, col(Person.id) == col(Registration.person_id))
        .where(col(Registration.event_id) == event_id)
        .order_by(col(Person.name), col(Registration.id))
    )
    return [(registration_id, name) for registration_id, name in (await session.execute(statement)).all()]


async def revoke_code(session: AsyncSession, row: dict[str, Any]) -> None:
    """Keep a code that was replaced."""
    await session.execute(insert(METADATA.tables["revoked_codes"]).values(row))
