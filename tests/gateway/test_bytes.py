"""Requests that two readers could read in two ways, and headers that only we may say: none reaches a service."""

import pytest

from tests.gateway.conftest import Gateway, Service

POST = b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /v1/any/x HTTP/1.1\r\nHost: x\r\n"
TWO_READINGS = {
    "length and chunks": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nG",
    "two lengths that agree": POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "a list of lengths": POST + b"Content-Length: 1, 1\r\n\r\na",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a length in hexadecimal": POST + b"Content-Length: 0x1\r\n\r\na",
    "a length with an underscore": POST + b"Content-Length: 1_0\r\n\r\n0123456789",
    "a length beyond all bounds": POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks hidden by a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "chunks before another coding": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /v1/any/x HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a folded header": GET + b"X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n",
    "a space before the colon": GET + b"Content-Length : 0\r\n\r\n",
    "a header without a name": GET + b": x\r\n\r\n",
    "a line that ends with a bare CR": GET + b"X-A: 1\rX-B: 2\r\n\r\n",
    "two hosts": GET + b"Host: y\r\n\r\n",
    "no host": b"GET /v1/any/x HTTP/1.1\r\n\r\n",
    "a host with a path": b"GET /v1/any/x HTTP/1.1\r\nHost: x/y\r\n\r\n",
    "a chunk size that is signed": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n",
    "a chunk size with 0x": POST + b"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
    "a chunk size that overflows": POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n",
    "a chunk longer than it says": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
    "a chunk size that ends with a bare LF": POST + b"Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
    "an unknown protocol": b"GET /v1/any/x HTTP/9.9\r\nHost: x\r\n\r\n",
    "a method with a space": b"GE T /v1/any/x HTTP/1.1\r\nHost: x\r\n\r\n",
}


class TestTwoReadings:
    @pytest.mark.parametrize("what", TWO_READINGS)
    async def test_are_refused(self, gateway: Gateway, service: Service, what: str) -> None:
        received = await gateway.raw(TWO_READINGS[what])
        assert received.startswith(b"HTTP/1.1 4"), received
        assert b"content-type: application/problem+json" in received
        assert received.count(b"HTTP/1.1 ") == 1, received
        assert not [asked for asked in service.asked if asked.body], what


class TestWholeAddresses:
    async def test_are_read_for_their_path_and_nothing_else(self, gateway: Gateway, service: Service) -> None:
        received = await gateway.raw(
            b"GET http://elsewhere.example/v1/any/x?q=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        assert received.startswith(b"HTTP/1.1 200")
        assert b"elsewhere" not in received
        assert service.asked[0].line == b"GET /v1/any/x?q=1 HTTP/1.1"
        assert service.asked[0].header(b"host") == [service.url.removeprefix("http://").encode()]

    @pytest.mark.parametrize("target", [b"elsewhere.example:443", b"*", b"//elsewhere.example/v1/things", b"v1/things"])
    async def test_that_are_none_of_ours_open_nothing(self, gateway: Gateway, service: Service, target: bytes) -> None:
        for method in (b"GET", b"CONNECT", b"OPTIONS"):
            received = await gateway.raw(method + b" " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert received[9:12] in {b"400", b"404", b"405"}, received
        assert service.asked == []


class TestHeadersOfOurs:
    async def test_are_taken_away_from_strangers(self, gateway: Gateway, service: Service) -> None:
        claimed = [
            b"X-Klaster-Role: admin",
            b"X-KLASTER-Entity: 1",
            b"x_klaster_role: admin",
            b"X-Forwarded-For: 10.0.0.1",
            b"X-Forwarded-Host: elsewhere.example",
            b"X-Forwarded-Proto: https",
            b"X-Original-URL: /v1/secrets",
            b"Forwarded: for=10.0.0.1",
            b"X-Real-IP: 10.0.0.1",
            b"Proxy-Authorization: Basic eDp4",
            b"Klaster-Entity:",
        ]
        received = await gateway.raw(GET + b"Connection: close\r\n" + b"\r\n".join(claimed[:-1]) + b"\r\n\r\n")
        assert received.startswith(b"HTTP/1.1 200"), received
        arrived = b"\n".join(name.lower() + b":" + value for name, value in service.asked[0].headers)
        for word in (b"x-klaster", b"forwarded", b"x-real-ip", b"proxy-authorization"):
            assert word not in arrived, word

    async def test_that_say_twice_who_asks_are_refused(self, gateway: Gateway, service: Service) -> None:
        twice = b"Authorization: Bearer a\r\nauthorization: Bearer b\r\n"
        assert (await gateway.raw(GET + twice + b"\r\n")).startswith(b"HTTP/1.1 400")
        assert service.asked == []

    async def test_of_the_connection_name_none_that_we_add(self, gateway: Gateway, service: Service) -> None:
        """`Connection: authorization` asks a careless proxy to drop what says who asks."""
        names = b"Connection: close, authorization, x-request-id, content-length, host\r\n"
        assert (await gateway.raw(POST + names + b"Content-Length: 2\r\n\r\n{}")).startswith(b"HTTP/1.1 200")
        [asked] = service.asked
        assert (len(asked.header(b"authorization")), len(asked.header(b"x-request-id")), asked.body) == (1, 1, b"{}")
