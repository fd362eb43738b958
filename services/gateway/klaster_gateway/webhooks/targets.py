"""Where webhooks may go: to addresses of the public internet, over https, unless the settings allow more.

What is checked is the address that is connected to, each time: a name may mean something else a second later.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from klaster_gateway.webhooks.errors import TargetRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

LOOKUP_SECONDS = 5.0
# The system looks names up in threads, and takes its time where a name server does not answer: in the loop's own few
# threads a handful of such names would keep all others waiting.
_LOOKUPS = ThreadPoolExecutor(64, thread_name_prefix="lookup")
# Public by their number, and yet the inside of a cloud: Azure's and Oracle's own services answer machines there.
# The whole of 192.0.0.0/24 is the protocols' own; Python knows its parts, and more of them with each version.
_INSIDE = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))
_NAT64 = IPv6Network("64:ff9b::/96")
_SITE_LOCAL = IPv6Network("fec0::/10")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also where another one is wrapped in it."""
    if isinstance(address, IPv6Address):
        wrapped = _wrapped(address)
        if wrapped is not None:
            return is_public(wrapped)
        if address in _SITE_LOCAL:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _INSIDE)
    )


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to this one end at: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them."""
    asked = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOKUPS, asked)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is allowed.

    http      whether http is, beside https
    networks  reachable although they are not public
    """

    http: bool = False
    networks: Sequence[Network] = ()
    resolve: Resolve = look_up

    def allows(self, address: str) -> bool:
        """Whether this address may be connected to."""
        try:
            parsed = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return is_public(parsed) or any(parsed in network for network in self.networks)

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, each of which is allowed; raises TargetRefused."""
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                found = await self.resolve(host, port)
        except (OSError, UnicodeError) as error:  # a lookup that takes too long is an OSError as well
            raise TargetRefused.field("/url", "unresolvable", f"The name {host} leads nowhere") from error
        # One that is not allowed is enough: which of them is taken would be a matter of luck.
        if not found or not all(self.allows(address) for address in found):
            raise TargetRefused.field("/url", "not_public", f"{host} is no address of the public internet")
        return found

    async def check(self, url: str) -> None:
        """Raises TargetRefused where webhooks may not be sent to this URL."""
        parts = self.read(url)
        await self.addresses(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))

    def read(self, url: str) -> SplitResult:
        """The parts of a URL that is written as one to send to; raises TargetRefused."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise TargetRefused.field("/url", "url", "This is not a URL") from error
        if parts.scheme not in ({"https", "http"} if self.http else {"https"}):
            raise TargetRefused.field("/url", "https_only", "Webhooks are sent over https")
        if not parts.hostname or port == 0 or not url.isascii() or any(letter <= " " for letter in url):
            raise TargetRefused.field("/url", "url", "Name a host, in ASCII (punycode for other letters)")
        if parts.username is not None or parts.password is not None:
            raise TargetRefused.field(
                "/url", "credentials", "A URL with a user or password in it would stand in logs: verify the signature"
            )
        if parts.fragment:
            raise TargetRefused.field("/url", "fragment", "What stands behind # is sent to nobody")
        return parts
