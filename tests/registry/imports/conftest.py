"""Imports as an office makes them: a file, a rehearsal, an application."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_registry.housekeeping import housekeeping_jobs

PATH = "/v1/registry/imports"


@dataclass
class Importing:
    """One import, driven over HTTP; its work is done in the test's own process."""

    api: httpx.AsyncClient
    app: FastAPI
    id: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{PATH}/{self.id}"

    async def begin(self, **said: Any) -> "Importing":
        answer = await self.api.post(PATH, json=said)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        return self

    async def send(self, content: bytes) -> httpx.Response:
        return await self.api.put(self.path + "/file", content=content, headers={"If-Match": "*"})

    async def sent(self, content: bytes) -> dict[str, Any]:
        answer = await self.send(content)
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = answer.json()
        return read

    async def run(self, step: str) -> dict[str, Any]:
        answer = await self.api.post(f"{self.path}/{step}")
        assert answer.status_code == 202, answer.text
        assert await housekeeping_jobs(self.app.state.database).run_next()
        return await self.read()

    async def read(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.get(self.path)).json()
        return found

    async def rows(self, **asked: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.api.get(self.path + "/rows", params=asked)).json()["items"]
        return found


Import = Callable[..., Awaitable[Importing]]


@pytest.fixture
def importing(app: FastAPI, api: httpx.AsyncClient) -> Import:
    """Begins an import, and sends its file if there is one."""

    async def begin(content: bytes | None = None, **said: Any) -> Importing:
        begun = await Importing(api, app).begin(**said)
        if content is not None:
            await begun.sent(content)
        return begun

    return begin


def counted(read: dict[str, Any]) -> dict[str, int]:
    """The verdicts that there are."""
    return {verdict: number for verdict, number in read["counts"].items() if number}
