"""Taxonomies: codes that an office edits, never deletes."""

import httpx
import pytest

from tests.registry.conftest import Add

COLLECTIONS = ("interest-groups", "fields", "markets", "kinds", "groups", "networks")


@pytest.mark.parametrize("collection", COLLECTIONS)
class TestEveryCollection:
    async def test_adds_reads_and_changes_a_code(self, empty: httpx.AsyncClient, collection: str) -> None:
        path = f"/v1/{collection}"
        body = {"code": "NEW", "name": {"pl": "nowy", "en": "new"}, "flags": ["foreign"], "position": 3}
        added = await empty.post(path, json=body)
        assert (added.status_code, added.headers["location"]) == (201, f"{path}/NEW")

        read = await empty.get(f"{path}/NEW", headers={"Accept-Language": "pl"})
        assert (read.json()["name"], read.json()["flags"]) == ("nowy", ["foreign"])

        change = {"name": {"pl": "nowszy", "en": "newer"}, "retired": True}
        changed = await empty.patch(f"{path}/NEW", json=change, headers={"If-Match": read.headers["etag"]})
        assert changed.json()["retired"] is True
        listed = (await empty.get(f"{path}?lang=all&retired=true&count=true")).json()
        assert [item["name"] for item in listed["items"]] == [{"pl": "nowszy", "en": "newer"}]
        assert listed["total"] == 1

    async def test_refuses_a_code_twice(self, api: httpx.AsyncClient, collection: str) -> None:
        [first, *_] = (await api.get(f"/v1/{collection}?limit=1")).json()["items"]
        again = await api.post(f"/v1/{collection}", json={"code": first["code"], "name": {"pl": "x", "en": "x"}})
        assert (again.status_code, again.json()["code"]) == (409, "code_taken")

    async def test_walks_its_pages_in_order(self, api: httpx.AsyncClient, collection: str) -> None:
        whole = [item["code"] for item in (await api.get(f"/v1/{collection}")).json()["items"]]
        walked: list[str] = []
        url: str | None = f"/v1/{collection}?limit=1"
        while url:
            answer = await api.get(url)
            walked += [item["code"] for item in answer.json()["items"]]
            url = answer.links["next"]["url"] if "next" in answer.links else None
        assert walked == whole

    async def test_gives_only_the_codes_asked_for(self, api: httpx.AsyncClient, collection: str) -> None:
        first, second, *_ = [item["code"] for item in (await api.get(f"/v1/{collection}")).json()["items"]]
        asked = {"code": [first, second, "nothing"], "count": "true"}
        found = (await api.get(f"/v1/{collection}", params=asked)).json()
        assert ([item["code"] for item in found["items"]], found["total"]) == ([first, second], 2)


class TestRetired:
    async def test_are_not_given_to_new_records_but_stay_with_old_ones(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala", interest_group="MED")
        await api.patch("/v1/interest-groups/MED", json={"retired": True}, headers={"If-Match": "*"})
        assert (await api.get("/v1/entities?interest_group=MED")).json()["items"] == [entity]
        refused = await api.post("/v1/entities", json={"names": [{"value": "Ola"}], "interest_group": "MED"})
        assert refused.json()["errors"][0]["code"] == "unknown_code"


class TestLevels:
    async def test_go_up_without_a_circle(self, api: httpx.AsyncClient) -> None:
        name = {"pl": "kardiologia", "en": "cardiology"}
        added = await api.post("/v1/fields", json={"code": "cardiology", "name": name, "parent": "medicine"})
        assert added.json()["parent"] == "medicine"
        circle = await api.patch("/v1/fields/medicine", json={"parent": "cardiology"}, headers={"If-Match": "*"})
        assert (circle.status_code, circle.json()["errors"][0]["code"]) == (422, "cycle")
        unknown = await api.patch("/v1/fields/medicine", json={"parent": "nope"}, headers={"If-Match": "*"})
        assert unknown.json()["errors"][0]["code"] == "unknown_code"


class TestHistory:
    async def test_tells_what_a_code_meant_and_who_changed_it(self, api: httpx.AsyncClient) -> None:
        path = "/v1/interest-groups/MED"
        [created] = (await api.get(f"{path}/history")).json()["items"]
        label = {"pl": "Zdrowie", "en": "Health"}
        await api.patch(path, json={"name": label, "flags": []}, headers={"If-Match": "*"})
        [latest, _] = (await api.get(f"{path}/history")).json()["items"]
        assert {change["field"] for change in latest["changes"]} == {"flags", "name"}
        known = (await api.get(path, params={"known_at": created["at"], "lang": "pl"})).json()
        assert (known["name"], known["flags"]) == ("MED po polsku", ["health_care"])
