"""People with a link of their own."""

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from klaster_events.links.operations import signing_links
from klaster_events.registrations.models import Registration
from tests.events.conftest import NOW
from tests.events.mailing import Clock, Outbox

Link = Callable[[Registration], Awaitable[str]]


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    """The service's people and messages."""
    return Outbox(app.state.database, Clock())


@pytest.fixture
def link(app: FastAPI) -> Link:
    """The path that a registration's link leads to."""

    async def path_of(registration: Registration) -> str:
        async with app.state.database.write() as session:
            links = await signing_links(session, now=NOW)
        return f"/v1/registration-links/{links.sign('registration', registration.id)}"

    return path_of
