"""The images, built once, and the compose stack, brought up once in a project of its own on a free port."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.containers.engine import docker

ROOT = Path(__file__).parents[2]
SERVICES = ("gateway", "registry", "indicators", "events")
WORKERS = tuple(f"{service}-worker" for service in SERVICES)
PROCESSES = (*SERVICES, *WORKERS)
SEEDED_WITHIN = 300.0  # seconds from the first container; a machine that does nothing else needs about a minute


def compose_command() -> list[str] | None:
    """Compose, v2 or 1.29; None where no engine answers or there is no compose."""
    if shutil.which("docker") is None or _fails("docker", "info"):
        return None
    if not _fails("docker", "compose", "version"):
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def _fails(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode != 0


class Stack:
    """A running compose project."""

    def __init__(self, compose: list[str], project: str, port: int) -> None:
        self.project = project
        self._compose = [*compose, "--project-name", project]
        self._environment = {**os.environ, "PORT": str(port)}
        self.url = f"http://127.0.0.1:{port}"

    def compose(self, *arguments: str) -> str:
        """What a compose command prints; raises with all of it where the command fails."""
        done = subprocess.run(
            [*self._compose, *arguments], cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    @contextmanager
    def told(self, **variables: str) -> Iterator[None]:
        """Further variables of compose, for what is started in this block."""
        before = self._environment
        self._environment = {**before, **variables}
        try:
            yield
        finally:
            self._environment = before

    def containers(self) -> dict[str, dict[str, Any]]:
        """What the engine knows of each container, by compose service."""
        ours = ("--filter", f"label=com.docker.compose.project={self.project}")
        ids = docker("ps", "--all", "--quiet", *ours, "--filter", "label=com.docker.compose.oneoff=False").split()
        found = json.loads(docker("inspect", *ids)) if ids else []
        return {each["Config"]["Labels"]["com.docker.compose.service"]: each for each in found}

    def inside(self, service: str, *command: str) -> str:
        """What a command prints in a service's container."""
        return docker("exec", self.containers()[service]["Id"], *command)

    def wait_until_ready(self) -> None:
        """Return when the four services take requests, and their workers work."""
        limit = time.monotonic() + SEEDED_WITHIN
        while waiting := [name for name in PROCESSES if not self._is_healthy(name)]:
            assert time.monotonic() < limit, f"{waiting}: {self.compose('logs', '--tail=20', *waiting)}"
            time.sleep(0.5)

    def _is_healthy(self, service: str) -> bool:
        state = self.containers().get(service, {}).get("State", {})
        return bool(state.get("Health", {}).get("Status") == "healthy")

    def wait_until_seeded(self) -> None:
        """Return when the last seed has ended well."""
        limit = time.monotonic() + SEEDED_WITHIN
        while (state := self.containers().get("refresh", {}).get("State", {})).get("Status") != "exited":
            assert time.monotonic() < limit, self.compose("logs", "--tail=20")
            time.sleep(0.5)
        assert state["ExitCode"] == 0, self.compose("logs", "--tail=50", "refresh")


@pytest.fixture(scope="session")
def built() -> list[str]:
    """The four images are built from this tree; the command of compose that built them."""
    compose = compose_command()
    if compose is None:
        pytest.skip("no container engine with compose answers here")
    Stack(compose, "klaster", 0).compose("build")
    return compose


@pytest.fixture(scope="module")
def stack(built: list[str]) -> Iterator[Stack]:
    """The stack, healthy and seeded; removed with its volumes after the last test of the module."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    stack = Stack(built, f"klaster-test-{uuid4().hex[:8]}", port)
    try:
        stack.compose("up", "--detach")
        stack.wait_until_seeded()
        yield stack
    finally:
        stack.compose("down", "--volumes", "--remove-orphans")


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the stack's gateway, without a key."""
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        yield client
