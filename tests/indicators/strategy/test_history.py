"""Editions and indicators keep their history: what was stated, step by step, and who changed it."""

from typing import Any

import httpx

EDITIONS = "/v1/strategy/editions"
OLD, NEW = f"{EDITIONS}/klsk-2022", f"{EDITIONS}/klsk-2026"
SEEN = {"If-Match": "*"}


async def history(client: httpx.AsyncClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"{path}/history", params=parameters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


class TestEditions:
    async def test_tell_the_steps_of_each(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        await api.patch(f"{NEW}/effects/B.1.1", json={"note": "looked at again"}, headers=SEEN)
        await api.post(f"{NEW}/adopt", json={"on": "2026-11-01"}, headers=SEEN)

        adopted, edited, begun = await history(api, NEW)
        [superseded, taken_in] = await history(anybody, OLD)

        assert [begun["kind"], edited["kind"], adopted["kind"]] == ["created", "updated", "updated"]
        assert {one["field"]: one["after"] for one in adopted["changes"]} == {"adopted": "2026-11-01"}
        assert (adopted["actor"], superseded["actor"]) == ("test:admin", None)
        assert {one["field"]: one["after"] for one in superseded["changes"]} == {"superseded": "2026-11-01"}
        assert taken_in["kind"] == "created"

    async def test_is_kept_of_a_draft_that_was_given_up(self, api: httpx.AsyncClient) -> None:
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        await api.delete(NEW, headers=SEEN)

        assert [one["kind"] for one in await history(api, NEW)] == ["deleted", "created"]
        assert (await api.get(f"{EDITIONS}/klsk-1999/history")).status_code == 404


class TestIndicators:
    async def test_tell_only_what_changed_of_each(self, api: httpx.AsyncClient) -> None:
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        name = {"pl": "Podmioty", "en": "Entities"}
        await api.patch(f"{NEW}/goals/C.1.1-1", json={"name": name}, headers=SEEN)

        renamed, copied, first = await history(api, "/v1/indicators/C.1.1-1")
        other = await history(api, "/v1/indicators/C.1.3-1")

        assert (first["kind"], [one["field"] for one in copied["changes"]]) == ("created", ["edition"])
        assert [(one["field"], one["after"]) for one in renamed["changes"]] == [("name", name)]
        assert [one["kind"] for one in other] == ["updated", "created"]
        by_id = (await api.get("/v1/indicators/C.1.3-1")).json()["id"]
        assert await history(api, f"/v1/indicators/{by_id}") == other
        await api.delete(f"{NEW}/indicators/B.1.1-1", headers=SEEN)
        dropped = (await history(api, "/v1/indicators/B.1.1-1", limit=1))[0]
        assert {"field": "dropped", "before": None, "after": True} in dropped["changes"]
