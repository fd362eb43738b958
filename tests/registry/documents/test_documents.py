"""Documents: what they are about, and when they are in force."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from klaster_registry.documents.operations import move_entity
from klaster_registry.documents.schemas import DocumentRead
from tests.registry.conftest import NOW, Add

TITLE = {"pl": "Mapa drogowa", "en": "Roadmap"}


async def create(api: httpx.AsyncClient, name: str, **properties: Any) -> dict[str, Any]:
    body = {"title": {"pl": name, "en": f"{name} in English"}, "kind": "roadmap", **properties}
    answer = await api.post("/v1/documents", json=body)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def found(api: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await api.get("/v1/documents", params={**parameters, "lang": "pl"})
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json()["items"]]


class TestDocuments:
    async def test_are_in_force_from_day_to_day(self, api: httpx.AsyncClient) -> None:
        await create(api, "Mapa", in_force={"from": "2020-01-01", "to": "2020-12-31"})
        await create(api, "Sprawozdanie", kind="report")
        assert await found(api, in_force=True, as_of="2020-12-31") == ["Mapa"]
        assert await found(api, in_force=True, as_of="2021-01-01") == []
        assert await found(api, in_force=False, as_of="2020-12-31") == ["Sprawozdanie"]
        assert await found(api, in_force=False) == ["Mapa", "Sprawozdanie"]

    async def test_are_found_by_what_they_are(self, api: httpx.AsyncClient, add: Add) -> None:
        author = await add("Ala")
        document = await create(
            api,
            "Łódzka mapa",
            entity=author["id"],
            fields=["food", "medicine"],
            year=2022,
            published_on="2022-05-01",
            group="talents",
            languages=["pl", "en"],
        )
        DocumentRead.model_validate(document)
        assert document["entity"] == {"id": author["id"], "name": "Ala"}
        await create(api, "Raport", kind="report", fields=["food"], year=2021, demonstration=True)
        assert await found(api, kind="report") == await found(api, demonstration=True) == ["Raport"]
        assert await found(api, field="medicine") == await found(api, year=2022) == ["Łódzka mapa"]
        assert await found(api, field="food", year=[2021, 2022]) == ["Łódzka mapa", "Raport"]
        assert await found(api, entity=author["id"]) == await found(api, group="talents") == ["Łódzka mapa"]
        assert await found(api, q="lodzka") == ["Łódzka mapa"]

    async def test_can_be_changed_and_deleted(self, api: httpx.AsyncClient) -> None:
        document = await create(api, "Mapa", year=2021, in_force={"from": "2020-01-01"})
        path = f"/v1/documents/{document['id']}"
        etag = (await api.get(path)).headers["etag"]
        change = {"title": TITLE, "year": 2021, "in_force": None, "fields": ["food"], "kind": "report"}
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["title"], changed["in_force"], changed["fields"]) == ("Roadmap", None, ["food"])
        assert (await api.patch(path, json=change, headers={"If-Match": "*"})).json()["version"] == 2
        newest = (await api.get(f"{path}/history")).json()["items"][0]
        assert set(newest["changed"]) == {"title", "in_force", "kind", "fields"}
        assert (await api.patch(path, json=change, headers={"If-Match": etag})).status_code == 412
        assert (await api.delete(path, headers={"If-Match": "*"})).status_code == 204
        assert (await api.get(path)).json()["code"] == "document_not_found"

    async def test_follow_a_merge_of_their_author(self, app: FastAPI, api: httpx.AsyncClient, add: Add) -> None:
        old, new = await add("Stara"), await add("Nowa")
        document = await create(api, "Mapa", entity=old["id"])
        async with app.state.database.write() as session:
            await move_entity(session, old=UUID(old["id"]), new=UUID(new["id"]), now=NOW)
        read = (await api.get(f"/v1/documents/{document['id']}")).json()
        assert (read["entity"]["name"], read["version"]) == ("Nowa", 2)

    async def test_come_once_from_one_source(self, api: httpx.AsyncClient) -> None:
        await create(api, "Mapa", source="library", source_key="7")
        body = {"title": TITLE, "kind": "roadmap", "source": "library", "source_key": "7"}
        assert (await api.post("/v1/documents", json=body)).json()["code"] == "document_exists"

    async def test_are_refused_with_the_place(self, api: httpx.AsyncClient) -> None:
        refused: list[tuple[Any, str]] = [
            ({"kind": "novel"}, "/kind"),
            ({"fields": ["food", "nope"]}, "/fields/1"),
            ({"group": "nope"}, "/group"),
            ({"languages": ["qq"]}, "/languages/0"),
            ({"in_force": {"from": "2022-01-01", "to": "2021-01-01"}}, "/in_force/to"),
            ({"in_force": {"from": "9999-12-31"}}, "/in_force/from"),
            ({"title": {"pl": "x" * 10_000, "en": "x"}}, "/title/pl"),
            ({"url": "ftp://x"}, "/url"),
            ({"year": 22}, "/year"),
        ]
        for properties, pointer in refused:
            answer = await api.post("/v1/documents", json={"title": TITLE, "kind": "roadmap", **properties})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
