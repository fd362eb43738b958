"""Quotas: told in every answer, one for each caller, a batch costing what it contains."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.gateway.conftest import Asked, Gateway, Service, answer_bytes, running_gateway


@pytest.fixture
async def narrow(own_database: str, service: Service) -> AsyncIterator[Gateway]:
    """A gateway of small quotas."""
    quotas = {"rate_anonymous": "3/minute", "rate_anonymous_write": "1/minute", "rate_integrator": "5/minute"}
    async with running_gateway(own_database, registry_url=service.url, **quotas) as running:
        yield running


class TestQuota:
    async def test_is_told_in_every_answer(self, narrow: Gateway) -> None:
        first = await narrow.client.get("/v1/things")
        second = await narrow.client.get("/v1/things")
        assert first.headers["ratelimit-policy"] == '"anonymous";q=3;w=60'
        assert first.headers["ratelimit"].startswith('"anonymous";r=2;t=')
        assert second.headers["ratelimit"].startswith('"anonymous";r=1;t=')

    async def test_ends_in_a_problem_that_says_when_to_come_back(self, narrow: Gateway, service: Service) -> None:
        answers = [await narrow.client.get("/v1/things") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        refused = answers[-1]
        assert refused.json()["code"] == "rate_exceeded"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"].startswith('"anonymous";r=0;t=')
        assert len(service.asked) == 3

    async def test_of_one_key_is_not_another_s(self, narrow: Gateway) -> None:
        noisy, quiet = await narrow.as_role("integrator"), await narrow.as_role("integrator")
        for _ in range(6):
            last = await narrow.client.get("/v1/things", headers=noisy)
        assert last.status_code == 429
        assert (await narrow.client.get("/v1/things", headers=quiet)).status_code == 200
        assert (await narrow.client.get("/v1/things")).status_code == 200

    async def test_is_smaller_for_what_strangers_send(self, narrow: Gateway) -> None:
        answers = [await narrow.client.post("/v1/any/thing", json={}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]
        assert (await narrow.client.get("/v1/things")).status_code == 200

    async def test_counts_guesses_at_keys(self, narrow: Gateway) -> None:
        wrong = {"Authorization": "Bearer klk_aaaaaaaa_wrong"}
        answers = [await narrow.client.get("/v1/things", headers=wrong) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]

    async def test_of_a_batch_is_what_it_contains(self, narrow: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 200 OK\r\nX-Klaster-Cost: 4\r\nContent-Length: 2\r\n\r\n{}")
        key = await narrow.as_role("integrator")
        first = await narrow.client.get("/v1/things", headers=key)
        second = await narrow.client.get("/v1/things", headers=key)
        third = await narrow.client.get("/v1/things", headers=key)
        assert [first.status_code, second.status_code, third.status_code] == [200, 200, 429]
        assert "x-klaster-cost" not in first.headers

    async def test_is_counted_here_while_the_shared_store_is_away(self, own_database: str, service: Service) -> None:
        quotas = {"rate_anonymous": "2/minute", "limits_store": "redis://127.0.0.1:9"}
        async with running_gateway(own_database, registry_url=service.url, **quotas) as gateway:
            answers = [await gateway.client.get("/v1/things") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]


class TestCrowd:
    async def test_of_one_caller_leaves_room_for_others(self, own_database: str, service: Service) -> None:
        release = asyncio.Event()

        async def slowly(_asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await release.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        service.answer = slowly
        async with running_gateway(own_database, registry_url=service.url, max_in_flight=4, max_streams=2) as gateway:
            first, second, third = [await gateway.as_role("integrator") for _ in range(3)]
            get = gateway.client.get
            waiting = [asyncio.create_task(get("/v1/things", headers=first)) for _ in range(2)]
            await _until(lambda: len(service.asked) == 2)
            greedy = await get("/v1/things", headers=first)
            waiting += [asyncio.create_task(get("/v1/things", headers=second)) for _ in range(2)]
            await _until(lambda: len(service.asked) == 4)
            late = await get("/v1/things", headers=third)
            # Whoever waits on purpose is counted apart.
            waiting.append(asyncio.create_task(get("/v1/things?wait=5", headers=third)))
            await _until(lambda: len(service.asked) == 5)
            release.set()
            answers = await asyncio.gather(*waiting)
            service.answer = answer_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            after = await get("/v1/things", headers=third)
        assert (greedy.status_code, greedy.json()["code"]) == (429, "too_many_at_once")
        assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (503, "service_busy", "1")
        assert [answer.status_code for answer in (*answers, after)] == [200] * 6


async def _until(condition: object) -> None:
    async with asyncio.timeout(30):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.005)
