"""A service says whether it may be given work, and ends well."""

import asyncio

import httpx
from fastapi import FastAPI

from klaster_shared.health import Health
from klaster_shared.telemetry import configure_telemetry


class TestHealth:
    async def test_is_live_without_a_token(self, base_url: str) -> None:
        async with httpx.AsyncClient(base_url=base_url) as client:
            assert (await client.get("/health/live")).json() == {"state": "live"}
            assert (await client.get("/version")).json()["service"] == "notes"

    async def test_is_not_ready_while_it_drains(self, base_url: str, app: FastAPI) -> None:
        app.state.health.draining = True
        async with httpx.AsyncClient(base_url=base_url) as client:
            answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()["reason"]) == (503, "draining")

    async def test_counts_what_it_does(self, base_url: str, office: httpx.AsyncClient) -> None:
        configure_telemetry("notes")
        await office.get("/v1/notes")
        async with httpx.AsyncClient(base_url=base_url) as client:
            answer = await client.get("/metrics")
        assert answer.status_code == 200
        assert 'http_route="/v1/notes"' in answer.text


class TestNeighbours:
    async def test_that_never_answer_do_not_keep_the_asker_waiting(self) -> None:
        async def never() -> None:
            await asyncio.sleep(60)

        async def refuse() -> None:
            raise ConnectionError("refused")

        async def answer() -> None:
            return

        health = Health(
            service="notes", package="notes", neighbours={"far": never, "shut": refuse, "near": answer, "away": never}
        )

        async with asyncio.timeout(10):
            states = await health.neighbour_states()

        assert states == {
            "far": "degraded: no answer in 0.5 s",
            "shut": "degraded: refused",
            "near": "up",
            "away": "degraded: no answer in 0.5 s",
        }
