"""Rules of the tables of an edition: added many at once, withdrawn when they break, never deleted once it was open."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions import repository
from klaster_events.editions.errors import EditionTableNotFound, EditionTableTaken
from klaster_events.editions.models import Edition, EditionTable
from klaster_events.editions.operations import Held
from klaster_events.editions.records import table_record
from klaster_events.editions.rules import check_windows, edition_slots, table_slots
from klaster_events.editions.slots import Slot
from klaster_events.editions.table_schemas import TableCreate, TableListParameters, TableUpdate
from klaster_events.events.models import Event
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id

COLLECTION = "edition_tables"


async def list_tables(
    session: AsyncSession, *, edition_id: UUID, parameters: TableListParameters
) -> Sequence[EditionTable]:
    """One page by code, and one row more where there is more."""
    return await repository.tables_page(session, edition_id, parameters)


async def count_tables(session: AsyncSession, *, edition_id: UUID, parameters: TableListParameters) -> int:
    """How many there are in all."""
    return await repository.count_tables(session, edition_id, parameters)


async def all_tables(session: AsyncSession, *, edition_id: UUID) -> Sequence[EditionTable]:
    """Every table by code, withdrawn ones too: when each can be used, `rules.table_slots` says."""
    return await repository.all_tables(session, edition_id)


async def get_table(session: AsyncSession, *, edition_id: UUID, table_id: UUID, held: bool = False) -> EditionTable:
    """One table of an edition; raises EditionTableNotFound."""
    found = await repository.find_table(session, edition_id, table_id, held=held)
    if found is None:
        raise EditionTableNotFound(f"The edition has no table {table_id}")
    return found


async def add_tables(
    session: AsyncSession, *, found: Held, given: Sequence[TableCreate], now: datetime
) -> list[EditionTable]:
    """Add tables to an edition that the caller holds, all or none; raises Invalid, or EditionTableTaken."""
    edition, event = found
    codes = [one.code for one in given]
    for number, one in enumerate(given):
        if one.code in codes[:number]:
            raise Invalid.field(f"/tables/{number}/code", "repeated", f"There are two tables {one.code}")
        _check(one.model_dump(by_alias=True)["windows"], event, f"/tables/{number}/windows")
    if taken := await repository.codes_taken(session, edition.id, codes):
        raise EditionTableTaken(f"There is a table {min(taken)} already")
    added = [_new(edition, one, now) for one in given]
    session.add_all(added)
    await session.flush()
    for table in added:
        _log(session, table, kind="created")
    return added


def _new(edition: Edition, given: TableCreate, now: datetime) -> EditionTable:
    values = given.model_dump(by_alias=True)
    return EditionTable(id=new_id(), edition_id=edition.id, version=1, created_at=now, updated_at=now, **values)


def _check(windows: Sequence[dict[str, Any]] | None, event: Event, pointer: str) -> None:
    if windows is not None:
        check_windows(windows, event, pointer=pointer)


async def change_table(
    session: AsyncSession, *, event: Event, table: EditionTable, given: TableUpdate, now: datetime
) -> EditionTable:
    """Change a table that the caller holds; raises Invalid, or EditionTableTaken."""
    values = given.model_dump(by_alias=True)
    changed = [name for name, value in values.items() if getattr(table, name) != value]
    _check(values.get("windows"), event, "/windows")
    if "code" in changed and await repository.codes_taken(session, table.edition_id, [values["code"]]):
        raise EditionTableTaken(f"There is a table {values['code']} already")
    for name in changed:
        setattr(table, name, values[name])
    if changed:
        _note(session, table, changed, now)
    return table


async def withdraw_table(session: AsyncSession, *, table: EditionTable, now: datetime) -> bool:
    """Nobody is put at a table, which the caller holds, any more; whether that is new. Who sat there has to move."""
    return _set_withdrawn(session, table, now, now)


async def restore_table(session: AsyncSession, *, table: EditionTable, now: datetime) -> bool:
    """A table, which the caller holds, can be used again; whether that is new."""
    return _set_withdrawn(session, table, None, now)


def _set_withdrawn(session: AsyncSession, table: EditionTable, at: datetime | None, now: datetime) -> bool:
    if (table.withdrawn_at is None) == (at is None):
        return False
    table.withdrawn_at = at
    _note(session, table, ["withdrawn_at"], now)
    return True


async def slots_with_tables(session: AsyncSession, *, found: Held) -> list[tuple[Slot, int]]:
    """Every slot of an edition, and how many tables can be used in it."""
    edition, event = found
    slots, usable = edition_slots(edition, event), Counter[Slot]()
    for table in await repository.all_tables(session, edition.id):
        usable.update(table_slots(table, slots, event))
    return [(slot, usable[slot]) for slot in slots]


def _note(session: AsyncSession, table: EditionTable, changed: Sequence[str], now: datetime) -> None:
    table.version += 1
    table.updated_at = now
    _log(session, table, kind="updated", changed=changed)


def _log(session: AsyncSession, table: EditionTable, *, kind: Any, changed: Sequence[str] = ()) -> None:
    # The link to meet online is for those who meet there: the log knows that it changed, and not what it is.
    record = {"edition_id": table.edition_id, **table_record(table, online_url=False)}
    record_change(
        session, kind=kind, collection=COLLECTION, id=table.id, changed=changed, record=record, audience="office"
    )
