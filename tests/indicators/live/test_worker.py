"""The worker carries jobs out in a process of its own, and ends when it is told to."""

import asyncio
import os
import signal
import sys

import httpx
import pytest

from klaster_shared.testing.servers import test_keys as keys_folder
from tests.indicators.live.conftest import Neighbour


class TestWorker:
    @pytest.mark.parametrize("engine", ["sqlite"])  # a process takes seconds to start, and asks its engine as ever
    async def test_refreshes_and_ends_with_its_work_done(
        self, api: httpx.AsyncClient, database_url: str, neighbour_urls: dict[str, str], registry: Neighbour
    ) -> None:
        environment = {
            **os.environ,
            "INDICATORS_DATABASE_URL": database_url,
            "INDICATORS_JWKS_FILE": str(keys_folder() / "jwks.json"),
            "INDICATORS_PRIVATE_KEY_FILE": str(keys_folder() / "indicators.jwk"),
            "INDICATORS_REGISTRY_URL": neighbour_urls["registry_url"],
            "INDICATORS_EVENTS_URL": neighbour_urls["events_url"],
        }
        location = (await api.post("/v1/indicators/refresh")).headers["location"]

        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "klaster_indicators.worker", env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(60):
                while (await api.get(location)).json()["state"] != "succeeded":  # noqa: ASYNC110 # another process
                    await asyncio.sleep(0.1)
        finally:
            worker.send_signal(signal.SIGTERM)
            ended = await worker.wait()

        assert ended == 0
        assert registry.asked
        assert (await api.get("/v1/scorecard")).json()["coverage"]["with_latest"] == 4
