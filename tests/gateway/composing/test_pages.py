"""Composed pages: what is there is shown, what is missing says so, and nobody sees what was made for another."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.gateway.conftest import ENTITY, Asked, Gateway, Service, running_gateway

SURVIVOR = "01890000-0000-7000-8000-000000000001"
PROFILE = f"/v1/entities/{ENTITY}/profile"
RECORD = {
    "id": ENTITY,
    "name": "Klaster",
    "interest_groups": [{"code": "BIOF", "from": None, "to": None}],
    "fields": ["medicine"],
    "sectors": [],
    "groups": [{"code": "talents", "from": "2022-04-01", "to": None}],
    "networks": [],
}
SCORES = {
    "as_of": "2026-11-24",
    "edition": "2022",
    "items": [{"measure": "1", "sig": "talents"}, {"measure": "2", "sig": None}],
    "counts": {"missed": 1},
    "coverage": {},
}


class Services:
    """One scripted service in the place of all three: documents by path, and statuses where they are refused."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {
            f"/v1/entities/{ENTITY}": RECORD,
            "/v1/entities/RBW-000073": RECORD,
            "/v1/paths/1": {"code": "1", "name": "Path"},
            "/v1/scorecard": SCORES,
        }
        self.refused: dict[str, tuple[int, dict[str, str]]] = {}
        self.silent: set[str] = set()
        self.asked: list[str] = []

    async def answer(self, asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = asked.line.split()[1].decode()
        path = urlsplit(target).path
        self.asked.append(target)
        if path in self.silent:
            await asyncio.sleep(30)
        status, headers, document = 200, dict[str, str](), self.documents.get(path, self._list(path))
        if path in self.refused:
            status, headers = self.refused[path]
            document = {"code": "told", "title": "Told", "detail": "as the service told it", "status": status}
        elif path.startswith("/v1/entities/") and path not in self.documents and path.count("/") == 3:
            status, document = (
                404,
                {"code": "not_found", "title": "There is nothing here", "detail": "no", "status": 404},
            )
        body = json.dumps(document).encode()
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def _list(self, path: str) -> dict[str, Any]:
        return {"items": [{"id": ENTITY, "of": path}], "next": "c2", "total": 3}

    def queries(self, path: str) -> list[dict[str, list[str]]]:
        """What a path was asked, each time."""
        return [parse_qs(urlsplit(target).query) for target in self.asked if urlsplit(target).path == path]


@pytest.fixture
async def services(service: Service) -> Services:
    found = Services()
    service.answer = found.answer
    return found


@pytest.fixture
async def gateway(own_database: str, service: Service, services: Services) -> AsyncIterator[Gateway]:
    """The gateway in front of them."""
    urls = {f"{name}_url": service.url for name in ("registry", "indicators", "events")}
    async with running_gateway(own_database, **urls) as running:
        yield running


async def page(gateway: Gateway, path: str, **headers: str) -> dict[str, Any]:
    answer = await gateway.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestProfile:
    async def test_shows_the_record_and_what_names_it(self, gateway: Gateway, services: Services) -> None:
        found = await page(gateway, PROFILE)
        assert found["entity"] == RECORD
        assert found["projects"]["content"] == {
            "items": [{"id": ENTITY, "of": "/v1/projects"}],
            "total": 3,
            "next": "c2",
        }
        assert found["labs"]["link"] == f"/v1/labs?owner={ENTITY}"
        assert found["people"]["content"] == {"total": 3}
        assert {name: part["problem"] for name, part in found.items() if name not in {"entity", "attendance"}} == (
            dict.fromkeys(set(found) - {"entity", "attendance"})
        )

    async def test_shows_what_it_has_open_on_the_board(self, gateway: Gateway, services: Services) -> None:
        offers = (await page(gateway, PROFILE))["offers"]
        assert offers["content"]["items"] == [{"id": ENTITY, "of": "/v1/lsos/board"}]
        assert offers["link"] == f"/v1/lsos/board?owner={ENTITY}&open=true"
        [asked] = services.queries("/v1/lsos/board")
        assert (asked["owner"], asked["open"]) == ([ENTITY], ["true"])

    async def test_says_what_the_codes_mean_each_taxonomy_asked_once(
        self, gateway: Gateway, services: Services
    ) -> None:
        labels = (await page(gateway, PROFILE))["labels"]["content"]
        assert labels["fields"] == [{"id": ENTITY, "of": "/v1/fields"}]
        assert (labels["sectors"], labels["networks"]) == ([], [])
        assert services.queries("/v1/groups") == [{"code": ["talents"], "limit": ["100"]}]
        assert services.queries("/v1/sectors") == []

    async def test_shows_the_office_alone_who_came(self, gateway: Gateway, services: Services) -> None:
        assert (await page(gateway, PROFILE))["attendance"] is None
        assert services.queries("/v1/participations") == []
        office = await page(gateway, PROFILE, **await gateway.as_role("office"))
        assert office["attendance"]["content"] == {"total": 3}

    async def test_is_stored_by_caches_only_where_everybody_sees_it_and_it_is_whole(
        self, gateway: Gateway, services: Services
    ) -> None:
        public = await gateway.client.get(PROFILE)
        office = await gateway.client.get(PROFILE, headers=await gateway.as_role("office"))
        services.refused["/v1/labs"] = (503, {})
        broken = await gateway.client.get(PROFILE)
        kinds = [answer.headers["cache-control"] for answer in (public, office, broken)]
        assert kinds == ["public, no-cache", "private, no-store", "private, no-store"]
        assert len({answer.headers["etag"] for answer in (public, office, broken)}) == 3

    async def test_is_not_sent_to_who_has_it(self, gateway: Gateway, services: Services) -> None:
        first = await gateway.client.get(PROFILE)
        known = {"If-None-Match": first.headers["etag"]}
        assert (await gateway.client.get(PROFILE, headers=known)).status_code == 304
        services.documents["/v1/projects"] = {"items": [], "next": None, "total": 0}
        assert (await gateway.client.get(PROFILE, headers=known)).status_code == 200

    async def test_goes_by_every_reference(self, gateway: Gateway, services: Services) -> None:
        found = await page(gateway, "/v1/entities/RBW-000073/profile")
        assert found["labs"]["link"] == f"/v1/labs?owner={ENTITY}"
        services.documents["/v1/entities/ror:03bqmcz70"] = RECORD
        assert (await page(gateway, "/v1/entities/ror:03bqmcz70/profile"))["entity"] == RECORD

    async def test_of_one_that_was_merged_is_elsewhere(self, gateway: Gateway, services: Services) -> None:
        services.refused[f"/v1/entities/{ENTITY}"] = (308, {"Location": f"/v1/entities/{SURVIVOR}"})
        answer = await gateway.client.get(PROFILE)
        assert (answer.status_code, answer.headers["location"]) == (308, f"/v1/entities/{SURVIVOR}/profile")

    async def test_of_nobody_is_404(self, gateway: Gateway) -> None:
        answer = await gateway.client.get(f"/v1/entities/{SURVIVOR}/profile")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (await gateway.client.get("/v1/entities/nobody/profile")).status_code == 404

    async def test_misses_a_section_with_the_problem_that_its_service_told(
        self, gateway: Gateway, services: Services
    ) -> None:
        services.refused["/v1/labs"] = (503, {})
        services.silent.add("/v1/events")
        services.documents["/v1/documents"] = {"items": ["?"]}
        async with asyncio.timeout(20):
            found = await page(gateway, PROFILE)
        assert found["labs"]["content"] is None
        assert found["labs"]["problem"] == {
            "type": "/problems/told",
            "title": "Told",
            "status": 503,
            "detail": "as the service told it",
            "code": "told",
            "service": "registry",
        }
        assert (found["events"]["problem"]["code"], found["events"]["problem"]["status"]) == ("upstream_timeout", 504)
        assert found["documents"]["problem"]["code"] == "upstream_failed"
        assert found["projects"]["problem"] is None

    async def test_is_not_there_without_the_record(self, own_database: str) -> None:
        async with running_gateway(own_database) as alone:
            answer = await alone.client.get(PROFILE)
        assert (answer.status_code, answer.json()["code"]) == (503, "service_down")


class TestPath:
    async def test_shows_where_it_stands_and_what_feeds_it(self, gateway: Gateway, services: Services) -> None:
        found = await page(gateway, "/v1/paths/1/page")
        assert found["path"] == {"code": "1", "name": "Path"}
        assert found["scorecard"]["content"]["items"] == SCORES["items"]
        assert found["projects"]["link"] == "/v1/projects?group=talents"
        assert found["entities"]["content"]["total"] == 3
        assert [query["state"] for query in services.queries("/v1/events")] == [["published"], ["completed"]]
        assert len(services.queries("/v1/scorecard")) == 1

    async def test_asks_for_nothing_of_groups_where_its_measures_name_none(
        self, gateway: Gateway, services: Services
    ) -> None:
        services.documents["/v1/scorecard"] = {**SCORES, "items": []}
        found = await page(gateway, "/v1/paths/1/page")
        assert found["projects"]["content"] == {"items": [], "total": 0, "next": None}
        assert services.queries("/v1/projects") == []

    async def test_stays_without_its_scorecard(self, gateway: Gateway, services: Services) -> None:
        services.refused["/v1/scorecard"] = (503, {})
        found = await page(gateway, "/v1/paths/1/page")
        assert {name for name, part in found.items() if part.get("problem")} == {"scorecard", "projects", "entities"}

    async def test_that_there_is_not_is_404(self, gateway: Gateway, services: Services) -> None:
        services.refused["/v1/paths/9"] = (404, {})
        assert (await gateway.client.get("/v1/paths/9/page")).status_code == 404


class TestSearch:
    async def test_finds_in_all_services_at_once(self, gateway: Gateway, services: Services) -> None:
        found = await page(gateway, "/v1/search?q=bio&limit=5")
        assert {name: part["content"]["items"][0]["of"] for name, part in found.items() if name != "q"} == {
            "registry": "/v1/registry/search",
            "events": "/v1/events",
            "indicators": "/v1/indicators",
        }
        assert services.queries("/v1/events") == [{"q": ["bio"], "limit": ["5"]}]

    async def test_goes_on_in_one_section(self, gateway: Gateway, services: Services) -> None:
        found = await page(gateway, "/v1/search?q=bio&kind=events&cursor=c2")
        assert (found["registry"], found["indicators"]) == (None, None)
        assert services.queries("/v1/events") == [{"q": ["bio"], "limit": ["10"], "cursor": ["c2"]}]
        assert services.queries("/v1/registry/search") == []

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("", "query/q"),
            ("q=", "query/q"),
            ("q=a&limit=0", "query/limit"),
            ("q=a&kind=people", "query/kind/0"),
            ("q=a&cursor=c2", "query/cursor"),
            ("q=a&kind=events&kind=registry&cursor=c2", "query/cursor"),
        ],
    )
    async def test_refuses_what_it_cannot_read(self, gateway: Gateway, query: str, pointer: str) -> None:
        answer = await gateway.client.get(f"/v1/search?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)

    async def test_shows_what_a_service_has_against_the_words(self, gateway: Gateway, services: Services) -> None:
        services.refused["/v1/events"] = (422, {})
        found = await page(gateway, "/v1/search?q=bio")
        assert (found["events"]["problem"]["status"], found["registry"]["problem"]) == (422, None)
