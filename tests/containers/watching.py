"""Prometheus beside the stack, from the overlay, and what it has to say."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.containers.conftest import Stack

OVERLAY = "deploy/observability/compose.yml"
IMAGE = "prom/prometheus:v3.0.0"
OWN = "klaster-test-prometheus"
WITHIN = 120.0  # seconds; names are looked up, and services scraped, every fifteen

# The base that the services' images have, and this machine's program in it.
DOCKERFILE = """\
FROM python:3.13-slim-bookworm
COPY prometheus /usr/local/bin/prometheus
RUN mkdir -m 1777 /prometheus
USER 65534
ENTRYPOINT ["prometheus"]
"""


def starts(image: str) -> bool:
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


@contextmanager
def own_image() -> Iterator[str | None]:
    """An image around the prometheus that this machine has; None where it has none that starts there."""
    program = shutil.which("prometheus")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(program, Path(folder, "prometheus"))
        Path(folder, "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
        subprocess.run(["docker", "build", "--tag", OWN, folder], check=True, capture_output=True)
    try:
        yield OWN if starts(OWN) else None
    finally:
        subprocess.run(["docker", "image", "rm", "--force", OWN], check=False, capture_output=True)


@contextmanager
def prometheus_beside(stack: Stack, image: str) -> Iterator[httpx.Client]:
    """Prometheus as operators start it; taken away again afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    files = [*os.environ.get("COMPOSE_FILE", "docker-compose.yml").split(":"), OVERLAY]
    given = [argument for file in files for argument in ("--file", file)]
    with stack.told(PROMETHEUS_PORT=str(port), PROMETHEUS_IMAGE=image):
        try:
            stack.compose(*given, "up", "--detach", "--no-deps", "prometheus")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False) as client:
                yield client
        finally:
            stack.compose(*given, "rm", "--stop", "--force", "prometheus")
            # What the overlay added the stack's own `down` knows nothing of.
            for kind, name in (("volume", "prometheus-data"), ("volume", "grafana-data"), ("network", "watching")):
                subprocess.run(["docker", kind, "rm", f"{stack.project}_{name}"], check=False, capture_output=True)


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
