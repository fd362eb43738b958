"""Reads are asked again, within a budget; what waits on purpose ends politely when the gateway stops."""

import asyncio
import json

from klaster_gateway.forwarding.patience import PATIENCE
from klaster_gateway.forwarding.retries import AGAIN, SAVED, Budget, pause
from tests.gateway.conftest import Asked, Gateway, Service, answer_ok
from tests.services import operations


async def hang_up(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


class TestReads:
    async def test_are_asked_again_where_nothing_was_answered(self, gateway: Gateway, service: Service) -> None:
        async def at_last(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await (answer_ok if len(service.asked) > 2 else hang_up)(asked, reader, writer)

        service.answer = at_last
        assert (await gateway.client.get("/v1/things")).status_code == 200
        assert len(service.asked) == 3

    async def test_are_given_up_in_the_end(self, gateway: Gateway, service: Service) -> None:
        service.answer = hang_up
        answer = await gateway.client.get("/v1/things")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "service_down", "1")
        assert len(service.asked) == 1 + AGAIN

    async def test_are_not_asked_again_beyond_a_share_of_all(self, gateway: Gateway, service: Service) -> None:
        service.answer = hang_up
        answers = await asyncio.gather(*(gateway.client.get("/v1/things") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {503}
        assert len(service.asked) <= 20 + SAVED + 20 * 0.1
        counted = (await gateway.client.get("/metrics")).text
        assert 'klaster_gateway_budget_spent_total{service="registry"}' in counted

    async def test_that_met_silence_are_not(self, gateway: Gateway, service: Service) -> None:
        async def silence(asked: Asked, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await reader.read()

        service.answer = silence
        assert (await gateway.client.get("/v1/things")).status_code == 504
        assert len(service.asked) == 1


class TestBudget:
    def test_fills_with_requests(self) -> None:
        budget = Budget("registry")
        assert [budget.take() for _ in range(11)] == [True] * 10 + [False]
        for _ in range(11):
            budget.note_request()
        assert [budget.take(), budget.take()] == [True, False]

    def test_pauses_longer_each_time_and_for_nobody_alike(self) -> None:
        assert 0.01 <= pause(0) <= 0.03 <= pause(1) <= 0.12
        assert len({pause(0) for _ in range(10)}) > 1


class TestPatience:
    def test_names_operations_that_there_are(self) -> None:
        assert set(PATIENCE) <= {operation.id for operation in operations("gateway")}


class TestStopping:
    async def test_answers_a_long_poll_at_once_with_what_there_is(self, gateway: Gateway, service: Service) -> None:
        async def answer(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if b"wait=0" in asked.line:
                await answer_ok(asked, reader, writer)
            else:
                await reader.read()

        service.answer = answer
        asking = asyncio.create_task(gateway.client.get("/v1/things?after=7&wait=15&limit=2"))
        async with asyncio.timeout(30):
            while not service.asked:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        gateway.app.state.stopping.set()
        assert (await asking).status_code == 200
        assert service.asked[-1].line == b"GET /v1/things?after=7&wait=0&limit=2 HTTP/1.1"

    async def test_ends_streams_where_they_are(self, gateway: Gateway, service: Service) -> None:
        async def answer(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            writer.write(head + b"8\r\ndata: 1\n\r\n")
            await writer.drain()
            await reader.read()

        service.answer = answer
        headers = {"Accept": "text/event-stream"}
        async with gateway.client.stream("GET", "/v1/things", headers=headers) as streamed:
            parts = streamed.aiter_bytes()
            assert await anext(parts) == b"data: 1\n"
            gateway.app.state.stopping.set()
            assert [part async for part in parts] == []  # an end, and no connection cut short
        # One that comes while the gateway stops ends at once.
        assert (await gateway.client.get("/v1/things", headers=headers)).status_code == 200

    async def test_says_of_each_answer_that_it_is_the_last_of_its_connection(self, gateway: Gateway) -> None:
        gateway.app.state.health.draining = True
        forwarded = await gateway.client.get("/v1/things")
        own = await gateway.client.get("/v1/whoami")
        refused = await gateway.client.get("/v1/nothing")
        assert [answer.headers["connection"] for answer in (forwarded, own, refused)] == ["close"] * 3
        assert json.loads(own.content)["role"] == "anonymous"
