"""Statements that are kept and given to the driver as they are."""

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.types import Uuid

from klaster_shared.database import Database
from klaster_shared.identifiers import new_id
from klaster_shared.prepared import Kept, Prepared
from tests.shared.conftest import NOTES


class TestFetch:
    async def test_gives_what_a_session_gives_with_new_parameters_each_time(self, database: Database) -> None:
        ids = sorted(new_id() for _ in range(4))
        rows = [{"id": note_id, "text": f"note {at}", "version": at} for at, note_id in enumerate(ids)]
        async with database.write() as session:
            await session.execute(insert(NOTES), rows)

        def write():  # type: ignore[no-untyped-def]
            behind = NOTES.c.id > bindparam("behind", ids[0], Uuid())
            return select(NOTES.c.id, NOTES.c.version).where(behind, NOTES.c.id.in_(ids[:3])).order_by(NOTES.c.id)

        prepared = database.prepared("behind", write)
        assert await database.fetch(prepared) == [(ids[1], 1), (ids[2], 2)]
        assert await database.fetch(prepared, behind=ids[1]) == [(ids[2], 2)]
        assert database.prepared("behind", write) is prepared
        assert database.prepared(None, write) is not database.prepared(None, write)

    async def test_survives_a_server_that_drops_its_connections(self, database: Database) -> None:
        prepared = database.prepared("all", lambda: select(NOTES.c.id))
        assert await database.fetch(prepared) == []
        if database.dialect == "postgresql":
            drop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            async with database.write() as session:
                await session.execute(text(f"{drop} AND pid <> pg_backend_pid()"))
        assert await database.fetch(prepared) == []
        async with database.read() as session:
            assert (await session.execute(select(NOTES.c.id))).all() == []


class TestKept:
    def test_forgets_what_was_not_asked_for_longest(self, database: Database) -> None:
        def make() -> Prepared:
            return database.prepared(None, lambda: select(NOTES.c.id))

        kept = Kept(limit=2)
        first, second = kept.get("first", make), kept.get("second", make)
        assert kept.get("first", make) is first
        kept.get("third", make)
        assert kept.get("first", make) is first
        assert kept.get("second", make) is not second
