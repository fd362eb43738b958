"""Laboratories: exact areas over time, sharing, owners."""

from typing import Any

import httpx
import pytest

from klaster_registry.labs.schemas import LabRead
from tests.registry.conftest import Add

NAME = {"pl": "Laboratorium", "en": "Laboratory"}


async def create(api: httpx.AsyncClient, owner: str, **properties: Any) -> dict[str, Any]:
    answer = await api.post("/v1/labs", json={"owner": owner, "name": NAME, "kind": "commercial", **properties})
    assert answer.status_code == 201, answer.text
    lab: dict[str, Any] = answer.json()
    return lab


REFUSED: list[Any] = [
    ({"carbon_footprints": [{"year": 2024, "tco2e": "1.2345", "source": "x"}]}, "/carbon_footprints/0/tco2e"),
    ({"carbon_footprints": [{"year": 2024, "tco2e": -1, "source": "x"}]}, "/carbon_footprints/0/tco2e"),
    ({"carbon_footprints": [{"year": 2024, "tco2e": 1}]}, "/carbon_footprints/0/source"),
    ({"carbon_footprints": [{"year": 2024, "tco2e": 1, "source": "x"}] * 2}, "/carbon_footprints"),
    ({"fields": ["medicine", "alchemy"]}, "/fields/1"),
    ({"equipment": [{"name": {"pl": "a", "en": "\0"}}]}, "/equipment/0/name/en"),
    ({"name": {"pl": "x" * 10_000, "en": "x"}}, "/name/pl"),
    ({"areas": [{"area_m2": 0}]}, "/areas/0/area_m2"),
    ({"areas": [{"area_m2": "1.234"}]}, "/areas/0/area_m2"),
    ({"areas": [{"area_m2": 1}, {"area_m2": 2, "from": "2020-01-01"}]}, "/areas"),
    ({"kind": "secret"}, "/kind"),
    ({"name": {"pl": "Laboratorium"}}, "/name/en"),
]


class TestLabs:
    async def test_keep_areas_exactly_and_over_time(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = await add("Browin")
        areas = [
            {"area_m2": 199.4, "from": "2020-01-01", "to": "2021-12-31"},
            {"area_m2": "0.10", "from": "2022-01-01"},
        ]
        lab = await create(api, owner["id"], areas=areas)
        LabRead.model_validate(lab)
        assert lab["owner"] == {"id": owner["id"], "name": "Browin"}
        seen = {
            day: (await api.get(f"/v1/labs?as_of={day}")).json()["items"][0]["area_m2"]
            for day in ("2019-12-31", "2021-12-31", "2022-01-01")
        }
        assert seen == {"2019-12-31": None, "2021-12-31": 199.4, "2022-01-01": 0.1}

    async def test_add_up_exactly(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = await add("Browin")
        for area in ("0.10", "0.20", "0.70"):
            await create(api, owner["id"], areas=[{"area_m2": area}])
        await create(api, owner["id"])
        [figure] = (await api.get("/v1/registry/figures?name=registry.labs.area_commercial")).json()["items"]
        assert (figure["value"], figure["counted"], figure["without_value"]) == (1, 3, 1)

    async def test_are_shared_from_day_to_day(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = await add("JCI")
        shared = await create(api, owner["id"], shared={"from": "2020-01-01", "to": "2020-12-31"})
        private = await create(api, owner["id"])

        async def ids(query: str) -> set[str]:
            return {one["id"] for one in (await api.get(f"/v1/labs?{query}")).json()["items"]}

        assert await ids("shared=true&as_of=2020-12-31") == {shared["id"]}
        assert await ids("shared=true&as_of=2021-01-01") == set()
        assert await ids("shared=false&as_of=2020-06-01") == {private["id"]}
        assert await ids("shared=false&as_of=2021-01-01") == {private["id"], shared["id"]}

    async def test_can_be_changed_by_who_has_read_them(self, api: httpx.AsyncClient, add: Add) -> None:
        lab = await create(api, (await add("JCI"))["id"], note="druga część")
        read = await api.get(f"/v1/labs/{lab['id']}")
        change = {"kind": "teaching", "note": None, "areas": [{"area_m2": 6300}], "shared": {"from": "2022-01-01"}}
        path, etag = f"/v1/labs/{lab['id']}", read.headers["etag"]
        assert (await api.patch(path, json=change)).status_code == 428
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["kind"], changed["note"], changed["area_m2"], changed["version"]) == ("teaching", None, 6300, 2)
        assert (await api.patch(path, json=change, headers={"If-Match": etag})).status_code == 412

    async def test_go_with_a_tombstone(self, api: httpx.AsyncClient, add: Add) -> None:
        lab = await create(api, (await add("JCI"))["id"], areas=[{"area_m2": 1}])
        assert (await api.delete(f"/v1/labs/{lab['id']}", headers={"If-Match": "*"})).status_code == 204
        assert (await api.get(f"/v1/labs/{lab['id']}")).json()["code"] == "lab_not_found"
        change = (await api.get("/v1/registry/changes?after=0&limit=1000")).json()["items"][-1]
        assert (change["collection"], change["kind"], change["record"]) == ("labs", "deleted", None)

    async def test_say_what_they_have_and_on_what_terms(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = (await add("JCI"))["id"]
        equipment = [{"name": {"pl": "wirówka", "en": "centrifuge"}, "model": "Avanti J-26", "year": 2019}]
        terms = {"pl": "Po uzgodnieniu", "en": "By appointment"}
        lab = await create(
            api, owner, equipment=equipment, terms=terms, partners_only=True, fields=["medicine", "medicine"]
        )
        LabRead.model_validate(lab)
        assert lab["equipment"] == [{"name": "centrifuge", "model": "Avanti J-26", "year": 2019, "note": None}]
        assert (lab["terms"], lab["partners_only"], lab["fields"]) == ("By appointment", True, ["medicine"])
        polish = (await api.get(f"/v1/labs/{lab['id']}", headers={"Accept-Language": "pl"})).json()
        assert (polish["equipment"][0]["name"], polish["terms"]) == ("wirówka", "Po uzgodnieniu")
        await create(api, owner, fields=["food"])
        for query in ("field=medicine", "partners_only=true"):
            assert [one["id"] for one in (await api.get(f"/v1/labs?{query}")).json()["items"]] == [lab["id"]]
        same = {name: lab[name] for name in ("kind", "partners_only", "fields", "note", "areas", "shared")}
        same |= {"terms": terms, "equipment": equipment, "owner": owner}
        again = (await api.patch(f"/v1/labs/{lab['id']}", json=same, headers={"If-Match": "*"})).json()
        assert again["version"] == 1
        gone = {"terms": None, "equipment": [], "fields": []}
        changed = (await api.patch(f"/v1/labs/{lab['id']}", json=gone, headers={"If-Match": "*"})).json()
        assert (changed["terms"], changed["equipment"], changed["fields"]) == (None, [], [])

    async def test_add_up_the_footprints_of_whole_years(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = (await add("JCI"))["id"]
        years = [{"year": year, "tco2e": f"{year % 100}.105", "source": "Raport"} for year in (2022, 2023, 2024)]
        lab = await create(api, owner, carbon_footprints=years)
        await create(api, owner, carbon_footprints=[{"year": 2023, "tco2e": 0, "source": "Raport"}])
        await create(api, owner)

        async def figure(first: str, last: str) -> list[Any]:
            query = f"name=registry.labs.carbon_footprint&from={first}&to={last}"
            [found] = (await api.get(f"/v1/registry/figures?{query}")).json()["items"]
            rows = (await api.get(found["rows"])).json()["items"]
            stated = sum(row["carbon_footprint"] for row in rows)
            assert stated == pytest.approx(found["value"] or 0)
            return [found["value"], found["counted"], found["without_value"], len(rows)]

        assert await figure("2022-01-01", "2023-12-31") == [45.21, 2, 0, 2]
        assert await figure("2022-01-02", "2024-12-30") == [23.105, 2, 0, 2]
        assert await figure("2024-01-01", "2024-12-31") == [24.105, 1, 0, 1]
        assert await figure("2024-02-01", "2024-12-31") == [None, 0, 0, 0]
        assert (await api.get(f"/v1/labs/{lab['id']}")).json()["carbon_footprint"] == 69.315

    async def test_are_refused_with_the_place_and_the_reason(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = (await add("JCI"))["id"]
        for properties, pointer in REFUSED:
            body = {"owner": owner, "name": NAME, "kind": "commercial", **properties}
            answer = await api.post("/v1/labs", json=body)
            assert answer.status_code == 422, properties
            assert answer.json()["errors"][0]["pointer"] == pointer

    async def test_walk_their_pages_once(self, api: httpx.AsyncClient, add: Add) -> None:
        owner = (await add("JCI"))["id"]
        for at in range(5):
            await create(api, owner, name={"pl": f"Laboratorium {at % 2}", "en": "Laboratory"})
        whole = [one["id"] for one in (await api.get("/v1/labs")).json()["items"]]
        walked: list[str] = []
        url: str | None = "/v1/labs?limit=2&count=true"
        while url:
            answer = await api.get(url)
            assert answer.json()["total"] == 5
            walked += [item["id"] for item in answer.json()["items"]]
            url = answer.links["next"]["url"] if "next" in answer.links else None
        assert walked == whole
