"""How the search is answered inside the database, on either engine: by its indexes."""

import random
from typing import Any

import pytest
from fastapi import FastAPI

from klaster_registry.search import operations
from klaster_registry.search.entries import Entry
from klaster_registry.search.schemas import SearchParameters
from klaster_shared.database import Database


class Watched(Database):
    """Keeps what it was asked, with the plan of each statement."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.plans: list[str] = []
        self.without: tuple[str, ...] = ("seqscan",)

    async def fetch(self, prepared: Any, **given: Any) -> list[tuple[Any, ...]]:
        self.plans.append(await self._plan(prepared.text, prepared.arguments(given)))
        return await super().fetch(prepared, **given)

    async def _plan(self, statement: str, arguments: list[Any]) -> str:
        async with self._reader.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            if self.dialect == "sqlite":
                return str(await driver.execute_fetchall(f"EXPLAIN QUERY PLAN {statement}", arguments))
            for kind in ("seqscan", "indexscan"):
                # Two thousand rows are read faster than any index.
                await driver.execute(f"SET enable_{kind} = {'off' if kind in self.without else 'on'}")
            [row] = await driver.fetch(f"EXPLAIN (FORMAT JSON) {statement}", *arguments)
            return str(row[0])


@pytest.fixture
async def watched(app: FastAPI) -> Any:
    """A database of two thousand names."""
    chance = random.Random(3)
    letters = "abcdefghijklmnoprstuwyz"
    names = ["".join(chance.choices(letters, k=8)) + " " + "".join(chance.choices(letters, k=6)) for _ in range(2_000)]
    entries = [Entry(collection="entities", record_id=name, title_pl=name, title_en=name) for name in names]
    async with app.state.database.write() as session:
        await operations.put_many(session, entries)
        connection = await session.connection()
        await connection.exec_driver_sql("ANALYZE")
    database = Watched(app.state.database.url)
    yield database
    await database.dispose()


async def next_page(database: Watched, **asked: Any) -> str:
    _, cursor = await operations.search(database, parameters=SearchParameters(**asked), audiences=("anonymous",))
    return (await plans_of(database, **asked, cursor=cursor))[0]


async def plans_of(database: Watched, **asked: Any) -> list[str]:
    database.plans.clear()
    await operations.search(database, parameters=SearchParameters(**asked), audiences=("anonymous",))
    return database.plans


class TestPlans:
    async def test_use_the_indexes(self, watched: Watched) -> None:
        sorts, scans = (
            ("'Sort'", "TEMP B-TREE"),
            ("Seq Scan", "SCAN search_entries", "SCAN search_texts", "SCAN search_names"),
        )

        beginnings, words = await plans_of(watched, q="ab", limit=200)
        assert "ix_search_names_folded_entry_id_previous" in beginnings
        assert not any(found in beginnings for found in (*sorts, *scans))
        deep = await next_page(watched, q="ab", limit=2)
        assert "ix_search_names_folded_entry_id_previous" in deep
        assert not any(found in deep for found in (*sorts, *scans))

        watched.without = ("seqscan", "indexscan")  # so few rows are found by walking through them as well
        words = (await plans_of(watched, q="abcd efg"))[1]
        assert ("VIRTUAL TABLE INDEX" if watched.dialect == "sqlite" else "search_fts_text") in words
        assert not any(found in words for found in scans)
        watched.without = ("seqscan",)

        everything = await next_page(watched, limit=5)
        assert "ix_search_entries_sort_title_id" in everything
        assert not any(found in everything for found in sorts)

        looked_up = [plan for plan in await plans_of(watched, q="abcdefghijkl") if "search_words" in plan]
        assert looked_up
        assert all("ix_search_words_word" in plan for plan in looked_up)
