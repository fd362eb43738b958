"""A worker that is killed in the middle of an import: whole chunks behind it, and the next one goes on from there."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from klaster_registry.housekeeping import housekeeping_jobs
from klaster_registry.imports.running import CHUNK
from klaster_shared.dates import utc_now
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.registry.imports.conftest import Import, Importing, counted

ROWS = 6 * CHUNK


async def killed_in_the_middle(database_url: str, begun: Importing) -> dict[str, Any]:
    """Start a worker, kill it as soon as a chunk is written; the import as it was left."""
    told = {
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_JWKS_FILE": str(keys_folder() / "jwks.json"),
        "REGISTRY_LOG_LEVEL": "WARNING",
    }
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "klaster_registry.worker", env={**os.environ, **told}
    )
    try:
        while (await begun.read())["done"] == 0:
            assert worker.returncode is None, "the worker ended by itself"
            await asyncio.sleep(0.01)
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    return await begun.read()


class TestKill:
    async def test_leaves_no_row_half_written_and_is_gone_on_with(
        self, app: FastAPI, api: httpx.AsyncClient, importing: Import, database_url: str
    ) -> None:
        table = "key,name,city,nip\n" + "".join(f"{number},Firma {number},Łódź,x{number}\n" for number in range(ROWS))
        begun = await importing(table.encode())
        await begun.api.post(begun.path + "/apply")
        left = await killed_in_the_middle(database_url, begun)
        written = left["counts"]["created"]
        assert written % CHUNK == 0
        assert 0 < written < ROWS
        assert await entities(api) == written
        jobs = app.state.metadata.tables["jobs"]
        async with app.state.database.write() as session:  # what a minute does
            await session.execute(jobs.update().values(lease_until=utc_now() - timedelta(seconds=1)))
        assert await housekeeping_jobs(app.state.database).run_next()
        over = await begun.read()
        assert (counted(over), over["complete"]) == ({"created": ROWS}, True)
        assert await entities(api) == ROWS


async def entities(api: httpx.AsyncClient) -> int:
    page = (await api.get("/v1/entities", params={"limit": 1, "count": True})).json()
    total: int = page["total"]
    return total
