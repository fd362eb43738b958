"""Keys on both engines."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.conftest import Gateway, running_gateway


@pytest.fixture
async def gateway(database_url: str) -> AsyncIterator[Gateway]:
    """The gateway, without services, on either engine."""
    async with running_gateway(database_url) as running:
        yield running


@pytest.fixture
async def admin(gateway: Gateway) -> dict[str, str]:
    """Headers of an admin."""
    return await gateway.as_role("admin")
