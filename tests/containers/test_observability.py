"""The overlay beside the stack: Prometheus finds the services by their names, on ports that nobody else reaches."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.containers.conftest import ROOT, Stack
from tests.containers.test_stack import SERVICES

OVERLAY = "deploy/observability/compose.yml"
IMAGE = "prom/prometheus:v3.0.0"
WITHIN = 120.0  # seconds; names are looked up, and services scraped, every fifteen
pytestmark = [pytest.mark.engine, pytest.mark.timeout(1500)]


def runs(image: str) -> bool:
    """Whether the engine has an image, or can get it, and starts it."""
    try:
        started = subprocess.run(
            ["docker", "run", "--rm", "--network=none", image, "--version"],
            capture_output=True,
            check=False,
            timeout=60,
        )
    except subprocess.TimeoutExpired:
        return False
    return started.returncode == 0


@pytest.fixture(scope="module")
def prometheus(stack: Stack) -> Iterator[httpx.Client]:
    """Prometheus as operators start it; taken away again afterwards."""
    if not runs(IMAGE):
        pytest.skip(f"the engine has no image {IMAGE} that starts, and cannot get one")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    files = [*os.environ.get("COMPOSE_FILE", "docker-compose.yml").split(":"), OVERLAY]
    given = [argument for file in files for argument in ("--file", file)]
    with stack.told(PROMETHEUS_PORT=str(port)):
        stack.compose(*given, "up", "--detach", "--no-deps", "prometheus")
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False) as client:
            yield client
    finally:
        stack.compose(*given, "rm", "--stop", "--force", "prometheus")


def samples(prometheus: httpx.Client, expression: str, at_least: int) -> list[dict[str, Any]]:
    """What an expression gives, as soon as there is so much of it."""
    limit = time.monotonic() + WITHIN
    found: list[dict[str, Any]] = []
    while len(found) < at_least:
        assert time.monotonic() < limit, f"{expression}: {found}"
        time.sleep(1)
        try:
            found = prometheus.get("/api/v1/query", params={"query": expression}).json()["data"]["result"]
        except httpx.TransportError:
            continue  # it starts
    return found


class TestPrometheus:
    def test_scrapes_every_service_that_runs(self, prometheus: httpx.Client) -> None:
        up = samples(prometheus, 'up{job!="prometheus"} == 1', len(SERVICES))

        assert {each["metric"]["job"] for each in up} == set(SERVICES)
        assert {each["metric"]["instance"].rsplit(":", 1)[1] for each in up} == {"9100"}

    def test_finds_them_well_and_their_databases_filled(self, prometheus: httpx.Client) -> None:
        assert len(samples(prometheus, "klaster_check == 1", 8 * len(SERVICES))) == 8 * len(SERVICES)
        assert samples(prometheus, "klaster_entities > 0", 1)
        assert samples(prometheus, 'klaster_database_bytes{job="events"} > 0', 1)

    def test_has_every_rule(self, prometheus: httpx.Client) -> None:
        samples(prometheus, "up", 1)

        groups = prometheus.get("/api/v1/rules").json()["data"]["groups"]
        assert sum(len(group["rules"]) for group in groups) == (
            (ROOT / "deploy/observability/rules/alerts.yml").read_text(encoding="utf-8").count("- alert: ")
        )


class TestMetrics:
    def test_are_not_on_the_port_that_the_gateway_publishes(self, client: httpx.Client) -> None:
        assert client.get("/metrics").status_code == 404
