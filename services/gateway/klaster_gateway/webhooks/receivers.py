"""Receivers of webhooks: strangers' servers, called as if each of them meant harm.

The address that is connected to is the one that was checked: names are looked up once, by us, and the socket itself is
refused to an address that is not allowed. Nothing of an answer is read but its head; no redirect is followed.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from klaster_gateway.webhooks.answers import Answer
from klaster_gateway.webhooks.errors import TargetRefused
from klaster_gateway.webhooks.targets import Targets

CONNECT_SECONDS = 5.0


class _Resolver(AbstractResolver):
    """Names become addresses that may be connected to, or nothing."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._targets.addresses(host, port)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing is held open."""


class Receivers:
    """Sends messages; whatever happens is an answer, never an exception."""

    def __init__(self, targets: Targets, *, seconds: float) -> None:
        self._targets = targets
        self._seconds = seconds
        self._opened: aiohttp.ClientSession | None = None

    def _session(self) -> aiohttp.ClientSession:
        # Opened when it is first needed: most processes send nothing.
        if self._opened is None:
            connector = aiohttp.TCPConnector(
                resolver=_Resolver(self._targets),
                use_dns_cache=False,
                socket_factory=self._socket,
                limit=0,  # how many at once, the senders say
            )
            self._opened = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._seconds, connect=CONNECT_SECONDS),
                auto_decompress=False,
                trust_env=False,
            )
        return self._opened

    def _socket(self, address: Any) -> socket.socket:
        """The last look: addresses that stand in the URL itself are never asked of a resolver."""
        family, kind, protocol, _name, where = address
        if not self._targets.allows(str(where[0])):
            raise PermissionError("This address is not allowed")
        return socket.socket(family, kind, protocol)

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        """POST a message."""
        try:
            self._targets.read(url)
            async with self._session().post(
                url, data=body.encode(), headers=headers, allow_redirects=False
            ) as response:
                problem = None if 200 <= response.status < 300 else f"It answered {response.status}"
                return Answer(response.status, problem, response.headers.get("retry-after"))
        except TargetRefused as refused:
            return Answer(None, refused.detail[:200])
        except TimeoutError:
            return Answer(None, "It did not answer in time")
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            return Answer(None, _what_failed(error))

    async def aclose(self) -> None:
        """Close every connection."""
        if self._opened is not None:
            await self._opened.close()
            await asyncio.sleep(0)  # transports close in the next turn of the loop


def _what_failed(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "Its certificate cannot be trusted"
    if isinstance(error, aiohttp.ClientSSLError):
        return "No secure connection could be made"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "It cannot be reached, or not at an address that is allowed"
    return "It did not answer as a web server does"
