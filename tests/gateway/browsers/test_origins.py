"""What pages of other origins may read: what is public, and with a key what their origin was allowed."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.conftest import Gateway, Service, answer_bytes, running_gateway

FRONTEND, STRANGER = "https://klaster.example", "https://elsewhere.example"


@pytest.fixture
async def open_to_frontend(own_database: str, service: Service) -> AsyncIterator[Gateway]:
    async with running_gateway(own_database, registry_url=service.url, cors_origins=[FRONTEND]) as running:
        yield running


class TestAnswers:
    async def test_that_are_public_may_be_read_by_every_page(self, open_to_frontend: Gateway) -> None:
        answer = await open_to_frontend.client.get("/v1/things", headers={"Origin": STRANGER})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers

    async def test_to_keys_may_be_read_by_pages_of_configured_origins(self, open_to_frontend: Gateway) -> None:
        key = await open_to_frontend.as_role("admin")
        ours = await open_to_frontend.client.get("/v1/secrets", headers={**key, "Origin": FRONTEND})
        theirs = await open_to_frontend.client.get("/v1/secrets", headers={**key, "Origin": STRANGER})
        assert (ours.headers["access-control-allow-origin"], ours.headers["vary"]) == (FRONTEND, "Origin")
        assert "access-control-allow-origin" not in theirs.headers
        assert theirs.headers["vary"] == "Origin"

    async def test_say_it_once(self, open_to_frontend: Gateway, service: Service) -> None:
        said = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\n{}"
        service.answer = answer_bytes(said)
        answer = await open_to_frontend.client.get("/v1/things", headers={"Origin": STRANGER})
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]

    async def test_that_refuse_may_be_read_as_well(self, open_to_frontend: Gateway) -> None:
        refused = await open_to_frontend.client.get("/v1/secrets", headers={"Origin": FRONTEND})
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, FRONTEND)

    async def test_are_taken_for_what_they_say_they_are(self, open_to_frontend: Gateway) -> None:
        for path in ("/v1/things", "/v1/secrets", "/nowhere", "/docs"):
            answer = await open_to_frontend.client.get(path)
            assert answer.headers.get_list("x-content-type-options") == ["nosniff"], path


class TestPreflight:
    @pytest.mark.parametrize(
        ("path", "method", "origin", "expected"),
        [
            ("/v1/things", "GET", STRANGER, "*"),
            ("/v1/things", "POST", FRONTEND, FRONTEND),
            ("/v1/things", "POST", STRANGER, None),
            ("/v1/secrets", "GET", STRANGER, None),
        ],
    )
    async def test_lets_through_what_would_be_answered(
        self, open_to_frontend: Gateway, path: str, method: str, origin: str, expected: str | None
    ) -> None:
        headers = {"Origin": origin, "Access-Control-Request-Method": method}
        answer = await open_to_frontend.client.options(path, headers=headers)
        assert answer.status_code == 204
        assert answer.headers.get("access-control-allow-origin") == expected
        assert ("access-control-allow-methods" in answer.headers) == (expected is not None)
