"""The action plan of a year: its items by task, its states, its sums."""

from typing import Any

import httpx
import pytest

PLANS, ITEMS = "/v1/plans", "/v1/plan-items"
ANY = {"If-Match": "*"}
PLAN = {"year": 2026, "title": {"pl": "Plan 2026-2027", "en": "Plan 2026-2027"}, "edition": "klsk-2022"}
ENTITY = {"entity": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Jagiellońskie Centrum Innowacji"}
ITEM: dict[str, Any] = {
    "plan": 2026,
    "task": "D.2.1",
    "title": {"pl": "Spotkania", "en": "Meetings"},
    "responsible": {"sig": "talents"},
    "from": "2026-10-01",
    "to": "2027-06-30",
    "unit": "event",
    "planned": 12,
    "done": [{"on": "2026-10-14", "quantity": 0.1}, {"on": "2026-11-20", "quantity": 0.2}],
    "resources": [{"kind": "money", "amount": 24000.1, "unit": "PLN"}, {"kind": "place", "note": "Park LIFESCIENCE"}],
}


@pytest.fixture
async def plan(api: httpx.AsyncClient) -> str:
    answer = await api.post(PLANS, json=PLAN)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


async def add(api: httpx.AsyncClient, **stated: Any) -> dict[str, Any]:
    answer = await api.post(ITEMS, json={**ITEM, **stated})
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


class TestPlan:
    async def test_goes_from_draft_to_adopted_to_closed_and_keeps_its_history(
        self, office: httpx.AsyncClient, anybody: httpx.AsyncClient, plan: str
    ) -> None:
        item = await add(office)
        again = await office.post(PLANS, json=PLAN)
        early = await office.patch(plan, json={"state": "closed"}, headers=ANY)
        assert [(one.status_code, one.json()["code"]) for one in (again, early)] == [
            (409, "plan_exists"),
            (409, "plan_step"),
        ]
        for state in ("adopted", "closed"):
            read = await office.get(plan)
            changed = await office.patch(plan, json={"state": state}, headers={"If-Match": read.headers["etag"]})
            assert (changed.status_code, changed.json()["state"]) == (200, state)

        refused = [
            await office.post(ITEMS, json=ITEM),
            await office.patch(f"{ITEMS}/{item['id']}", json={"state": "done"}, headers=ANY),
            await office.delete(f"{ITEMS}/{item['id']}", headers=ANY),
        ]
        assert {(one.status_code, one.json()["code"]) for one in refused} == {(409, "plan_closed")}
        assert (await office.delete(plan, headers=ANY)).json()["code"] == "plan_in_use"
        history = (await anybody.get(f"{plan}/history")).json()["items"]
        assert [one["changed"] for one in history] == [["state"], ["state"], []]
        listed = (await anybody.get(PLANS, params={"year": 2026, "count": "true"})).json()
        assert (listed["total"], listed["items"][0]["items"], listed["items"][0]["to"]) == (1, 1, "2027-08-31")
        assert (await anybody.post(PLANS, json=PLAN)).status_code == 403

    async def test_is_of_an_edition_that_has_its_tasks(self, api: httpx.AsyncClient, plan: str) -> None:
        assert (await api.patch(plan, json={"edition": "nothing"}, headers=ANY)).status_code == 404
        await add(api)
        assert (await api.post("/v1/strategy/editions/klsk-2022/copy", json={"code": "klsk-2026"})).status_code == 201
        moved = await api.patch(plan, json={"edition": "klsk-2026"}, headers=ANY)
        assert (moved.status_code, moved.json()["edition"]) == (200, "klsk-2026")
        await api.patch(plan, json={"edition": "klsk-2022"}, headers=ANY)
        await api.delete("/v1/strategy/editions/klsk-2026/tasks/D.2.1", headers=ANY)
        lost = await api.patch(plan, json={"edition": "klsk-2026"}, headers=ANY)
        assert (lost.status_code, lost.json()["errors"][0]["code"]) == (422, "unknown_task")


class TestItem:
    async def test_is_added_changed_and_deleted(self, api: httpx.AsyncClient, plan: str) -> None:
        key = {"Idempotency-Key": "one-item"}
        first = await api.post(ITEMS, json=ITEM, headers=key)
        assert (await api.post(ITEMS, json=ITEM, headers=key)).json() == first.json()
        item, where = first.json(), first.headers["location"]
        assert item["task"] == {"code": "D.2.1", "name": "Organise regular networking meetings", "path": 2}
        assert (item["quantity_done"], item["resources"][0]["amount"]) == (0.3, 24000.1)

        changed = await api.patch(
            where,
            json={"responsible": ENTITY, "task": "D.1.1", "state": "running", "done": []},
            headers={"If-Match": first.headers["etag"]},
        )
        assert changed.status_code == 200, changed.text
        assert (changed.json()["responsible"]["name"], changed.json()["quantity_done"]) == (ENTITY["name"], 0)
        stale = await api.patch(where, json={"state": "done"}, headers={"If-Match": first.headers["etag"]})
        unseen = await api.patch(where, json={"state": "done"})
        assert (stale.status_code, unseen.status_code) == (412, 428)
        found = (await api.get(ITEMS, params={"entity": ENTITY["entity"], "plan": 2026})).json()["items"]
        assert [one["id"] for one in found] == [item["id"]]
        assert (await api.get(ITEMS, params={"sig": "talents"})).json()["items"] == []
        assert (await api.delete(where, headers=ANY)).status_code == 204
        assert (await api.get(where)).json()["code"] == "plan_item_not_found"
        assert (await api.delete(plan, headers=ANY)).status_code == 204

    async def test_is_refused_with_the_field_that_is_wrong(self, api: httpx.AsyncClient, plan: str) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"plan": 2025}, "/plan"),
            ({"task": "C.1.1-1"}, "/task"),
            ({"from": "2026-08-31"}, "/from"),
            ({"to": "2027-09-01"}, "/to"),
            ({"from": "2027-07-01"}, "/to"),
            ({"unit": None}, "/unit"),
            ({"done": [{"on": "2027-10-01", "quantity": 1}]}, "/done/0/on"),
            ({"done": [{"on": "2026-10-01", "quantity": -1}]}, "/done/0/quantity"),
            ({"responsible": {"sig": "talents", "text": "the office"}}, "/responsible"),
            ({"responsible": {"entity": ENTITY["entity"]}}, "/responsible/name"),
            ({"resources": [{"kind": "money", "amount": 5}]}, "/resources/0/unit"),
        ]
        for stated, pointer in wrong:
            answer = await api.post(ITEMS, json={**ITEM, **stated})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
        for target in (f"{PLANS}?year=99999999999", f"{ITEMS}?plan=99999999999", f"{PLANS}/99999999999/sums"):
            assert (await api.get(target)).status_code == 422, target
        item = await add(api)
        late = await api.patch(f"{ITEMS}/{item['id']}", json={"to": "2026-09-01"}, headers=ANY)
        assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/to")


class TestSums:
    async def test_are_the_measures_of_level_d_by_task_and_unit(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient, plan: str
    ) -> None:
        await add(api)
        await add(api, planned=3, state="cancelled", done=[{"on": "2026-09-02", "quantity": 1}])
        await add(api, planned=None, demonstration=True, done=[])
        await add(api, unit="person", planned=0.2, done=[])
        await add(api, task="D.1.1", unit=None, planned=None, done=[])

        async def sums(**asked: Any) -> Any:
            answer = await anybody.get(f"{PLANS}/2026/sums", params=asked)
            assert answer.status_code == 200, answer.text
            return answer.json()

        today = await sums()
        read = {(one["task"]["code"], one["unit"]): one for one in today["items"]}
        assert list(read) == [("D.1.1", None), ("D.2.1", "event"), ("D.2.1", "person")]
        events = read["D.2.1", "event"]
        names = ("planned", "done", "items", "without_quantity", "cancelled", "demonstration")
        assert [events[name] for name in names] == [12, 1.3, 2, 1, 1, 1]
        assert read["D.1.1", None]["planned"] is None
        assert "D.2.1" not in today["without_items"]
        assert len(today["without_items"]) == len((await sums(path=[1, 2, 3, 4, 5, 6]))["without_items"]) == 25

        past = await sums(as_of="2026-10", task="D.2.1")
        assert (past["as_of"], [one["done"] for one in past["items"]], past["without_items"]) == (
            "2026-10-31",
            [1.1, 0],
            [],
        )
        assert (await anybody.get(f"{PLANS}/2027/sums")).json()["code"] == "plan_not_found"
        assert (await anybody.get(f"{PLANS}/2026/sums", params={"as_of": "2030"})).status_code == 422

    async def test_stand_beside_the_50_indicators_of_the_levels_above(self, anybody: httpx.AsyncClient) -> None:
        counts = [
            (await anybody.get("/v1/indicators", params={"level": level, "count": "true"})).json()["total"]
            for level in ("B", "C", ["B", "C"])
        ]
        assert counts[0] + counts[1] == counts[2] == 50
