"""Queries on people."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.database import AS_WRITTEN, METADATA, by, upsert
from klaster_events.people.models import Person, PersonalDataRead
from klaster_events.people.schemas import LookListParameters
from klaster_shared.pagination import after

LOOKS = (
    replace(by("at", col(PersonalDataRead.at)), descending=True),
    replace(by("id", col(PersonalDataRead.id)), descending=True),
)


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


async def ids_by_key(session: AsyncSession, keys: Collection[str]) -> dict[str, UUID]:
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


async def hold_people(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Person]:
    """As `people`, held against other writers until this transaction ends."""
    if not ids:
        return {}
    statement = select(Person).where(col(Person.id).in_(ids)).order_by(col(Person.email_key)).with_for_update()
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {person.id: person for person in found.all()}


async def looks_page(session: AsyncSession, parameters: LookListParameters) -> Sequence[PersonalDataRead]:
    """One page of looks, the last first, and one row more where there is more."""
    statement = _looks(select(PersonalDataRead), parameters)
    statement = after(statement, LOOKS, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


async def count_looks(session: AsyncSession, parameters: LookListParameters) -> int:
    """How many looks the filters leave."""
    return int(await session.scalar(_looks(select(func.count()).select_from(PersonalDataRead), parameters)) or 0)


def _looks(statement: Any, parameters: LookListParameters) -> Any:
    columns = {
        "actor": PersonalDataRead.actor,
        "role": PersonalDataRead.actor_role,
        "shown": PersonalDataRead.list_name,
        "event": PersonalDataRead.event_id,
        "person": PersonalDataRead.person_id,
    }
    for name, column in columns.items():
        if wanted := getattr(parameters, name):
            statement = statement.where(col(column).in_(wanted))
    if parameters.since is not None:
        statement = statement.where(col(PersonalDataRead.at) >= parameters.since)
    if parameters.until is not None:
        statement = statement.where(col(PersonalDataRead.at) < parameters.until)
    return statement


async def delete_people(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Erase these people."""
    await session.execute(delete(Person).where(col(Person.id).in_(ids)).execution_options(**AS_WRITTEN))
