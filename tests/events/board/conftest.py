"""A board with kinds, two entities that post on it, and somebody who speaks for each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.post_kinds.operations import POST_KINDS
from klaster_events.post_kinds.schemas import PostKindCreate
from klaster_shared.labels import Label
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, NOW, STARTUP

BOARD = "/v1/lsos/board"
KINDS = {
    "technology": ["technology", "cooperation_offer"],
    "consortium": ["consortium", "cooperation_offer"],
    "job": ["job"],
}
Post = Callable[..., Awaitable[dict[str, Any]]]


def post_body(title: str = "Analiza EKG", **properties: Any) -> dict[str, Any]:
    """An offer of the startup, as the API takes it."""
    body = {
        "side": "offer",
        "kind": "technology",
        "owner": str(STARTUP),
        "contact": {"name": "Ada Przykładowa", "email": "ada@example.org"},
        "title": {"pl": title},
        "text": {"pl": "Algorytm rozpoznaje zaburzenia rytmu."},
        "valid_until": "2027-06-30",
        "state": "published",
    }
    return {**body, **properties}


@pytest.fixture
async def board(app: FastAPI, office: httpx.AsyncClient) -> httpx.AsyncClient:
    """The office of a cluster whose board has kinds."""
    async with app.state.database.write() as session:
        for code, counts_as in KINDS.items():
            given = PostKindCreate(code=code, name=Label(pl=code, en=code), counts_as=counts_as)
            await POST_KINDS.create(session, given=given, now=NOW)
    return office


@pytest.fixture
def post(board: httpx.AsyncClient) -> Post:
    """Posts something in the office's name; other properties as the API takes them."""

    async def post_it(title: str = "Analiza EKG", **properties: Any) -> dict[str, Any]:
        answer = await board.post(BOARD, json=post_body(title, **properties))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return post_it


@pytest.fixture
async def startup(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the startup."""
    async with calling(base_url, app, "partner", entity=STARTUP) as client:
        yield client


@pytest.fixture
async def foundation(base_url: str, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who speaks for the foundation."""
    async with calling(base_url, app, "partner", entity=FOUNDATION) as client:
        yield client
