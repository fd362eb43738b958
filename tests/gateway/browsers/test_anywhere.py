"""Browsers: pages of any origin may call what says so in its contract, and nothing else."""

from tests.gateway.conftest import Gateway, Service

OPEN, CLOSED = "/v1/anywhere", "/v1/things"
ORIGIN = {"Origin": "https://openrefine.example"}


class TestCrossOrigin:
    async def test_lets_any_page_read_the_answer(self, gateway: Gateway, service: Service) -> None:
        answer = await gateway.client.get(OPEN, headers=ORIGIN)
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert "access-control-allow-credentials" not in answer.headers

    async def test_lets_any_page_read_a_refusal(self, gateway: Gateway, service: Service) -> None:
        answer = await gateway.client.get(OPEN, headers={**ORIGIN, "Authorization": "Bearer klk_nobody"})
        assert answer.status_code == 401
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        wrong = await gateway.client.delete(OPEN, headers=ORIGIN)
        assert (wrong.status_code, wrong.headers["access-control-allow-origin"]) == (405, "*")

    async def test_tells_browsers_beforehand(self, gateway: Gateway) -> None:
        asked = {**ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        answer = await gateway.client.options(OPEN, headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "content-type" in answer.headers["access-control-allow-headers"].lower()
