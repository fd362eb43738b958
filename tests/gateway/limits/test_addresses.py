"""Whose quota a request without a key counts on: nobody passes for somebody else by writing a header."""

from ipaddress import ip_network
from typing import Any

import pytest

from klaster_gateway.limits.addresses import address_of

PROXY = [ip_network("10.0.0.0/8")]


def scope(client: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"client": (client, 1) if client else None, "headers": headers}


class TestAddress:
    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            (scope("198.51.100.7", "203.0.113.9"), "198.51.100.7"),
            (scope("10.0.0.2", "203.0.113.9"), "203.0.113.9"),
            (scope("10.0.0.2", "192.0.2.1, 203.0.113.9"), "203.0.113.9"),
            (scope("10.0.0.2", "192.0.2.1", "203.0.113.9, 10.0.0.3"), "203.0.113.9"),
            (scope("10.0.0.2"), "10.0.0.2"),
            (scope("10.0.0.2", "not an address"), "10.0.0.2"),
            (scope("10.0.0.2", "203.0.113.9, unknown"), "10.0.0.2"),
            (scope("::ffff:198.51.100.7"), "198.51.100.7"),
            (scope("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64"),
            (scope(None), "unknown"),
        ],
    )
    def test_is_the_last_that_no_proxy_of_ours_wrote(self, asked: dict[str, Any], expected: str) -> None:
        assert address_of(asked, PROXY) == expected

    def test_is_the_connection_s_where_no_proxy_is_known(self) -> None:
        assert address_of(scope("10.0.0.2", "203.0.113.9"), []) == "10.0.0.2"
