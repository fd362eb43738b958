"""A mail server, and an outbox to be worked off."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.events.mailing import Clock, Mailbox, Outbox, mail_server


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    """A mail server that takes everything."""
    async with mail_server() as box:
        yield box


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    """The service's outbox."""
    return Outbox(app.state.database, Clock())
