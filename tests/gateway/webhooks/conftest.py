"""A gateway with webhooks to this machine, a receiver that tests script, and a clock that they set."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_network
from typing import Any

import pytest

from klaster_gateway.database import METADATA
from klaster_gateway.webhooks.delivering import Deliverer
from klaster_gateway.webhooks.receivers import Receivers
from klaster_gateway.webhooks.targets import Targets
from klaster_gateway.webhooks.telling import Teller
from klaster_shared.dates import utc_now
from klaster_shared.following import FeedChange, FeedPage, follow
from tests.gateway.conftest import Asked, Gateway, Service, running_gateway

LOOPBACK = Targets(http=True, networks=[ip_network("127.0.0.0/8")])
PATHS = {("registry", "entities"): "/v1/entities/{}"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
FIRST = "01900000-0000-7000-8000-000000000001"


def change(position: int, **more: Any) -> FeedChange:
    """A change of an entity, as the feed tells it."""
    record = {"id": FIRST, "name": "Fundacja", "phone": "+48 600 000 000"}
    known = {"kind": "updated", "collection": "entities", "id": FIRST, "changed": ["name"], "record": record}
    return FeedChange.model_validate({"position": position, "audience": "anonymous", **known, **more})


def says(status: str, *headers: str) -> bytes:
    """An answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Length: 0", *headers, "", ""]).encode()


def positions(asked: list[Asked]) -> list[int]:
    """The places in the feed that messages tell of."""
    return [int(json.loads(each.body)["data"]["position"]) for each in asked]


@dataclass
class Log:
    """A feed that tests write."""

    changes_there: list[FeedChange] = field(default_factory=list)

    async def changes(self, *, after: int) -> FeedPage:
        items = [each for each in self.changes_there if each.position > after]
        return FeedPage(items=items, next=items[-1].position if items else after)


class Hooks:
    """The gateway, its receiver, and the hub between them, one step at a time."""

    def __init__(self, gateway: Gateway, receiver: Service) -> None:
        self.gateway, self.receiver = gateway, receiver
        self.database = gateway.app.state.database
        self.now: datetime | None = None
        self.receivers = Receivers(LOOPBACK, seconds=30)
        self.deliverer = Deliverer(self.database, self.receivers, clock=self.clock, at_once=5)
        self.teller = Teller(public_url="https://cluster.example", paths=lambda: PATHS, wake=self.deliverer.wake)
        self.feeds: dict[str, Log] = {}

    def clock(self) -> datetime:
        return self.now or utc_now()

    def later(self, **how: float) -> None:
        """Time passes."""
        self.now = self.clock() + timedelta(**how)

    async def subscribe(self, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """A webhook of an integrator, unless told otherwise."""
        headers = headers or await self.gateway.as_role("integrator")
        body = {"url": f"{self.receiver.url}/hook", "types": ["registry"], **more}
        made = await self.gateway.client.post("/v1/webhooks", json=body, headers=headers)
        assert made.status_code == 201, made.text
        return {**made.json(), "headers": headers}

    async def tell(self, *changes: FeedChange, service: str = "registry") -> None:
        """These changes are in a service's feed, and the hub has read it."""
        feed = self.feeds.setdefault(service, Log())
        feed.changes_there += changes
        told = partial(follow, self.database, METADATA, feed, name=service)
        await told(apply=self.teller.about(service))

    async def deliver(self) -> int:
        """Send what is due; how many requests there were."""
        before = len(self.receiver.asked)
        while claimed := await self.deliverer.claim(5):
            await asyncio.gather(*(self.deliverer.serve(each, asyncio.Event()) for each in claimed))
        return len(self.receiver.asked) - before

    async def deliveries(self, webhook: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
        """What a webhook was told, the newest first."""
        url = f"/v1/webhooks/{webhook['id']}/deliveries"
        answer = await self.gateway.client.get(url, headers=webhook["headers"], params=params)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def read(self, webhook: dict[str, Any]) -> dict[str, Any]:
        """The webhook as it is now."""
        answer = await self.gateway.client.get(f"/v1/webhooks/{webhook['id']}", headers=webhook["headers"])
        found: dict[str, Any] = answer.json()
        return found

    async def post(self, webhook: dict[str, Any], path: str, body: Any = None) -> Any:
        """Do something with a webhook."""
        url = f"/v1/webhooks/{webhook['id']}/{path}"
        return await self.gateway.client.post(url, json=body, headers=webhook["headers"])

    async def patch(self, webhook: dict[str, Any], **changes: Any) -> Any:
        """Change a webhook."""
        headers = {**webhook["headers"], "If-Match": "*"}
        return await self.gateway.client.patch(f"/v1/webhooks/{webhook['id']}", json=changes, headers=headers)


def headers_of(asked: Asked) -> dict[str, str]:
    """The headers of a message as a receiver's framework hands them over."""
    return {name.decode(): value.decode() for name, value in asked.headers}


@pytest.fixture
async def hooks(database_url: str, service: Service) -> AsyncIterator[Hooks]:
    """On both engines."""
    loopback = [str(network) for network in LOOPBACK.networks]
    async with running_gateway(database_url, webhook_http=True, webhook_networks=loopback) as gateway:
        hooks = Hooks(gateway, service)
        yield hooks
        await hooks.receivers.aclose()


@pytest.fixture
async def other() -> AsyncIterator[Service]:
    """A second receiver, or a service whose feed is scripted."""
    scripted = Service()
    server = await asyncio.start_server(scripted.handle, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield scripted
    server.close()
