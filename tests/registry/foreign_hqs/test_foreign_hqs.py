"""Organisations abroad: engagement is a chain of states, each holding until the next."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_registry.foreign_hqs.operations import move_entity
from klaster_registry.foreign_hqs.schemas import ForeignHqRead
from tests.registry.conftest import NOW, Add

CHAIN = [
    {"state": "interested", "from": "2020-02-01"},
    {"state": "cooperating", "from": "2021-01-01"},
    {"state": "ended", "from": "2022-07-01"},
    {"state": "interested", "from": "2024-01-01"},
]


async def create(api: httpx.AsyncClient, name: str, **properties: Any) -> dict[str, Any]:
    answer = await api.post("/v1/foreign-hqs", json={"name": name, "kind": "company", "country": "FR", **properties})
    assert answer.status_code == 201, answer.text
    hq: dict[str, Any] = answer.json()
    return hq


async def found(api: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await api.get("/v1/foreign-hqs", params=parameters)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


class TestEngagement:
    async def test_holds_until_the_next_state(self, api: httpx.AsyncClient) -> None:
        hq = await create(api, "MaaT", engagements=CHAIN)
        ForeignHqRead.model_validate(hq)
        assert [(one["state"], one["to"]) for one in hq["engagements"]] == [
            ("interested", "2020-12-31"),
            ("cooperating", "2022-06-30"),
            ("ended", "2023-12-31"),
            ("interested", None),
        ]
        days = {"2020-01-31": [], "2020-02-01": ["interested"], "2022-06-30": ["cooperating"], "2022-07-01": ["ended"]}
        for day, states in days.items():
            asked = ("interested", "negotiating", "cooperating", "ended")
            assert [state for state in asked if await found(api, engagement=state, as_of=day)] == states

    async def test_is_found_by_a_window_that_it_touches(self, api: httpx.AsyncClient) -> None:
        await create(api, "MaaT", engagements=CHAIN)
        assert await found(api, engaged_from="2022-06-30", engaged_to="2022-12-31") == ["MaaT"]
        assert await found(api, engaged_from="2022-07-01", engaged_to="2023-12-31") == []
        assert await found(api, engaged_from="2023-01-01", engaged_to="2024-01-01") == ["MaaT"]

    async def test_begins_where_none_was_under_way(self, api: httpx.AsyncClient) -> None:
        await create(api, "MaaT", engagements=CHAIN)
        years = {
            year: await found(api, begun_from=f"{year}-01-01", begun_to=f"{year}-12-31") for year in range(2019, 2025)
        }
        assert [year for year, names in years.items() if names] == [2020, 2024]

    @pytest.mark.parametrize(
        "chain",
        [
            [{"state": "ended", "from": "2020-01-01"}],
            [CHAIN[1], CHAIN[0]],
            [CHAIN[0], {"state": "interested", "from": "2021-01-01"}],
            [CHAIN[0], {"state": "married", "from": "2021-01-01"}],
        ],
    )
    async def test_is_refused_out_of_order(self, api: httpx.AsyncClient, chain: list[dict[str, str]]) -> None:
        body = {"name": "MaaT", "kind": "company", "country": "FR", "engagements": chain}
        assert (await api.post("/v1/foreign-hqs", json=body)).status_code == 422


class TestRecords:
    async def test_say_when_readiness_was_declared(self, api: httpx.AsyncClient) -> None:
        await create(api, "Health Cluster", kind="cluster", ready=[{"from": "2020-05-01", "to": "2021-12-31"}])
        assert await found(api, kind="cluster", ready=True, as_of="2021-12-31") == ["Health Cluster"]
        assert await found(api, ready=True, as_of="2022-01-01") == []
        assert await found(api, ready=False, as_of="2022-01-01") == ["Health Cluster"]

    async def test_name_the_branch_in_the_region(self, api: httpx.AsyncClient, add: Add) -> None:
        branch = await add("MaaT Polska")
        hq = await create(api, "MaaT", local_entity=branch["id"])
        assert hq["local_entity"] == {"id": branch["id"], "name": "MaaT Polska"}

    async def test_can_be_changed_and_deleted(self, api: httpx.AsyncClient) -> None:
        hq = await create(api, "MaaT", engagements=CHAIN)
        path = f"/v1/foreign-hqs/{hq['id']}"
        etag = (await api.get(path)).headers["etag"]
        change = {"name": "MaaT Pharma", "engagements": CHAIN[:2], "city": "Lyon"}
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["name"], len(changed["engagements"]), changed["version"]) == ("MaaT Pharma", 2, 2)
        assert (await api.patch(path, json=change, headers={"If-Match": etag})).status_code == 412
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await api.get(path)).json()["code"] == "foreign_hq_not_found"

    async def test_come_once_from_one_source(self, api: httpx.AsyncClient) -> None:
        await create(api, "MaaT", source="ror", source_key="043sy2246")
        body = {"name": "MaaT", "kind": "company", "country": "FR", "source": "ror", "source_key": "043sy2246"}
        assert (await api.post("/v1/foreign-hqs", json=body)).status_code == 409


class TestPartnersInTheRegion:
    async def test_stand_beside_a_branch(self, api: httpx.AsyncClient, add: Add) -> None:
        branch, first, second = [(await add(name))["id"] for name in ("Oddział", "Pierwsza", "Druga")]
        hq = await create(api, "MaaT", local_entity=branch, partner_entities=[first, second, first], note="Od targów")
        ForeignHqRead.model_validate(hq)
        assert {one["name"] for one in hq["partner_entities"]} == {"Pierwsza", "Druga"}
        assert (hq["local_entity"]["name"], hq["note"]) == ("Oddział", "Od targów")
        await create(api, "Genomics")
        for entity in (branch, first, second):
            assert await found(api, entity=entity) == ["MaaT"]
        same = {"partner_entities": [second, first], "note": "Od targów", "engagements": [], "local_entity": branch}
        again = (await api.patch(f"/v1/foreign-hqs/{hq['id']}", json=same, headers={"If-Match": "*"})).json()
        assert again["version"] == 1
        change = {"partner_entities": [second], "local_entity": None, "note": None}
        changed = (await api.patch(f"/v1/foreign-hqs/{hq['id']}", json=change, headers={"If-Match": "*"})).json()
        assert [one["id"] for one in changed["partner_entities"]] == [second]
        assert await found(api, entity=first) == []
        assert (await api.delete(f"/v1/foreign-hqs/{hq['id']}", headers={"If-Match": "*"})).status_code == 204

    async def test_follow_a_merge(self, app: FastAPI, api: httpx.AsyncClient, add: Add) -> None:
        old, new, other = [UUID((await add(name))["id"]) for name in ("Stara", "Nowa", "Inna")]
        hq = await create(api, "MaaT", local_entity=str(old), partner_entities=[str(old), str(new), str(other)])
        async with app.state.database.write() as session:
            await move_entity(session, old=old, new=new, now=NOW)
        moved = (await api.get(f"/v1/foreign-hqs/{hq['id']}")).json()
        assert moved["local_entity"]["id"] == str(new)
        assert {one["id"] for one in moved["partner_entities"]} == {str(new), str(other)}
        assert moved["version"] == 2
