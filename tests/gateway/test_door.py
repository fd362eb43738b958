"""The door knows who comes and what for."""

import pytest

from klaster_shared.access import ROLES, may
from tests.gateway.conftest import Gateway, Service

SECRETS, CHECKIN = ("GET", "/v1/secrets"), ("POST", "/v1/checkin")


class TestAccess:
    @pytest.mark.parametrize("role", [role for role in ROLES if role not in {"anonymous", "partner"}])
    async def test_lets_in_the_roles_that_the_contract_names(
        self, gateway: Gateway, service: Service, role: str
    ) -> None:
        headers = await gateway.as_role(role)
        for (method, path), least in {SECRETS: "admin", CHECKIN: "device", ("GET", "/v1/things"): "anonymous"}.items():
            answer = await gateway.client.request(method, path, headers=headers)
            assert answer.status_code == (200 if may(role, least) else 403), (role, path)  # type: ignore[arg-type]
        assert len(service.asked) == sum(may(role, least) for least in ("admin", "device", "anonymous"))  # type: ignore[arg-type]

    async def test_asks_strangers_for_a_key(self, gateway: Gateway, service: Service) -> None:
        answer = await gateway.client.get("/v1/secrets")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert service.asked == []

    @pytest.mark.parametrize(
        "authorization",
        [
            "Bearer klk_abcdefgh_" + "x" * 43,
            "Bearer klk_",
            "Basic dXNlcjpwYXNz",
            "klk_abcdefgh_" + "x" * 43,
            "Bearer eyJhbGciOiJub25lIn0.e30.",
        ],
    )
    async def test_refuses_keys_that_are_none_even_where_none_is_needed(
        self, gateway: Gateway, service: Service, authorization: str
    ) -> None:
        answer = await gateway.client.get("/v1/things", headers={"Authorization": authorization})
        assert answer.status_code == 401
        assert "invalid_token" in answer.headers["www-authenticate"]
        assert service.asked == []

    async def test_takes_no_internal_token_from_outside(self, gateway: Gateway, service: Service) -> None:
        headers = await gateway.as_role("admin")
        await gateway.client.get("/v1/things", headers=headers)
        stolen = service.asked[0].header(b"authorization")[0].decode()
        assert (await gateway.client.get("/v1/things", headers={"Authorization": stolen})).status_code == 401


class TestPaths:
    async def test_answers_unknown_ones_itself(self, gateway: Gateway, service: Service) -> None:
        answer = await gateway.client.get("/v1/nothing")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert service.asked == []

    async def test_names_the_methods_of_known_ones(self, gateway: Gateway) -> None:
        answer = await gateway.client.delete("/v1/things")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")

    async def test_tells_the_methods_to_whoever_asks(self, gateway: Gateway) -> None:
        answer = await gateway.client.options("/v1/things")
        assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")

    async def test_routes_a_decoded_slash_as_the_services_do(self, gateway: Gateway, service: Service) -> None:
        assert (await gateway.raw(b"GET /v1%2Fthings HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))[9:12] == b"200"
        assert service.asked[0].line.startswith(b"GET /v1%2Fthings ")

    async def test_refuses_unreadable_targets(self, gateway: Gateway) -> None:
        received = await gateway.raw("GET /v1/any/Łódź HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert received.startswith(b"HTTP/1.1 400")

    @pytest.mark.parametrize("path", ["/health", "/metrics", "/version"])
    async def test_keeps_what_operators_read_from_the_outside(self, gateway: Gateway, path: str) -> None:
        assert (await gateway.client.get(path)).status_code == 200
        through_a_proxy = await gateway.client.get(path, headers={"X-Forwarded-For": "203.0.113.9"})
        assert through_a_proxy.status_code == 404

    async def test_tells_strangers_whether_it_is_ready_and_not_what_is_the_matter(self, gateway: Gateway) -> None:
        inside = await gateway.client.get("/health/ready")
        outside = await gateway.client.get("/health/ready", headers={"X-Forwarded-For": "203.0.113.9"})
        assert "troubles" in inside.json()
        assert outside.json() == {"state": "ready"}

    async def test_answers_head_on_its_own_paths(self, gateway: Gateway) -> None:
        answer = await gateway.client.head("/v1/whoami")
        assert (answer.status_code, answer.content) == (200, b"")

    async def test_shows_browsers_the_way(self, gateway: Gateway) -> None:
        answer = await gateway.client.get("/")
        assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


class TestProblems:
    async def test_carry_the_request_id(self, gateway: Gateway) -> None:
        answer = await gateway.client.get("/v1/nothing", headers={"X-Request-ID": "r-2"})
        assert (answer.headers["x-request-id"], answer.json()["request_id"]) == ("r-2", "r-2")

    async def test_are_never_cached(self, gateway: Gateway) -> None:
        assert (await gateway.client.get("/v1/nothing")).headers["cache-control"] == "no-store"
