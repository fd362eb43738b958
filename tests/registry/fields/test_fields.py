"""Fields: which of them a document in force covers."""

from typing import Any

import httpx

ROADMAP = {"title": {"pl": "Mapa", "en": "Roadmap"}, "kind": "roadmap"}


async def codes(api: httpx.AsyncClient, query: str) -> list[str]:
    answer = await api.get(f"/v1/fields?{query}")
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


class TestFields:
    async def test_are_those_that_count_and_that_a_document_in_force_is_about(self, api: httpx.AsyncClient) -> None:
        await api.post("/v1/fields", json={"code": "law", "name": {"pl": "Prawo", "en": "Law"}, "position": 9})
        force = {"from": "2022-01-01", "to": "2023-12-31"}
        marked = {**ROADMAP, "fields": ["medicine", "law"], "in_force": force, "demonstration": True}
        assert (await api.post("/v1/documents", json=marked)).status_code == 201
        real = {**ROADMAP, "fields": ["food"], "in_force": {"from": "2023-01-01"}}
        assert (await api.post("/v1/documents", json=real)).status_code == 201
        assert await codes(api, "counts=true") == ["medicine", "food"]
        assert await codes(api, "counts=false") == ["law"]
        assert await codes(api, "document_kind=roadmap&as_of=2021-12-31") == []
        assert await codes(api, "document_kind=roadmap&as_of=2023-12-31") == ["medicine", "food", "law"]
        assert await codes(api, "document_kind=roadmap&as_of=2023-12-31&demonstration=true") == ["medicine", "law"]
        assert await codes(api, "document_kind=roadmap&counts=true") == ["food"]
        assert await codes(api, "document_kind=report") == []

    async def test_walk_their_pages_once(self, api: httpx.AsyncClient) -> None:
        first = await api.get("/v1/fields?limit=1&count=true")
        assert (first.json()["total"], first.json()["items"][0]["code"]) == (2, "medicine")
        second = await api.get(first.links["next"]["url"])
        assert ([one["code"] for one in second.json()["items"]], second.json()["next"]) == (["food"], None)

    async def test_make_a_share_of_those_that_count(self, api: httpx.AsyncClient) -> None:
        async def share(day: str) -> tuple[Any, ...]:
            answer = await api.get(f"/v1/registry/figures?name=registry.fields.roadmap&as_of={day}")
            [figure] = answer.json()["items"]
            return tuple(figure[name] for name in ("value", "counted", "without_value", "demonstration", "reason"))

        name = {"pl": "Żywność morska", "en": "Seafood"}
        await api.post("/v1/fields", json={"code": "sea", "name": name, "flags": ["counts"], "position": 5})
        document = {**ROADMAP, "fields": ["food"], "in_force": {"from": "2023-01-01"}, "demonstration": True}
        await api.post("/v1/documents", json=document)
        assert await share("2022-12-31") == (0, 0, 3, 0, None)
        assert await share("2023-01-01") == (33.33, 1, 2, 1, None)
        for code in ("sea", "medicine"):
            await api.patch(f"/v1/fields/{code}", json={"retired": True}, headers={"If-Match": "*"})
        assert await share("2023-01-01") == (100, 1, 0, 1, None)
        await api.patch("/v1/fields/food", json={"flags": []}, headers={"If-Match": "*"})
        assert await share("2023-01-01") == (None, 0, 0, 0, "No field is flagged as one that counts")
