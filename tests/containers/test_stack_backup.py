"""The compose stack is backed up while it runs, loses its databases, and comes back as it was."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.containers.conftest import ROOT, Stack

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1500)]


def keep(stack: Stack, *command: str) -> str:
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


class TestBackup:
    def test_comes_back_with_the_same_scorecard(self, stack: Stack, client: httpx.Client, tmp_path: Path) -> None:
        before = told(client)
        keep(stack, "backup", "--to", str(tmp_path))

        stack.compose("stop")
        stack.compose("rm", "--force", "postgres")
        subprocess.run(["docker", "volume", "rm", f"{stack.project}_postgres-data"], check=True, capture_output=True)
        [archive] = tmp_path.glob("*.tar.gz")
        said = keep(stack, "restore", str(archive))
        stack.compose("up", "--detach")
        stack.wait_until_seeded()

        assert said.count("each table as it was") == 4
        assert told(client) == before
