"""A registry of the first release, with rows, brought to the newest: nothing is lost, everything new works on it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from pydantic_core import to_json

from klaster_registry.database import open_database
from klaster_shared.identifiers import new_id
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import cloned_database, make_template
from klaster_shared.text import fold, sort_key
from tests.registry.conftest import Served

FIRST_RELEASE = "da8593c91015"
BEGAN, END, THEN = date(2021, 5, 4), date(9999, 12, 31), datetime(2026, 1, 5, 8, tzinfo=UTC)
ENTITY, LAB, PERIOD = new_id(), new_id(), new_id()
TYPES: dict[type, Any] = {
    UUID: sa.Uuid(),
    bool: sa.Boolean(),
    datetime: sa.DateTime(timezone=True),
    date: sa.Date(),
    list: sa.JSON(),
}
DOCUMENT = {
    "id": str(ENTITY),
    "rbw_number": "RBW-000001",
    "name": "Łaski Zakład",
    "registration": "registered",
    "interest_group": None,
    "relations": [{"kind": "parent", "label": "Góra", "scheme": "ror", "value": "03bqmcz70"}],
    "registrations": [{"state": "registered", "from": "2021-05-04", "to": None}],
    "identifiers": [],
    "version": 1,
    **{key: [] for key in ("kinds", "markets", "interest_groups", "groups", "networks")},
    **{key: [] for key in ("cooperations", "partnerships", "digital_audits", "names", "fields", "links")},
}
STAMPS = {"demonstration": False, "version": 1, "created_at": THEN, "updated_at": THEN}
NAME = {"name": "Łaski Zakład", "sort_name": sort_key("Łaski Zakład")}
ROWS: list[tuple[str, dict[str, Any]]] = [
    (
        "entities",
        {
            "id": ENTITY,
            "rbw_number": 1,
            "number_order": 1,
            **NAME,
            "search_text": "laski zaklad",
            "existence": "active",
            "registration": "registered",
            "startup": False,
            "founded_first": END,
            "founded_last": END,
            "started_first": END,
            "started_last": END,
            "source": "office",
            "source_key": str(ENTITY),
            "has_conflict": False,
            "document": to_json(DOCUMENT).decode(),
            **STAMPS,
        },
    ),
    (
        "entity_names",
        {
            "entity_id": ENTITY,
            "position": 0,
            "value": NAME["name"],
            "folded": fold(NAME["name"]),
            "role": "official",
        },
    ),
    (
        "entity_relations",
        {
            "entity_id": ENTITY,
            "position": 0,
            "kind": "parent",
            "label": "Góra",
            "scheme": "ror",
            "value": "03bqmcz70",
        },
    ),
    (
        "entity_validities",
        {
            "id": PERIOD,
            "entity_id": ENTITY,
            "aspect": "registration",
            "value": "registered",
            "valid_from": BEGAN,
            "valid_until": END,
        },
    ),
    (
        "labs",
        {
            "id": LAB,
            "owner_id": ENTITY,
            "kind": "commercial",
            "name_pl": "Pracownia",
            "name_en": "Workshop",
            "sort_name": sort_key("Pracownia"),
            "source": "office",
            "source_key": str(LAB),
            **STAMPS,
        },
    ),
    (
        "terms",
        {
            "id": new_id(),
            "taxonomy": "groups",
            "code": "talents",
            "name_pl": "Talenty",
            "name_en": "Talents",
            "position": 0,
            "flags": [],
            "retired": False,
            "version": 1,
            "updated_at": THEN,
        },
    ),
]


async def _fill(url: str) -> None:
    await upgrade(url, "klaster_registry", to=FIRST_RELEASE)
    database = open_database(url)
    async with database.write() as session:
        for name, values in ROWS:
            columns = [sa.column(key, TYPES.get(type(value), sa.String())) for key, value in values.items()]
            columns = [
                sa.column(column.name, sa.Integer()) if type(values[column.name]) is int else column
                for column in columns
            ]
            await session.execute(sa.table(name, *columns).insert().values(values))
    await database.dispose()
    await upgrade(url, "klaster_registry")


@pytest.fixture
async def upgraded(
    request: pytest.FixtureRequest, served: Served, engine: str, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """An administrator of a registry that was filled by the first release and brought to the newest."""
    async with AsyncExitStack() as stack:
        if engine == "postgresql":
            server = request.getfixturevalue("postgresql")
            template = await make_template(server, "registry_upgraded", _fill)
            url = await stack.enter_async_context(cloned_database(server, template))
        else:
            url = f"sqlite+aiosqlite:///{tmp_path / 'upgraded.db'}"
            await _fill(url)
        served.app.state.database = open_database(url)
        yield served.admin
        await served.app.state.database.dispose()


class TestUpgrade:
    async def test_keeps_what_was_there_and_lets_it_do_what_is_new(self, upgraded: httpx.AsyncClient) -> None:
        entity = (await upgraded.get("/v1/entities/RBW-000001")).json()
        assert (entity["sectors"], entity["branches"]) == ([], [])
        assert entity["relations"][0]["entity"] is None
        related = (await upgraded.get(f"/v1/entities/{ENTITY}/relations")).json()["items"]
        assert [(one["label"], one["flags"]) for one in related] == [("Góra", ["outside"])]
        listed = (await upgraded.get("/v1/entities?registration=registered&as_of=2021-05-04")).json()["items"]
        assert [one["id"] for one in listed] == [str(ENTITY)]
        found = (await upgraded.get("/v1/registry/search?q=laski")).json()["items"]
        assert [one["id"] for one in found] == [str(ENTITY)]
        assert {one["collection"] for one in (await upgraded.get("/v1/registry/search")).json()["items"]} >= {
            "entities",
            "labs",
            "groups",
        }
        lab = (await upgraded.get(f"/v1/labs/{LAB}")).json()
        assert (lab["owner"]["id"], lab["name"]) == (str(ENTITY), "Workshop")
        joined = await upgraded.post("/v1/groups/talents/members", json={"entity": "RBW-000001", "from": "2022-01-01"})
        assert joined.status_code == 201, joined.text
        left = await upgraded.post("/v1/entities/RBW-000001/leave", json={"on": "2024-01-01"})
        assert left.json()["registration"] == "left"
