"""A swarm of one node, from nothing to another version, while people read and write: `make test-swarm`.

Needs an engine that is in no swarm yet, the images klaster-<service>:latest, and a quiet machine: two of everything
(REPLICAS=) are started on it. It leaves nothing behind.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.drill.load import Load, endings
from tests.running import free_ports

ROOT = Path(__file__).parents[2]
SERVICES = ("gateway", "registry", "indicators", "events")
DATABASE = "klaster-swarm-database"
NETWORK = "klaster_inside"
SETTLE = 5.0  # seconds of load before and after the update
ADMIN_KEY = ("python", "-m", "klaster_gateway.keys", "create", "--role", "admin", "--name", "swarm")


def docker(*arguments: str) -> str:
    """What a docker command prints; raises CalledProcessError."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def swarm() -> Iterator[dict[str, str]]:
    """One node with a PostgreSQL server beside it; yields what an operator would have in the environment."""
    port, https = free_ports(), free_ports()
    docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    try:
        docker("node", "update", "--label-add", "klaster.edge=true", docker("node", "ls", "--quiet"))
        docker("network", "create", "--driver", "overlay", "--attachable", NETWORK)
        published = ("--network", NETWORK, "--publish", f"127.0.0.1:{port}:5432")
        password = os.urandom(12).hex()
        options = ("--env", f"POSTGRES_PASSWORD={password}", "postgres:17-bookworm", "postgres", "-c")
        docker("run", "--detach", "--name", DATABASE, *published, *options, "max_connections=200")
        yield {
            **os.environ,
            "KLASTER_SERVER": f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres",
            "DATABASE_HOSTS": f"{DATABASE}:5432",
            "HTTP_PORT": str(https + 1),
            "HTTPS_PORT": str(https),
            "PUBLIC_URL": f"https://localhost:{https}",
            "TLS": "tls internal",
            "REPLICAS": os.environ.get("REPLICAS", "2"),
        }
    finally:
        subprocess.run(["docker", "stack", "rm", "klaster"], check=False, capture_output=True)
        subprocess.run(["docker", "rm", "--force", "--volumes", DATABASE], check=False, capture_output=True)
        time.sleep(SETTLE)  # networks are let go of a moment after the tasks
        docker("swarm", "leave", "--force")


def step(environment: dict[str, str], *command: str, **more: str) -> str:
    """One of the operator's commands, and how long it took."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "deploy.swarm", *command],
        cwd=ROOT,
        env={**environment, **more},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"swarm: {' '.join(command)}: {done.stderr}")
    print(f"swarm: {command[0]} in {time.monotonic() - began:.0f} s", flush=True)
    return done.stdout


def main() -> int:
    """1 where a request failed, or an acknowledged write is not there."""
    for service in SERVICES:
        docker("tag", f"klaster-{service}:latest", f"klaster-{service}:next")
    with swarm() as environment:
        time.sleep(SETTLE)  # the server makes its first database
        step(environment, "prepare")
        step(environment, "deploy")
        [key] = re.findall(r"klk_\S+", step(environment, "run", "gateway", *ADMIN_KEY))
        with Load(environment["PUBLIC_URL"], key, verify=False) as load:
            time.sleep(SETTLE)
            step(environment, "deploy", VERSION="next")
            time.sleep(SETTLE)
        lost = load.lost()
    failed = [each for each in load.asked if each.failed]
    print(f"swarm: {len(load.asked):,} requests while every service was exchanged, failed: {endings(load.asked)}")
    print(f"swarm: {len(load.acknowledged):,} writes acknowledged, {len(lost)} of them lost")
    return int(bool(failed or lost))


if __name__ == "__main__":
    sys.exit(main())
