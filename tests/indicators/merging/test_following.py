"""Merges in the registry reach the items of plans, over real HTTP; a registry that is away is waited for."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from klaster_indicators.clients.registry import RegistryFeed
from klaster_indicators.merging.following import follow_merges
from klaster_shared.testing.servers import serving
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.tokens import Signer, Verifier

TITLE = {"pl": "Spotkania", "en": "Meetings"}
SEEN = {"If-Match": "*"}


class FakeRegistry:
    """A feed, two changes a page, that says what a test tells it to."""

    def __init__(self) -> None:
        self.changes: list[dict[str, Any]] = []
        self.away = False

    def tell(self, kind: str, entity: UUID, *, merged_into: UUID | None = None, collection: str = "entities") -> None:
        self.changes.append(
            {
                "position": str(len(self.changes) + 1),
                "kind": kind,
                "collection": collection,
                "id": str(entity),
                "record": {"name": "whatever it says"},
                "merged_into": str(merged_into) if merged_into else None,
            }
        )

    def answer_at(self, app: FastAPI) -> None:
        verifier = Verifier("registry", keys_folder() / "jwks.json")

        @app.get("/v1/registry/changes")
        async def changes(request: Request, after: int) -> Response:
            claims = verifier.verify(request.headers["authorization"].removeprefix("Bearer "))
            assert (claims.issuer, claims.scopes) == ("indicators", frozenset({"changes:read"}))
            if self.away:
                return Response(status_code=503)
            items = self.changes[after : after + 2]
            return JSONResponse({"items": items, "next": str(after + len(items))})


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
async def feed(registry: FakeRegistry) -> AsyncIterator[RegistryFeed]:
    app = FastAPI()
    registry.answer_at(app)
    async with serving(app) as url:
        client = RegistryFeed(url, Signer.from_file("indicators", keys_folder() / "indicators.jwk"))
        yield client
        await client.aclose()


async def plan_item(api: httpx.AsyncClient, entity: UUID) -> str:
    await api.post("/v1/plans", json={"year": 2026, "title": TITLE, "edition": "klsk-2022"})
    item = {"plan": 2026, "task": "D.2.1", "title": TITLE, "from": "2026-10-01", "to": "2026-12-31"}
    added = await api.post("/v1/plan-items", json={**item, "responsible": {"entity": str(entity), "name": "Dawna"}})
    assert added.status_code == 201, added.text
    return added.headers["location"]


class TestMerges:
    async def test_move_items_to_the_survivor_to_the_end_of_the_chain(
        self, api: httpx.AsyncClient, app: FastAPI, registry: FakeRegistry, feed: RegistryFeed
    ) -> None:
        old, middle, last, other = uuid4(), uuid4(), uuid4(), uuid4()
        path, apart = await plan_item(api, old), await plan_item(api, other)
        registry.tell("created", old)
        registry.tell("merged", old, merged_into=middle)
        registry.tell("merged", other, merged_into=last, collection="labs")
        registry.tell("merged", middle, merged_into=last)

        done = await follow_merges(app.state.database, feed)
        again = await follow_merges(app.state.database, feed)

        item = (await api.get(path)).json()
        assert (done, again) == ({"changes": 4, "touched": 2}, {"changes": 0, "touched": 0})
        assert (item["responsible"]["entity"], item["responsible"]["name"]) == (str(last), "Dawna")
        assert item["version"] == 3
        assert (await api.get(apart)).json()["responsible"]["entity"] == str(other)
        [found] = (await api.get("/v1/plan-items", params={"entity": str(last)})).json()["items"]
        assert found["id"] == item["id"]
        history = (await api.get(f"{path}/history")).json()["items"]
        assert [one["changed"] for one in history[:2]] == [["responsible"], ["responsible"]]

    async def test_reach_closed_plans_too(
        self, api: httpx.AsyncClient, app: FastAPI, registry: FakeRegistry, feed: RegistryFeed
    ) -> None:
        old, survivor = uuid4(), uuid4()
        path = await plan_item(api, old)
        [plan] = (await api.get("/v1/plans")).json()["items"]
        for state in ("adopted", "closed"):
            assert (await api.patch(f"/v1/plans/{plan['id']}", json={"state": state}, headers=SEEN)).is_success
        registry.tell("merged", old, merged_into=survivor)

        await follow_merges(app.state.database, feed)

        assert (await api.get(path)).json()["responsible"]["entity"] == str(survivor)

    async def test_wait_for_a_registry_that_is_away(
        self, api: httpx.AsyncClient, app: FastAPI, registry: FakeRegistry, feed: RegistryFeed
    ) -> None:
        old, survivor = uuid4(), uuid4()
        path = await plan_item(api, old)
        registry.tell("merged", old, merged_into=survivor)
        registry.away = True
        assert "away" in await follow_merges(app.state.database, feed)
        assert (await api.get(path)).json()["responsible"]["entity"] == str(old)
        registry.away = False

        assert await follow_merges(app.state.database, feed) == {"changes": 1, "touched": 1}

    async def test_are_not_asked_for_without_a_key(self, app: FastAPI) -> None:
        assert "away" in await follow_merges(app.state.database, None)
