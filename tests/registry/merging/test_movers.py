"""A merge takes along whatever names the entity that goes: every column that leads to entities is looked at."""

from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from klaster_registry.database import METADATA
from tests.registry.conftest import Add

LABEL = {"pl": "Nazwa", "en": "Name"}
# A record of a source stays with the entity that it was loaded as: loading it again leaves a merged one alone.
OWN = {"entities", "loaded_records", *(name for name in METADATA.tables if name.startswith("entity_"))}
COLUMNS = [
    column
    for table in METADATA.tables.values()
    for column in table.columns
    if table.name not in OWN and any(key.column.table.name == "entities" for key in column.foreign_keys)
]


async def named_everywhere(api: httpx.AsyncClient, entity: str) -> None:
    """One record in every noun that can name an entity."""
    for path, code in (("/v1/person-roles", "expert"), ("/v1/document-kinds", "report")):
        await api.post(path, json={"code": code, "name": LABEL})
    await api.post("/v1/survey-questions", json={"code": "sales", "name": LABEL, "unit": "PLN", "position": 0})
    await api.post("/v1/surveys", json={"year": 2025})
    abroad = {"name": "Abroad", "kind": "company", "country": "DE", "local_entity": entity}
    bodies: dict[str, dict[str, Any]] = {
        "/v1/data-repositories": {"name": "Dane", "operator": entity},
        "/v1/documents": {"title": LABEL, "kind": "report", "entity": entity},
        "/v1/foreign-hqs": {**abroad, "partner_entities": [entity]},
        "/v1/labs": {"owner": entity, "name": LABEL, "kind": "commercial"},
        "/v1/people": {"name": "Jan Wymyślony", "roles": [{"role": "expert", "entity": entity}]},
        "/v1/projects": {"title": LABEL, "partners": [{"entity": entity, "role": "partner"}]},
    }
    for path, body in bodies.items():
        answer = await api.post(path, json=body)
        assert answer.status_code == 201, (path, answer.text)
    answer = await api.put(f"/v1/surveys/2025/answers/{entity}", json={"values": {"sales": 1}})
    assert answer.is_success, answer.text


async def naming(app: FastAPI, entity: str) -> dict[str, int]:
    """For every column that leads to entities: how many rows lead to this one."""
    async with app.state.database.read() as session:
        found = {}
        for column in COLUMNS:
            counted = sa.select(sa.func.count()).select_from(column.table).where(column == UUID(entity))
            found[str(column)] = await session.scalar(counted)
        return found


class TestMerge:
    async def test_takes_along_every_row_that_names_the_one_that_goes(
        self, app: FastAPI, api: httpx.AsyncClient, add: Add, registered: Add
    ) -> None:
        gone, kept = await add("Odchodzi"), await registered("Zostaje")
        await named_everywhere(api, gone["id"])
        before = await naming(app, gone["id"])
        assert min(before.values()) == 1, before  # a new column needs a row above, and its noun a mover
        answer = await api.post(f"/v1/entities/{gone['id']}/merge", json={"into": kept["id"]})
        assert answer.status_code == 200, answer.text
        assert await naming(app, kept["id"]) == before
        assert set((await naming(app, gone["id"])).values()) == {0}
