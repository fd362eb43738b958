"""A cluster abroad declares on the board that it is ready, and the registry hears of it once."""

from typing import Any

import httpx
from fastapi import FastAPI

from klaster_events.proposing.sending import send_proposals
from klaster_shared.identifiers import new_id
from tests.events.board.conftest import *  # noqa: F403 # the same board
from tests.events.board.conftest import BOARD, Post
from tests.events.bookings.conftest import wrong
from tests.events.conftest import NOW, STARTUP, FakeRegistry

CLUSTER = {"name": "Health Cluster Portugal", "country": "PT"}


async def declare(client: httpx.AsyncClient, post: dict[str, Any], **said: Any) -> httpx.Response:
    return await client.post(f"{BOARD}/{post['id']}/readiness", json=said)


async def send(app: FastAPI) -> None:
    await send_proposals(app.state.database, app.state.registry, clock=lambda: NOW)


class TestDeclare:
    async def test_a_new_cluster_is_proposed_in_the_name_of_the_post_s_owner(
        self,
        app: FastAPI,
        post: Post,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        registry: FakeRegistry,
    ) -> None:
        one = await post()
        assert await wrong(await declare(foundation, one, cluster=CLUSTER)) == (403, "not_your_post")
        made = await declare(startup, one, cluster=CLUSTER, ready_from="2026-11-01")
        assert (made.status_code, made.json()["state"], made.json()["record"]) == (201, "waiting", None)
        assert await wrong(await declare(startup, one, cluster=CLUSTER)) == (409, "readiness_declared")
        for _ in range(2):
            await send(app)
        [(key, sent)] = registry.proposals.items()
        assert (key, sent["for"]) == (made.json()["id"], str(STARTUP))
        assert sent["body"]["target"] == {"collection": "foreign_hqs", "id": None}
        assert sent["body"]["change"] == {
            **CLUSTER,
            "city": None,
            "url": None,
            "kind": "cluster",
            "partner_entities": [str(STARTUP)],
            "ready": [{"from": "2026-11-01", "to": None}],
            "source": "lsos",
            "source_key": key,
            "demonstration": False,
        }
        found = (await startup.get(f"{BOARD}/{one['id']}/readiness")).json()
        assert (found["state"], found["proposal"]) == ("sent", sent["told"]["id"])
        assert found["record"] == f"/v1/foreign-hqs/{sent['told']['target']['id']}"

    async def test_a_known_cluster_keeps_what_it_declared_before(
        self, app: FastAPI, post: Post, startup: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        hq, other = str(new_id()), str(new_id())
        before = [{"from": "2020-05-01", "to": None}, {"from": "2027-01-01", "to": None}]
        partners = [{"id": other, "name": "Inny"}]
        told = {**CLUSTER, "id": hq, "kind": "cluster", "ready": before, "partner_entities": partners}
        registry.records[f"/v1/foreign-hqs/{hq}"] = told
        assert (await declare(startup, await post(), foreign_hq=hq)).status_code == 201
        await send(app)
        [sent] = registry.proposals.values()
        assert sent["body"]["target"] == {"collection": "foreign_hqs", "id": hq}
        assert sent["body"]["change"] == {
            "ready": [{"from": "2020-05-01", "to": "2026-11-23"}, {"from": "2026-11-24", "to": None}],
            "partner_entities": [other, str(STARTUP)],
        }

    async def test_says_what_is_wrong(self, post: Post, startup: httpx.AsyncClient, registry: FakeRegistry) -> None:
        one, hq = await post(), str(new_id())
        assert await wrong(await declare(startup, one)) == (422, "/cluster")
        assert await wrong(await declare(startup, one, cluster=CLUSTER, foreign_hq=hq)) == (422, "/cluster")
        assert await wrong(await declare(startup, one, foreign_hq=hq)) == (422, "/foreign_hq")
        assert await wrong(await declare(startup, {"id": hq}, cluster=CLUSTER)) == (404, "post_not_found")
        assert await wrong(await startup.get(f"{BOARD}/{one['id']}/readiness")) == (404, "readiness_not_found")
        registry.away = True
        assert (await declare(startup, one, foreign_hq=hq)).status_code == 503
        assert (await declare(startup, one, cluster=CLUSTER)).status_code == 201
