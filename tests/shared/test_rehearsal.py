"""What is rehearsed is refused as it would be for good, and leaves nothing behind."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.changes import TABLE, record_change
from klaster_shared.database import Database
from klaster_shared.identifiers import new_id
from klaster_shared.rehearsal import rehearsal
from tests.shared.conftest import METADATA, NOTES

CHANGES = METADATA.tables[TABLE]


async def write_note(session: AsyncSession, text: str) -> None:
    note_id = new_id()
    await session.execute(insert(NOTES).values(id=note_id, text=text, version=1))
    record_change(session, kind="created", collection="notes", id=note_id, record={"text": text})


async def left(database: Database) -> tuple[list[str], int]:
    """The notes, and how many changes the log holds."""
    async with database.read() as session:
        notes = [row.text for row in (await session.execute(select(NOTES).order_by(NOTES.c.text))).all()]
        return notes, len((await session.execute(select(CHANGES))).all())


class TestRehearsal:
    async def test_undoes_rows_and_noted_changes_and_nothing_around_it(self, database: Database) -> None:
        async with database.write() as session:
            await write_note(session, "before")
            async with rehearsal(session):
                await write_note(session, "rehearsed")
                assert len((await session.execute(select(NOTES))).all()) == 2
            await write_note(session, "then")
        assert await left(database) == (["before", "then"], 2)

    async def test_passes_a_refusal_on_and_the_transaction_can_go_on(self, database: Database) -> None:
        async with database.write() as session:
            await write_note(session, "taken")
            with pytest.raises(IntegrityError):
                async with rehearsal(session):
                    await write_note(session, "taken")
            await write_note(session, "free")
        assert await left(database) == (["free", "taken"], 2)
