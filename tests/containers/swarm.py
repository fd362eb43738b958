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
from dataclasses import dataclass
from pathlib import Path

from tests.containers.engine import docker
from tests.faults.drill.load import PAUSE, READS, Asked, Load, endings
from tests.running import free_ports

ROOT = Path(__file__).parents[2]
SERVICES = ("gateway", "registry", "indicators", "events")
STACK = f"klaster-trial-{os.urandom(3).hex()}"  # its own: what a swarm before left is taken for nobody's
DATABASE = f"{STACK}-database"
NETWORK = f"{STACK}_inside"
NEXT = "trial-next"  # the tag of the other version: the same image under another name is exchanged like any other
BASES = ("postgres:17-bookworm", "valkey/valkey:8-bookworm", "caddy:2")
TASK = "label=com.docker.swarm.task"
BRIDGE = "docker_gwbridge"  # a swarm makes it and leaves it behind
WITHIN = 60.0  # seconds; everybody has been answered long before
ADMIN_KEY = ("python", "-m", "klaster_gateway.keys", "create", "--role", "admin", "--name", "swarm")


def complaint() -> str:
    """Why no swarm of one node can be tried here, in words; nothing where it can."""
    state = docker("info", "--format", "{{.Swarm.LocalNodeState}}")
    if state != "inactive":
        return f"the engine is in a swarm already ({state})"
    for image in BASES:
        held = subprocess.run(["docker", "image", "inspect", image], check=False, capture_output=True).returncode == 0
        if not held and not _pulled(image):
            return f"the engine has no image {image}, and cannot get one"
    return ""


def _pulled(image: str) -> bool:
    try:
        return subprocess.run(["docker", "pull", image], check=False, capture_output=True, timeout=60).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@contextmanager
def swarm(**variables: str) -> Iterator[dict[str, str]]:
    """One node with a PostgreSQL server beside it; yields what an operator would have in the environment."""
    port, https = free_ports(), free_ports()
    had_bridge = BRIDGE in docker("network", "ls", "--format", "{{.Name}}").split()
    docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    try:
        for service in SERVICES:
            docker("tag", f"klaster-{service}:latest", f"klaster-{service}:{NEXT}")
        docker("node", "update", "--label-add", "klaster.edge=true", docker("node", "ls", "--quiet"))
        docker("network", "create", "--driver", "overlay", "--attachable", NETWORK)
        published = ("--network", NETWORK, "--publish", f"127.0.0.1:{port}:5432")
        password = os.urandom(12).hex()
        options = ("--env", f"POSTGRES_PASSWORD={password}", "postgres:17-bookworm", "postgres", "-c")
        docker("run", "--detach", "--name", DATABASE, *published, *options, "max_connections=200")
        yield {
            **os.environ,
            "STACK": STACK,
            "KLASTER_SERVER": f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres",
            "DATABASE_HOSTS": f"{DATABASE}:5432",
            "HTTP_PORT": str(https + 1),
            "HTTPS_PORT": str(https),
            "PUBLIC_URL": f"https://localhost:{https}",
            "TLS": "tls internal",
            "REPLICAS": os.environ.get("REPLICAS", "2"),
            **variables,
        }
    finally:
        _leave(and_the_bridge=not had_bridge)


def _leave(*, and_the_bridge: bool) -> None:
    """Nothing of it is left: tasks, networks, volumes, secrets (the swarm's own), names of images.

    In this order: a network that still has a task when the engine leaves the swarm stays until the engine is restarted.
    """
    label = f"label=com.docker.stack.namespace={STACK}"
    _try("stack", "rm", STACK)
    _try("rm", "--force", "--volumes", DATABASE)
    limit = time.monotonic() + WITHIN
    while (tasks := docker("ps", "--quiet", "--filter", TASK).split()) and time.monotonic() < limit:
        _try("kill", *tasks)  # nobody asks them for anything more
        time.sleep(0.5)
    _try("network", "rm", NETWORK)
    while docker("network", "ls", "--quiet", "--filter", f"name={STACK}_") and time.monotonic() < limit:
        time.sleep(0.5)
    _try("swarm", "leave", "--force")
    limit = time.monotonic() + WITHIN  # the engine takes the tasks away after it has left
    while docker("ps", "--all", "--quiet", "--filter", TASK) and time.monotonic() < limit:
        time.sleep(0.5)
    for volume in docker("volume", "ls", "--quiet", "--filter", label).split():
        _try("volume", "rm", volume)
    for service in SERVICES:
        _try("image", "rm", f"klaster-{service}:{NEXT}")
    if and_the_bridge:
        _try("network", "rm", BRIDGE)


def _try(*arguments: str) -> None:
    subprocess.run(["docker", *arguments], check=False, capture_output=True)


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


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What people met with while every service was exchanged."""

    asked: list[Asked]
    acknowledged: list[str]
    lost: list[str]

    @property
    def failed(self) -> list[Asked]:
        """Requests that went without."""
        return [each for each in self.asked if each.failed]

    def __str__(self) -> str:
        return (
            f"{len(self.asked):,} requests while every service was exchanged, failed: {endings(self.asked)}\n"
            f"swarm: {len(self.acknowledged):,} writes acknowledged, {len(self.lost)} of them lost"
        )


def exchange(environment: dict[str, str], *, pause: float = PAUSE) -> Exchanged:
    """From nothing to one version, and to another under the load of people who wait for so long between requests."""
    _wait_for_the_database()
    step(environment, "prepare")
    step(environment, "deploy")
    [key] = re.findall(r"klk_\S+", step(environment, "run", "gateway", *ADMIN_KEY))
    with Load(environment["PUBLIC_URL"], key, verify=False, pause=pause) as load:
        _everybody_asks(load)
        step(environment, "deploy", VERSION=NEXT)
        _everybody_asks(load)
    return Exchanged(load.asked, load.acknowledged, load.lost())


def _everybody_asks(load: Load) -> None:
    """Until each list was read, and something written, once more: before the first is exchanged, after the last."""
    since = time.monotonic()
    while len({each.what for each in load.since(since) if not each.failed}) < len(READS) + 1:
        if time.monotonic() - since > WITHIN:
            raise SystemExit("swarm: not everybody is answered")
        time.sleep(0.1)


def _wait_for_the_database() -> None:
    """Until it answers where the services ask: while it makes its first database it listens on a socket alone."""
    limit = time.monotonic() + 60
    ask = ["docker", "exec", DATABASE, "pg_isready", "--host=127.0.0.1", "--username=postgres"]
    while subprocess.run(ask, check=False, capture_output=True).returncode:
        if time.monotonic() > limit:
            raise SystemExit("swarm: the database does not start")
        time.sleep(0.5)


def main() -> int:
    """1 where a request failed, or an acknowledged write is not there."""
    if why := complaint():
        raise SystemExit(f"swarm: {why}")
    with swarm() as environment:
        exchanged = exchange(environment)
    print(f"swarm: {exchanged}")
    return int(bool(exchanged.failed or exchanged.lost))


if __name__ == "__main__":
    sys.exit(main())
