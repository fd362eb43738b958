"""A forum tomorrow and the day after, its edition, tables and participants."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_shared.testing.servers import calling
from tests.events.conftest import STARTUP, Add

EDITIONS = "/v1/lsos/editions"
FORUM = {"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-26T16:00:00Z"}
KINDS = [
    {"code": "company", "name": {"pl": "Firma", "en": "Company"}},
    {"code": "investor", "name": {"pl": "Inwestor", "en": "Investor"}, "may_ask": ["company"], "cap": 6},
]
MORNING = {"day": 1, "from": "10:00", "until": "12:00"}
MATCH = {"If-Match": "*"}
Open = Callable[..., Awaitable[str]]


def edition_body(event: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """Four slots of half an hour tomorrow morning, as the API takes them."""
    body = {"event": event["id"], "slot_minutes": 30, "windows": [MORNING], "kinds": KINDS}
    return {**body, **properties}


@pytest.fixture
def open_edition(add: Add, office: httpx.AsyncClient) -> Open:
    """Opens the edition of a new forum, with these tables; the path of it."""

    async def opened(*codes: str, event: dict[str, Any] | None = None, **properties: Any) -> str:
        forum = event or await add("LifeScience Open Space", **FORUM)
        made = await office.post(EDITIONS, json=edition_body(forum, **properties))
        assert made.status_code == 201, made.text
        path = f"{EDITIONS}/{made.json()['id']}"
        if codes:
            tables = await office.post(f"{path}/tables", json={"tables": [{"code": code} for code in codes]})
            assert tables.status_code == 201, tables.text
        assert (await office.post(f"{path}/open", headers=MATCH)).status_code == 200
        return path

    return opened


@pytest.fixture
async def startup(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the startup."""
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client
