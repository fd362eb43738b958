"""Somebody at a forum, with the link of their registration."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.links.operations import signing_links
from tests.events.conftest import NOW, Add, ada
from tests.events.editions.conftest import FORUM, Open, open_edition

__all__ = ["open_edition"]
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
PROFILE = {"kind": "company", "languages": ["pl"], "seeks": ["Szpital"], "listed": True}


@dataclass
class Forum:
    """An event with its edition."""

    event: dict[str, Any]
    edition: str


@pytest.fixture
async def forum(add: Add, open_edition: Open) -> Forum:
    """An open edition of two days' forum."""
    event = await add("LifeScience Open Space", **FORUM)
    return Forum(event, await open_edition("T01", event=event))


Come = Callable[..., Awaitable[str]]


@pytest.fixture
def come(app: FastAPI, office: httpx.AsyncClient) -> Come:
    """Registers somebody for an event; the path of the link."""

    async def path_of(event: dict[str, Any], number: int | str = "", **more: Any) -> str:
        answer = await office.post(f"/v1/events/{event['id']}/registrations", json={**ada(number), **more})
        assert answer.status_code == 201, answer.text
        async with app.state.database.write() as session:
            links = await signing_links(session, now=NOW)
        return f"/v1/registration-links/{links.sign('registration', UUID(answer.json()['id']))}"

    return path_of
