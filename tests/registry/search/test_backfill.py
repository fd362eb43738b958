"""Records from before there was a search are found as those written since."""

from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.migrations.search_backfill import fill
from tests.registry.conftest import Add

# What there was when the search came: other kinds of records came later, and with it.
_OF = "JOIN search_entries e ON e.id = entry_id WHERE collection IN ('entities', 'groups', 'networks')"
_WRITTEN = {
    "entries": "SELECT collection, record_id, record_uuid, title_pl, title_en, sort_title, registration, "
    "interest_group, country, subdivision, fields, demonstration, audience FROM search_entries "
    "WHERE collection IN ('entities', 'groups', 'networks')",
    "texts": f"SELECT record_id, text, t.audience FROM search_texts t {_OF}",
    "names": f"SELECT record_id, folded, previous FROM search_names {_OF}",
    "fields": f"SELECT record_id, field FROM search_entry_fields {_OF}",
}


async def written(session: AsyncSession) -> dict[str, list[Any]]:
    return {
        name: sorted(map(str, (await session.execute(text(statement))).all())) for name, statement in _WRITTEN.items()
    }


class TestBackfill:
    async def test_writes_what_saving_writes(self, app: FastAPI, api: httpx.AsyncClient, add: Add) -> None:
        await add(
            "Uniwersytet Jagielloński",
            names=[
                {"value": "Uniwersytet Jagielloński", "lang": "pl"},
                {"value": "Jagiellonian University", "lang": "en"},
                {"value": "UJ", "role": "acronym"},
            ],
            identifiers=[{"scheme": "nip", "value": "6750002236"}],
            seat={"city": "Kraków", "country": "PL", "subdivision": "PL-12"},
            interest_group="EDU",
            fields=["medicine", "food"],
        )
        await add("Szpital", demonstration=True)
        async with app.state.database.write() as session:
            before = await written(session)
            for table in ("search_words", "search_entries"):
                await session.execute(text(f"DELETE FROM {table}"))
            await (await session.connection()).run_sync(fill)
            assert await written(session) == before
        found = (await api.get("/v1/registry/search", params={"q": "jagiellonska"})).json()["items"]
        assert [hit["matched"] for hit in found] == ["similar"]
