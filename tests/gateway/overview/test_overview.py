"""The overview is always there; what is missing says so itself."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.gateway.conftest import ENTITY, Answer, Asked, Gateway, Service, running_gateway

SCORECARD = {
    "as_of": "2026-11-24",
    "edition": "2022",
    "items": [{}],
    "counts": {"missed": 3},
    "coverage": {"measures": 3},
}
_NAMES = ("Business", "Science", "Public")
GROUPS = {"items": [{"code": name.lower(), "name": name} for name in _NAMES], "next": None}
COUNTED = {
    "items": [],
    "total": 7,
    "facets": {"interest_group": [{"value": "business", "count": 5}, {"value": "science", "count": 2}]},
}
CHANGED = {"id": ENTITY, "name": "Klaster", "registration": "registered", "updated_at": "2026-11-24T00:00:00Z"}
EVENT = {
    "id": ENTITY,
    "title": "Forum",
    "starts_at": "2026-12-01T09:00:00Z",
    "ends_at": "2026-12-01T15:00:00Z",
}


def entities(target: str) -> dict[str, Any]:
    return {"items": [CHANGED] if "sort=" in target else [], "next": None}


async def answer_all(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One scripted service in the place of all three."""
    target = asked.line.split()[1].decode()
    documents = {
        "/v1/scorecard": SCORECARD,
        "/v1/interest-groups": GROUPS,
        "/v1/registry/search": COUNTED,
        "/v1/events": {"items": [EVENT], "next": None},
    }
    document = documents.get(target.split("?")[0]) or entities(target)
    body = json.dumps(document).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def all_but(path: str, other: Answer) -> Answer:
    """As above, but for one path."""

    async def answer(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_it = asked.line.split()[1].decode().split("?")[0] == path
        await (other if is_it else answer_all)(asked, reader, writer)

    return answer


@pytest.fixture
async def gateway(own_database: str, service: Service) -> AsyncIterator[Gateway]:
    """The gateway in front of a service that answers for all three."""
    service.answer = answer_all
    urls = {f"{name}_url": service.url for name in ("registry", "indicators", "events")}
    async with running_gateway(own_database, **urls) as running:
        yield running


async def overview(gateway: Gateway) -> dict[str, Any]:
    answer = await gateway.client.get("/v1/overview")
    assert answer.status_code == 200
    page: dict[str, Any] = answer.json()
    return page


class TestOverview:
    async def test_shows_all_parts(self, gateway: Gateway) -> None:
        page = await overview(gateway)
        assert page["scorecard"]["content"]["counts"] == {"missed": 3}
        groups = page["entities"]["content"]["by_interest_group"]
        assert [(group["code"], group["entities"]) for group in groups] == [
            ("business", 5),
            ("science", 2),
            ("public", 0),
        ]
        assert page["entities"]["content"]["registered"] == 7
        assert groups[0]["link"] == "/v1/entities?registration=registered&interest_group=business"
        assert page["events"]["content"]["next"][0]["link"] == f"/v1/events/{ENTITY}"
        assert page["changes"]["content"]["entities"][0]["name"] == "Klaster"
        assert {part["problem"] for part in page.values()} == {None}

    async def test_asks_in_the_name_and_language_of_its_caller(self, gateway: Gateway, service: Service) -> None:
        await gateway.client.get("/v1/overview", headers={"Accept-Language": "pl"})
        assert {tuple(asked.header(b"accept-language")) for asked in service.asked} == {(b"pl",)}

    async def test_asks_for_published_events_that_begin_next(self, gateway: Gateway, service: Service) -> None:
        await overview(gateway)
        target = next(asked.line for asked in service.asked if b" /v1/events?" in asked.line).decode()
        assert "state=published" in target
        assert "sort=starts_at" in target
        assert re.search(r"from=\d{4}-\d{2}-\d{2}", target)

    async def test_misses_one_part_where_its_service_answers_garbage(self, gateway: Gateway, service: Service) -> None:
        async def garbage(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        service.answer = all_but("/v1/scorecard", garbage)
        page = await overview(gateway)
        assert page["scorecard"]["content"] is None
        assert page["scorecard"]["problem"]["code"] == "upstream_failed"
        assert page["scorecard"]["problem"]["service"] == "indicators"
        assert page["entities"]["content"]["registered"] == 7

    async def test_waits_for_no_part_beyond_its_deadline(self, gateway: Gateway, service: Service) -> None:
        async def silence(asked: Asked, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        service.answer = all_but("/v1/events", silence)
        async with asyncio.timeout(20):
            page = await overview(gateway)
        assert page["events"]["problem"]["status"] == 504
        assert page["changes"]["problem"] is None

    async def test_has_an_etag_over_its_parts(self, gateway: Gateway, service: Service) -> None:
        first = await gateway.client.get("/v1/overview")
        same = await gateway.client.get("/v1/overview", headers={"If-None-Match": first.headers["etag"]})
        assert same.status_code == 304

        async def more(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            body = json.dumps({**SCORECARD, "counts": {"missed": 4}}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        service.answer = all_but("/v1/scorecard", more)
        changed = await gateway.client.get("/v1/overview", headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200

    async def test_keeps_its_etag_while_a_part_stays_away(self, own_database: str) -> None:
        async with running_gateway(own_database) as gateway:
            first = await gateway.client.get("/v1/overview")
            same = await gateway.client.get("/v1/overview", headers={"If-None-Match": first.headers["etag"]})
        assert same.status_code == 304
