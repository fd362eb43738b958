"""The status page tells what is up, and is always there."""

import asyncio
import json

from tests.gateway.conftest import Asked, Gateway, Service, answer_bytes

HEALTH = {"service": "registry", "version": "0.1.0", "state": "up", "since": "2026-01-01T00:00:00Z", "neighbours": {}}


def healthy(**more: str) -> bytes:
    body = json.dumps({**HEALTH, **more}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def status(gateway: Gateway) -> tuple[str, dict[str, str]]:
    answer = await gateway.client.get("/status")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    found = answer.json()
    return found["state"], {each["service"]: each["state"] for each in found["services"]}


class TestStatus:
    async def test_tells_what_each_service_says_of_itself(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(healthy())
        overall, services = await status(gateway)
        assert services == {"gateway": "up", "registry": "up", "indicators": "down", "events": "down"}
        assert overall == "degraded"

    async def test_repeats_a_service_that_calls_itself_degraded(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(healthy(state="degraded"))
        assert (await status(gateway))[1]["registry"] == "degraded"

    async def test_takes_garbage_for_down(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[1]\n")
        assert (await status(gateway))[1]["registry"] == "down"

    async def test_asks_the_services_once_a_second_at_most(self, gateway: Gateway, service: Service) -> None:
        service.answer = answer_bytes(healthy())
        for _ in range(5):
            await status(gateway)
        assert [asked.line for asked in service.asked] == [b"GET /health HTTP/1.1"]

    async def test_waits_a_second_and_no_longer(self, gateway: Gateway, service: Service) -> None:
        async def answer(asked: Asked, *_streams: object) -> None:
            await asyncio.sleep(30)

        service.answer = answer
        assert (await status(gateway))[1]["registry"] == "down"
