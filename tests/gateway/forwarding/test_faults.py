"""What callers see when services, clients or bytes misbehave."""

import asyncio

import pytest

from tests.gateway.conftest import Asked, Gateway, Service, answer_bytes, answer_ok, running_gateway

REQUEST = b"GET /v1/things HTTP/1.1\r\nHost: x\r\n\r\n"


async def silence(asked: Asked, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def hang_up(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


class TestServiceDown:
    async def test_is_503_that_names_it_and_says_when_to_come_again(self, own_database: str) -> None:
        async with running_gateway(own_database) as gateway:
            answer = await gateway.client.get("/v1/things", headers={"X-Request-ID": "r-1"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["code"], problem["service"], problem["request_id"]) == ("service_down", "registry", "r-1")
        assert problem["instance"] == "/v1/things"

    async def test_takes_only_its_own_paths_with_it(self, own_database: str) -> None:
        async with running_gateway(own_database) as gateway:
            assert (await gateway.client.get("/v1/whoami")).status_code == 200
            overview = await gateway.client.get("/v1/overview")
            assert overview.status_code == 200
            assert {part["problem"]["code"] for part in overview.json().values()} == {"service_down"}

    async def test_is_seen_at_once_after_connections_were_kept(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.get("/v1/things")
        service.answer = hang_up
        assert (await gateway.client.get("/v1/things")).status_code == 503


class TestServiceSilent:
    async def test_is_504_after_the_time_that_is_set(self, gateway: Gateway, service: Service) -> None:
        service.answer = silence
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.json()["code"]) == (504, "service_silent")

    async def test_is_504_where_a_small_answer_stops_halfway(self, gateway: Gateway, service: Service) -> None:
        async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            await asyncio.sleep(30)

        service.answer = answer
        assert (await gateway.client.get("/v1/things")).status_code == 504


class TestServiceGarbled:
    @pytest.mark.parametrize(
        "data",
        [
            b"hello, I am no web server\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        ],
    )
    async def test_is_502_and_nothing_of_it_gets_out(self, gateway: Gateway, service: Service, data: bytes) -> None:
        service.answer = answer_bytes(data, then_close=True)
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.json()["code"]) == (502, "service_garbled")


class TestServiceRefusesGateway:
    async def test_is_no_fault_of_the_caller_s_key(self, gateway: Gateway, service: Service) -> None:
        data = b'{"code":"clock_skew","status":401}'
        service.answer = answer_bytes(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data))
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.json()["code"]) == (502, "service_refuses_gateway")
        assert "www-authenticate" not in answer.headers


class TestServiceBreaksOff:
    async def test_is_503_where_nothing_was_passed_on_yet(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", then_close=True)
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.json()["service"]) == (503, "registry")

    async def test_cuts_a_stream_short_instead_of_ending_it(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", then_close=True
        )
        received = await gateway.raw(REQUEST)
        assert b"3\r\nabc\r\n" in received
        assert not received.endswith(b"0\r\n\r\n")

    async def test_tries_a_read_again_on_a_connection_that_went_stale(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.get("/v1/things")

        async def once(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await (hang_up if asked.connection == 1 else answer_ok)(asked, reader, writer)

        service.answer = once
        assert (await gateway.client.get("/v1/things")).status_code == 200
        assert [asked.connection for asked in service.asked] == [1, 1, 2]

    async def test_never_sends_a_write_twice(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.post("/v1/any/x", json={})
        service.answer = hang_up
        answer = await gateway.client.post("/v1/any/x", json={})
        assert answer.status_code == 503
        assert "not known" in answer.json()["detail"]
        assert len(service.asked) == 2

    async def test_never_sends_a_streamed_body_twice(self, gateway: Gateway, service: Service) -> None:
        office = await gateway.as_role("office")
        path = "/v1/things/01890000-0000-7000-8000-000000000000"
        await gateway.client.put(path, headers=office, content=b"x" * 100_000)
        service.answer = hang_up
        answer = await gateway.client.put(path, headers=office, content=b"x" * 100_000)
        assert answer.status_code == 503
        assert len([asked for asked in service.asked if asked.body]) == 2


class TestClientLeaves:
    async def test_ends_the_work_for_it(self, gateway: Gateway, service: Service) -> None:
        async def answer(asked: Asked, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await reader.read()  # until the gateway closes

        service.answer = answer
        _reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(REQUEST)
        await asyncio.sleep(0.2)
        assert not service.closed.is_set()
        writer.close()
        async with asyncio.timeout(0.5):  # less than the second after which the gateway would give up by itself
            await service.closed.wait()

    async def test_ends_a_stream_for_it(self, gateway: Gateway, service: Service) -> None:
        async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"3\r\nabc\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)

        service.answer = answer
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(REQUEST)
        await reader.readuntil(b"abc")
        writer.close()
        async with asyncio.timeout(2):
            await service.closed.wait()

    async def test_in_the_middle_of_its_body_ends_the_upload(self, gateway: Gateway, service: Service) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(b"POST /v1/large HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n" + b"x" * 100_000)
        await asyncio.sleep(0.2)
        writer.close()
        async with asyncio.timeout(2):
            await service.closed.wait()
        assert service.asked[0].body == b""  # it never had all of it

    async def test_harms_nobody_else(self, gateway: Gateway, service: Service) -> None:
        for _ in range(20):
            _reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
            writer.write(REQUEST)
            writer.close()
        assert (await gateway.client.get("/v1/things")).status_code == 200


class TestTooLarge:
    async def test_is_413_before_any_of_it_is_read(self, gateway: Gateway, service: Service) -> None:
        received = await gateway.raw(b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
        assert received.startswith(b"HTTP/1.1 413")
        assert b'"code":"too_large"' in received
        assert service.asked == []

    async def test_is_413_where_the_length_was_not_told(self, gateway: Gateway) -> None:
        async def parts() -> object:
            for _ in range(20):
                yield b"x" * 65_536

        answer = await gateway.client.post("/v1/any/x", content=parts())  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    async def test_is_told_to_a_client_that_goes_on_sending(self, gateway: Gateway) -> None:
        for _ in range(5):
            answer = await gateway.client.post("/v1/any/x", content=b"x" * 8_000_000)
            assert answer.status_code == 413
        assert (await gateway.client.get("/v1/things")).status_code == 200

    async def test_lets_pass_what_an_operation_says_it_takes(self, gateway: Gateway) -> None:
        assert (await gateway.client.post("/v1/large", content=b"x" * 2_000_000)).status_code == 200

    async def test_is_431_for_headers(self, gateway: Gateway, service: Service) -> None:
        answer = await gateway.client.get("/v1/things", headers={"X-Long": "x" * 40_000})
        assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")
        assert service.asked == []

    async def test_is_414_for_the_target(self, gateway: Gateway) -> None:
        answer = await gateway.client.get("/v1/any/x", params={"q": "x" * 60_000})
        assert (answer.status_code, answer.json()["code"]) == (414, "target_too_long")


class TestSmuggling:
    @pytest.mark.parametrize(
        "request_bytes",
        [
            b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
            b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd",
            b"GET /v1/any/x HTTP/1.1\r\nHost: x\r\nX-Bad: a\x00b\r\n\r\n",
            b"GET /v1/any/x HTTP/1.1\r\nHost: x\r\n folded: x\r\n\r\n",
        ],
    )
    async def test_refuses_what_could_be_read_in_two_ways(
        self, gateway: Gateway, service: Service, request_bytes: bytes
    ) -> None:
        received = await gateway.raw(request_bytes)
        assert received.startswith(b"HTTP/1.1 400"), received
        assert b"content-type: application/problem+json" in received
        assert service.asked == []

    async def test_answers_pipelined_requests_in_order(self, gateway: Gateway, service: Service) -> None:
        received = await gateway.raw(
            b"GET /v1/any/1 HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
            b"GET /v1/any/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
        assert statuses == [b"200", b"404", b"200"]
        assert [asked.line.split()[1] for asked in service.asked] == [b"/v1/any/1", b"/v1/any/3"]

    async def test_changes_to_no_other_protocol(self, gateway: Gateway, service: Service) -> None:
        received = await gateway.raw(
            b"GET /v1/things HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\n"
            b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
        )
        assert received.startswith(b"HTTP/1.1 200")
        assert service.asked[0].header(b"upgrade") == []
        assert service.asked[0].header(b"http2-settings") == []

    async def test_opens_no_web_socket(self, gateway: Gateway, service: Service) -> None:
        received = await gateway.raw(
            b"GET /v1/things HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b" 101 " not in received
        assert service.asked == []

    async def test_takes_a_body_for_a_body(self, gateway: Gateway, service: Service) -> None:
        inner = b"GET /v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n"
        head = b"POST /v1/any/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(inner)
        received = await gateway.raw(head + inner)
        assert received.count(b"HTTP/1.1 ") == 1
        assert service.asked[0].body == inner


class TestMetrics:
    async def test_count_what_was_forwarded_and_what_could_not_be(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.get("/v1/things")
        service.answer = answer_bytes(b"nonsense\r\n\r\n")
        await gateway.client.get("/v1/things")
        counted = (await gateway.client.get("/metrics")).text
        for status in ("2xx", "5xx"):
            assert f'klaster_gateway_forwarded_seconds_count{{service="registry",status="{status}"}}' in counted
