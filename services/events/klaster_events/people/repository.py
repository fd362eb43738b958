"""Queries on people."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, METADATA, upsert
from klaster_events.people.models import Person


async def find_or_add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> dict[str, UUID]:
    """The id of each address, known or new; rows are distinct, and in one order for all callers.

    A known person is "written" as well: its row stays locked until this transaction ends, so that two requests of
    one person follow each other.
    """
    table = METADATA.tables["people"]
    statement = upsert(session, "people")
    statement = statement.on_conflict_do_update(
        index_elements=["email_key"], set_={"email_key": statement.excluded.email_key}
    ).returning(table.c.email_key, table.c.id)
    return {key: person_id for key, person_id in (await session.execute(statement, list(rows))).all()}  # noqa: C416 # rows, not pairs


async def find_by_key(session: AsyncSession, keys: Collection[str]) -> dict[str, UUID]:
    """The ids behind these addresses, as far as they are known."""
    if not keys:
        return {}
    statement = select(col(Person.email_key), col(Person.id)).where(col(Person.email_key).in_(keys))
    return dict((await session.execute(statement)).all())


async def people(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Person]:
    """These people, as far as they have not been erased."""
    if not ids:
        return {}
    found = await session.scalars(select(Person).where(col(Person.id).in_(ids)))
    return {person.id: person for person in found.all()}


async def delete_people(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Erase these people."""
    await session.execute(delete(Person).where(col(Person.id).in_(ids)).execution_options(**AS_WRITTEN))
