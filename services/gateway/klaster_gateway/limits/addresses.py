"""Where a caller without a key comes from: the address that counts, believed only as far as proxies are known."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Network = IPv4Network | IPv6Network
_HOUSEHOLD = 64  # bits of an IPv6 address that one subscriber has to themselves


def address_of(scope: Scope, trusted: Sequence[Network]) -> str:
    """The caller's address; behind proxies that are trusted, the last one that these did not write themselves."""
    client = scope.get("client")
    seen = _read(client[0]) if client else None
    if seen is None:
        return "unknown"
    if trusted and _is_trusted(seen, trusted):
        for text in reversed(_forwarded_for(scope)):
            told = _read(text)
            if told is None:
                break
            seen = told
            if not _is_trusted(told, trusted):
                break
    return _bucket(seen)


def bucket_of(text: str) -> str:
    """Whom an address counts for: itself, or its household."""
    address = _read(text)
    return "unknown" if address is None else _bucket(address)


def is_within(text: str, networks: Sequence[Network]) -> bool:
    """Whether an address belongs to one of the networks."""
    address = _read(text)
    return address is not None and _is_trusted(address, networks)


def _forwarded_for(scope: Scope) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [part.strip() for part in ",".join(values).split(",") if part.strip()]


@lru_cache(4096)
def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_trusted(address: IPv4Address | IPv6Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


@lru_cache(4096)
def _bucket(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _HOUSEHOLD), strict=False))
    return str(address)
