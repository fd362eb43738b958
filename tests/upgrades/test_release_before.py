"""The release before works on the tables of this one: while one takes the other's place, and after a way back.

Its code is taken from the history and started on databases that this release migrated. It seeds, it is asked for every
list and sent every example of its contract, and what it wrote is what this release reads.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.keeping.programs import stock
from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from klaster_shared.testing.databases import postgresql_copy
from tests.running import free_ports
from tests.services import NAMES
from tests.upgrades.releases import unpack

pytestmark = pytest.mark.timeout(420)
WITHIN = 120.0
JSON = "application/json"
ENDLESS = ("/stream", "/changes/events")


class ReleaseBefore:
    """Its four services, on the databases of this release."""

    def __init__(self, code: Path, stack: Stack) -> None:
        self.code, self.stack = code, stack
        folders = [code / "shared", *(code / "services" / name for name in NAMES)]
        self._path = os.pathsep.join(str(folder) for folder in folders)
        self.output = code / "output.txt"
        self.key = ""

    def start(self, program: Program) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **program.environment, "PYTHONPATH": self._path}
        with self.output.open("ab") as output:
            return subprocess.Popen(program.command, env=environment, cwd=self.code, stdout=output, stderr=output)

    def run(self, program: Program) -> str:
        environment = {**os.environ, **program.environment, "PYTHONPATH": self._path}
        done = subprocess.run(
            program.command, env=environment, cwd=self.code, capture_output=True, text=True, check=False, timeout=WITHIN
        )
        assert done.returncode == 0, f"{program.command}: {done.stdout}{done.stderr}{self.output.read_text()[-3000:]}"
        return done.stdout.strip()

    def until_live(self) -> None:
        limit = time.monotonic() + WITHIN
        waiting = {self.stack.url(name) for name in NAMES}
        while waiting:
            assert time.monotonic() < limit, self.output.read_text()[-3000:]
            with suppress(httpx.HTTPError):
                url = next(iter(waiting))
                if httpx.get(f"{url}/health/live", timeout=5, trust_env=False).is_success:
                    waiting.discard(url)
            time.sleep(0.1)

    def contract(self, name: str) -> dict[str, Any]:
        text = (self.code / "services" / name / "openapi.json").read_text(encoding="utf-8")
        return dict(json.loads(text))

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
        """Those whose path names no record: verb, path, the operation and the contract that it is of."""
        for name in NAMES:
            contract = self.contract(name)
            for path, item in contract["paths"].items():
                if "{" not in path and not path.endswith(ENDLESS):
                    yield from ((verb, path, operation, contract) for verb, operation in item.items())


def example(operation: dict[str, Any], contract: dict[str, Any]) -> Any:
    """What the contract shows as a body; None where it shows none."""
    shape = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    shape = next((one for one in shape.get("anyOf", ()) if "$ref" in one), shape)
    while "$ref" in shape:
        shape = contract["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
    return next(iter(shape.get("examples", ())), None)


@pytest.fixture(scope="module")
async def before(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ReleaseBefore]:
    """The services of the release before, up and seeded by its own seeds; on PostgreSQL, as where releases overlap."""
    folder = tmp_path_factory.mktemp("release")
    unpack(folder)
    async with AsyncExitStack() as opened:
        databases = {}
        for name in NAMES:
            copy = postgresql_copy(f"klaster_{name}", request.getfixturevalue("postgresql"))
            databases[name] = await opened.enter_async_context(copy)
        settings = RunnerSettings(port=free_ports(), data=folder / "data", log_level="WARNING")
        before = ReleaseBefore(folder, Stack(settings=settings, databases=databases))
        before.run(before.stack.key_pairs())
        started = [before.start(program) for program in before.stack.services()]
        try:
            before.until_live()
            before.key = before.run(before.stack.admin_key())
            for name in ("registry", "indicators", "events"):
                before.run(before.stack.seed(name, before.key, "--no-demo"))
            yield before
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=60)


@pytest.mark.postgresql
class TestReleaseBefore:
    async def test_is_not_this_one(self, before: ReleaseBefore) -> None:
        ask = "import klaster_gateway; print(klaster_gateway.__file__)"
        where = before.run(Program(name="where", command=(sys.executable, "-c", ask)))
        assert where.startswith(str(before.code))

    async def test_reads_every_list_and_writes_every_example(self, before: ReleaseBefore) -> None:
        headers = {"Authorization": f"Bearer {before.key}"}
        broken, asked = [], {"get": 0, "post": 0}
        async with httpx.AsyncClient(
            base_url=before.stack.url(), headers=headers, timeout=60, trust_env=False
        ) as client:
            for verb, path, operation, contract in before.operations():
                body = example(operation, contract)
                if verb not in asked or (verb == "post" and body is None):
                    continue
                answer = await client.request(verb.upper(), path, json=body)
                asked[verb] += 1
                if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                    broken.append(f"{verb} {path}: {answer.status_code} {answer.text[:300]}")
        assert broken == []
        assert asked["get"] > 60
        assert asked["post"] > 20

    async def test_leaves_what_this_release_reads(self, before: ReleaseBefore) -> None:
        tables = {"registry": "terms", "indicators": "indicators", "events": "event_types"}
        programs = [before.stack.module(name, f"klaster_{name}.stock") for name in tables]
        for found, table in zip(await asyncio.gather(*map(stock, programs)), tables.values(), strict=True):
            assert found.tables[table] > 0
            assert found.position
            assert found.figures is not None
