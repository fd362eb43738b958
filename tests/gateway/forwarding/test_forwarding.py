"""What goes in comes out: forwarding is transparent, both ways."""

import asyncio
import gzip

import pytest

from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.tokens import Verifier
from tests.gateway.conftest import Asked, Gateway, Service, answer_bytes

ID = "01890000-0000-7000-8000-000000000000"


class TestRequest:
    @pytest.mark.parametrize(
        "target",
        [
            "/v1/any/a+b*c~d[e]f",
            "/v1/any/a%2Bb%20c",
            "/v1/any/%C5%81%C3%B3d%C5%BA",
            "/v1/any/x?q=a+b%20c&q=d&empty=&flag",
            "/v1/any/x?q='\"%27[]{}|",
            "/v1/any/..",
            "/v1/any/%2e%2e",
            "/v1/any/a;b=c",
        ],
    )
    async def test_keeps_path_and_query_byte_by_byte(self, gateway: Gateway, service: Service, target: str) -> None:
        answer = await gateway.raw(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200"), answer
        assert service.asked[0].line == f"GET {target} HTTP/1.1".encode()

    async def test_keeps_duplicate_headers_and_their_bytes(self, gateway: Gateway, service: Service) -> None:
        await gateway.raw(
            b"GET /v1/things HTTP/1.1\r\nHost: x\r\nX-Two: 1\r\nX-Two: 2\r\n"
            b"X-City: \xc5\x81\xc3\xb3d\xc5\xba\r\nConnection: close\r\n\r\n"
        )
        assert service.asked[0].header(b"x-two") == [b"1", b"2"]
        assert service.asked[0].header(b"x-city") == ["Łódź".encode()]

    async def test_adds_nothing_but_token_id_and_via(self, gateway: Gateway, service: Service) -> None:
        await gateway.raw(b"GET /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        names = {name.lower() for name, _value in service.asked[0].headers}
        assert names == {b"host", b"authorization", b"x-request-id", b"via"}

    async def test_replaces_the_key_by_a_token_for_this_call_alone(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.post("/v1/things", headers=await gateway.as_role("office"), json={})
        bearer = service.asked[0].header(b"authorization")[0].decode().removeprefix("Bearer ")
        claims = Verifier("registry", keys_folder() / "jwks.json").verify(bearer)
        assert (claims.role, claims.scopes) == ("office", {"things:write"})
        assert claims.subject.startswith("key:")

    async def test_speaks_for_the_entity_of_a_partner(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.get("/v1/things", headers=await gateway.as_role("partner", entity=ID))
        bearer = service.asked[0].header(b"authorization")[0].decode().removeprefix("Bearer ")
        assert str(Verifier("registry", keys_folder() / "jwks.json").verify(bearer).entity) == ID

    async def test_believes_no_stranger_about_itself(self, gateway: Gateway, service: Service) -> None:
        spoofed = {"X-Klaster-Role": "admin", "X-Forwarded-For": "1.2.3.4", "Forwarded": "for=1.2.3.4"}
        await gateway.client.get("/v1/things", headers=spoofed)
        names = {name.lower() for name, _value in service.asked[0].headers}
        assert not names & {b"x-klaster-role", b"x-forwarded-for", b"forwarded"}

    async def test_carries_request_id_and_trace_through(self, gateway: Gateway, service: Service) -> None:
        trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        answer = await gateway.client.get("/v1/things", headers={"X-Request-ID": "mine-1", "traceparent": trace})
        assert answer.headers["x-request-id"] == "mine-1"
        assert service.asked[0].header(b"x-request-id") == [b"mine-1"]
        assert service.asked[0].header(b"traceparent") == [trace.encode()]

    async def test_sends_a_small_body_with_its_length(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.post(
            "/v1/any/x", content=b"a=1&b=%20", headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert service.asked[0].body == b"a=1&b=%20"
        assert service.asked[0].header(b"content-length") == [b"9"]
        assert service.asked[0].header(b"content-type") == [b"application/x-www-form-urlencoded"]

    async def test_streams_a_large_body_with_its_length(self, gateway: Gateway, service: Service) -> None:
        body = bytes(range(256)) * 4096 * 4
        answer = await gateway.client.post("/v1/large", content=body)
        assert answer.status_code == 200
        assert service.asked[0].body == body
        assert service.asked[0].header(b"content-length") == [str(len(body)).encode()]

    async def test_streams_a_body_of_unknown_length(self, gateway: Gateway, service: Service) -> None:
        async def parts() -> object:
            for _ in range(3):
                yield b"x" * 70_000
                await asyncio.sleep(0.01)

        answer = await gateway.client.post("/v1/large", content=parts())  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert service.asked[0].body == b"x" * 210_000
        assert service.asked[0].header(b"transfer-encoding") == [b"chunked"]

    async def test_passes_the_first_part_on_before_the_last_has_come(self, gateway: Gateway, service: Service) -> None:
        arrived = asyncio.Event()

        async def parts() -> object:
            yield b"first"
            async with asyncio.timeout(30):
                await arrived.wait()
            yield b"second"

        async def answer(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            assert b"first" in await reader.read(100)
            arrived.set()
            await reader.readuntil(b"0\r\n\r\n")
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

        service.reads_bodies, service.answer = False, answer
        assert (await gateway.client.post("/v1/any/x", content=parts())).status_code == 204  # type: ignore[arg-type]

    async def test_keeps_connections_for_the_next_request(self, gateway: Gateway, service: Service) -> None:
        for _ in range(5):
            await gateway.client.get("/v1/things")
        assert {asked.connection for asked in service.asked} == {1}


class TestAnswer:
    async def test_keeps_status_headers_and_body(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(
            b"HTTP/1.1 418 Teapot\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-City: \xc5\x81\xf3\r\n"
            b"Content-Length: 2\r\n\r\nhi"
        )
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.content) == (418, b"hi")
        assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
        assert (b"x-city", b"\xc5\x81\xf3") in answer.headers.raw

    async def test_says_once_when_it_was(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(
            b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
        )
        answer = await gateway.client.get("/v1/things")
        assert len(answer.headers.get_list("date")) == 1
        assert "1970" not in answer.headers["date"]

    async def test_follows_no_redirect(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 307 T\r\nLocation: /v1/other\r\nContent-Length: 0\r\n\r\n")
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.headers["location"]) == (307, "/v1/other")
        assert len(service.asked) == 1

    async def test_unpacks_nothing(self, gateway: Gateway, service: Service) -> None:
        packed = gzip.compress(b"hello" * 100)
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
        service.answer = answer_bytes(head + packed)
        async with gateway.client.stream("GET", "/v1/things") as answer:
            assert b"".join([part async for part in answer.aiter_raw()]) == packed
            assert answer.headers["content-encoding"] == "gzip"

    async def test_stores_no_cookie(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n")
        await gateway.raw(b"GET /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await gateway.raw(b"GET /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert service.asked[1].header(b"cookie") == []

    async def test_leaves_the_body_away_for_head(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 2\r\n\r\nhi')
        answer = await gateway.client.head("/v1/things")
        assert (answer.headers["content-length"], answer.headers["etag"], answer.content) == ("2", '"x"', b"")

    async def test_leaves_an_endless_body_away_for_head(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        answer = await gateway.client.head("/v1/things")
        assert (answer.status_code, answer.content) == (200, b"")

    @pytest.mark.parametrize(
        "head",
        [b"204 No Content\r\n", b'304 Not Modified\r\nETag: "x"\r\n', b"304 Not Modified\r\nContent-Length: 55\r\n"],
    )
    async def test_ends_where_no_body_may_come(self, gateway: Gateway, service: Service, head: bytes) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 " + head + b"\r\n")
        for _ in range(2):  # the connection is in order afterwards
            answer = await gateway.client.get("/v1/things", headers={"If-None-Match": '"x"'})
            assert (answer.status_code, answer.content) == (int(head[:3]), b"")
            assert "transfer-encoding" not in answer.headers

    async def test_streams_as_it_comes(self, gateway: Gateway, service: Service) -> None:
        seen = asyncio.Event()

        async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            async with asyncio.timeout(30):
                await seen.wait()
            writer.write(b"6\r\nsecond\r\n0\r\n\r\n")

        service.answer = answer
        async with gateway.client.stream("GET", "/v1/things") as stream:
            parts = stream.aiter_raw()
            assert await anext(parts) == b"first"
            seen.set()
            assert await anext(parts) == b"second"

    async def test_reads_no_faster_than_the_caller(self, gateway: Gateway, service: Service) -> None:
        written = 0

        async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal written
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (64 * 1024 * 1024))
            for _ in range(1024):
                writer.write(b"x" * 65536)
                await writer.drain()
                written += 65536

        service.answer = answer
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port, limit=1024)
        writer.write(b"GET /v1/things HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.7)  # the caller reads nothing
        assert written < 32 * 1024 * 1024  # what the sockets in between hold, and no more
        writer.close()

    async def test_passes_early_hints_by(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        )
        assert (await gateway.client.get("/v1/things")).content == b"hi"


class TestClient:
    async def test_is_one_pool_for_many_at_once(self, gateway: Gateway, service: Service) -> None:
        answers = await asyncio.gather(*(gateway.client.get(f"/v1/any/{number}") for number in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(service.asked) == 50

    async def test_may_be_an_old_one(self, gateway: Gateway) -> None:
        answer = await gateway.raw(b"GET /v1/things HTTP/1.0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200")
