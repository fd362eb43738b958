"""Programs of a running stack once more, told what the stack's own were told."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

from deploy.local import folder
from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack


class Programs:
    """Of the stack that runs on a data folder."""

    def __init__(self, data: Path) -> None:
        found = folder.running(data)
        settings = RunnerSettings(port=found.port, data=data, log_level="WARNING")
        self._stack = Stack(settings=settings, databases=found.databases)

    def another(self, service: str, port: int, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """A second process of a service, on another port, without jobs of its own."""
        [program] = [each for each in self._stack.services() if each.name == service]
        upper = service.upper()
        return _started(program, {f"{upper}_PORT": str(port), f"{upper}_RUN_JOBS": "false", **variables})

    def migration(self, service: str) -> subprocess.Popen[bytes]:
        """One that brings the service's database up to date."""
        return _started(self._stack.module(service, f"klaster_{service}.migrate"), {})


def answers(port: int) -> bool:
    """Whether a service listens there and is ready."""
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5, trust_env=False).status_code == 200
    return False


def _started(program: Program, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **program.environment, **more}
    return subprocess.Popen(program.command, env=environment, stdout=subprocess.DEVNULL)
