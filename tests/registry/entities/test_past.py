"""What was true on a day, what we had recorded at an instant, who changed what; sectors and branches over time."""

from datetime import timedelta

import httpx

from tests.registry.conftest import NOW, Add, Served


class TestAsOf:
    async def test_cuts_the_record_down_to_what_held_on_the_day(self, api: httpx.AsyncClient, registered: Add) -> None:
        entity = await registered(
            "Ala",
            on="2021-05-04",
            seat={"country": "PL", "city": "Kraków"},
            markets=[{"code": "EU", "from": "2022-01-01"}],
            branches=[
                {"city": "Wiedeń", "country": "AT", "from": "2020-01-01", "to": "2021-12-31"},
                {"city": "Tarnów", "country": "PL", "kind": "branch"},
            ],
        )
        path = f"/v1/entities/{entity['id']}"
        before, after = [(await api.get(path, params={"as_of": day})).json() for day in ("2021-05-03", "2022-06-01")]
        assert (before["registration"], before["markets"]) == ("none", [])
        assert [(branch["city"], branch["abroad"]) for branch in before["branches"]] == [
            ("Wiedeń", True),
            ("Tarnów", False),
        ]
        assert (after["registration"], len(after["markets"]), len(after["branches"])) == ("registered", 1, 1)
        for day, listed in (("2021-06-01", 1), ("2022-06-01", 1), ("2026-01-01", 1)):
            found = await api.get("/v1/entities", params={"abroad": "true", "as_of": day})
            assert len(found.json()["items"]) == listed, day
        assert (await api.get("/v1/entities?abroad=true&as_of=2019-06-01")).json()["items"] == []

    async def test_finds_sectors_with_those_below_them(self, api: httpx.AsyncClient, add: Add) -> None:
        for code, parent in (("72", None), ("72.1", "72"), ("72.11.Z", "72.1"), ("86", None)):
            body = {"code": code, "parent": parent, "name": {"pl": code, "en": code}}
            assert (await api.post("/v1/sectors", json=body)).status_code == 201
        entity = await add("Ala", sectors=["72.11.Z"])
        for code, found in (("72", 1), ("72.1", 1), ("72.11.Z", 1), ("86", 0)):
            assert len((await api.get(f"/v1/entities?sector={code}")).json()["items"]) == found
        answer = await api.patch(f"/v1/entities/{entity['id']}", json={"sectors": ["99"]}, headers={"If-Match": "*"})
        assert answer.json()["errors"][0]["pointer"] == "/sectors/0"


class TestHistory:
    async def test_tells_what_was_known_and_who_changed_it(
        self, served: Served, api: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        entity = await add("Ala")
        path = f"/v1/entities/{entity['id']}"
        created = (await api.get(f"{path}/history")).json()["items"][0]["at"]
        await api.patch(path, json={"legal_form": "sp. z o.o."}, headers={"If-Match": "*"})
        await api.patch(path, json={"legal_form": "S.A."}, headers={"If-Match": "*"})
        page = (await api.get(f"{path}/history?limit=2")).json()
        assert [one["changes"] for one in page["items"]] == [
            [{"field": "legal_form", "before": "sp. z o.o.", "after": "S.A."}],
            [{"field": "legal_form", "before": None, "after": "sp. z o.o."}],
        ]
        rest = (await api.get(f"{path}/history", params={"limit": 2, "cursor": page["next"]})).json()
        assert ([one["kind"] for one in rest["items"]], rest["next"]) == (["created"], None)
        assert page["items"][0]["actor"] is not None
        assert (await anybody.get(f"{path}/history")).json()["items"][0]["actor"] is None
        assert (await api.get(path, params={"known_at": created})).json()["legal_form"] is None
        early = (NOW - timedelta(days=9000)).isoformat()
        answer = await api.get(path, params={"known_at": early})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_known_then")
        for wrong in ("2026-01-01T00:00:00", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "now"):
            refused = await api.get(path, params={"known_at": wrong})
            assert refused.status_code == 422, refused.text
            assert refused.json()["errors"][0]["pointer"] == "query/known_at"

    async def test_outlives_the_record(self, api: httpx.AsyncClient, add: Add) -> None:
        entity = await add("Ala")
        await api.delete(f"/v1/entities/{entity['id']}", headers={"If-Match": "*"})
        items = (await api.get(f"/v1/entities/{entity['id']}/history")).json()["items"]
        assert [one["kind"] for one in items] == ["deleted", "created"]
