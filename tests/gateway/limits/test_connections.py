"""More connections than one address, or all together, may have are told so, and keep nobody else out."""

import asyncio
import resource
import sys
from ipaddress import ip_network
from typing import Any

import pytest

from klaster_gateway.limits.connections import Connections
from tests.gateway.conftest import Gateway, running_gateway

ASKED = b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\n\r\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this machine has one address of its own elsewhere")


class Visitors:
    """Connections to a gateway, from whichever of this machine's own addresses, that stay open."""

    def __init__(self, gateway: Gateway) -> None:
        self._port = gateway.port
        self._writers: list[asyncio.StreamWriter] = []

    async def come(self, address: str) -> bytes:
        """What the gateway says to one more: its head."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0))
        self._writers.append(writer)
        writer.write(ASKED)
        return await reader.readuntil(b"\r\n\r\n")

    async def leave(self) -> None:
        for writer in self._writers:
            writer.close()
            await writer.wait_closed()
        self._writers.clear()


async def statuses(visitors: Visitors, *addresses: str) -> list[int]:
    return [int((await visitors.come(address))[9:12]) for address in addresses]


def narrow(own_database: str, **settings: Any) -> Any:
    return running_gateway(own_database, max_connections=8, **settings)


class TestConnections:
    async def test_are_a_quarter_of_all_for_one_address_and_the_others_for_others(self, own_database: str) -> None:
        async with narrow(own_database) as gateway:
            visitors = Visitors(gateway)
            assert await statuses(visitors, *["127.0.0.2"] * 2) == [200] * 2
            refused = await visitors.come("127.0.0.2")
            assert refused.startswith(b"HTTP/1.1 429 ")
            assert b"\r\nRetry-After: 1\r\n" in refused
            assert await statuses(visitors, *["127.0.0.3", "127.0.0.4", "127.0.0.5"] * 2, "127.0.0.6") == [200] * 6 + [
                503
            ]
            await visitors.leave()
            async with asyncio.timeout(30):
                while await statuses(visitors, "127.0.0.4") != [200]:  # until it has heard that they left
                    await visitors.leave()
            await visitors.leave()

    async def test_of_a_proxy_that_is_known_are_no_address_s(self, own_database: str) -> None:
        async with narrow(own_database, trusted_proxies=["127.0.0.2"]) as gateway:
            visitors = Visitors(gateway)
            assert await statuses(visitors, *["127.0.0.2"] * 8) == [200] * 8
            assert await statuses(visitors, "127.0.0.2") == [503]
            await visitors.leave()


class TestCount:
    def test_is_never_more_than_the_files_that_may_be_open(self) -> None:
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if not 0 < files < 100_000:
            pytest.skip("this machine sets no bound to open files that could be reached here")
        connections = Connections(most=files * 2, trusted=[ip_network("10.0.0.0/8")])
        assert sum(connections.open("10.0.0.1") is None for _ in range(files * 2)) == files * 3 // 4

    def test_takes_a_household_for_one(self) -> None:
        connections = Connections(most=8, trusted=[])
        came = [connections.open(f"2001:db8::{number}") is None for number in range(3)]
        assert came == [True, True, False]
        for number in range(3):
            connections.close(f"2001:db8::{number}")
        assert connections.open("2001:db8::9") is None
