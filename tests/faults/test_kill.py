"""`kill -9` of any service: its own paths fail, plainly; the rest goes on; it comes back to its data."""

import os
import signal
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.running import Running

PATHS = {"registry": "/v1/entities", "indicators": "/v1/scorecard", "events": "/v1/events"}
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client


class TestKill:
    @pytest.mark.parametrize("service", PATHS)
    def test_takes_down_the_paths_of_that_service_alone(
        self, stack: Running, office: httpx.Client, service: str
    ) -> None:
        office.post("/v1/entities", json={"names": [{"value": "Zakład Trwałości"}]})
        before = office.get(PATHS[service]).json()
        os.kill(stack.process_of(service), signal.SIGKILL)
        answers = {name: office.get(path) for name, path in PATHS.items()}
        overview = office.get("/v1/overview")
        broken = answers.pop(service)
        assert broken.status_code == 503
        assert broken.headers["content-type"] == "application/problem+json"
        assert "retry-after" in broken.headers
        assert {answer.status_code for answer in answers.values()} == {200}
        assert overview.status_code == 200
        problems = [section["problem"] for section in overview.json().values() if isinstance(section, dict)]
        assert [problem for problem in problems if problem]
        stack.until(lambda: office.get(PATHS[service]).status_code == 200, 60)
        assert office.get(PATHS[service]).json() == before

    def test_of_the_gateway_loses_no_key(self, stack: Running, office: httpx.Client) -> None:
        os.kill(stack.process_of("gateway"), signal.SIGKILL)
        stack.until(lambda: stack.status("/status") == 200, 60)
        assert office.get("/v1/keys").status_code == 200

    def test_loses_no_write_that_was_acknowledged(self, stack: Running, office: httpx.Client) -> None:
        acknowledged: list[str] = []
        refused: list[int] = []
        stop = threading.Event()

        def write() -> None:
            with httpx.Client(base_url=stack.url, headers=office.headers, timeout=30, trust_env=False) as client:
                while not stop.is_set():
                    answer = client.post("/v1/entities", json={"names": [{"value": "Pracownia pod obciążeniem"}]})
                    if answer.status_code == 201:
                        acknowledged.append(answer.json()["id"])
                    else:
                        refused.append(answer.status_code)

        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        stack.until(lambda: len(acknowledged) > 20, 30)
        os.kill(stack.process_of("registry"), signal.SIGKILL)
        count = len(acknowledged)
        stack.until(lambda: len(acknowledged) > count + 20, 60)
        stop.set()
        for writer in writers:
            writer.join()
        assert refused
        assert set(refused) <= {502, 503, 504}
        lost = [entity for entity in acknowledged if office.get(f"/v1/entities/{entity}").status_code != 200]
        assert lost == []
