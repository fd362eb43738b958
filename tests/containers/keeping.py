"""Backing up and restoring a compose stack as operators do, and what it says before and after."""

import os
import subprocess
import sys

import httpx

from tests.containers.conftest import ROOT, Stack


def keep(stack: Stack, *command: str) -> str:
    """What `make backup COMPOSE=1` or `make restore COMPOSE=1` says."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.keeping", *command, "--compose"],
        cwd=ROOT,
        env={**os.environ, "COMPOSE_PROJECT_NAME": stack.project, "PORT": stack.url.rpartition(":")[2]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(client: httpx.Client) -> list[object]:
    """What the stack says: how many there are, and each value of the scorecard."""
    total = client.get("/v1/entities", params={"count": "true", "limit": 1}).json()["total"]
    items = client.get("/v1/scorecard").json()["items"]
    return [total, *((item.get("latest") or {}).get("value") for item in items)]
