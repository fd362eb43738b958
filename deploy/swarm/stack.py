"""Preparing a swarm for the stack, and bringing the stack to a version."""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.services import NEIGHBOURS, SERVICES, SIGNERS
from deploy.swarm.jobs import PATIENCE, StepError, docker, run_to_its_end

STACK_FILE = Path(__file__).with_name("stack.yml")
PUBLIC_KEYS = "klaster_public_keys"
SEED_KEY = "klaster_seed_key"


@dataclass(frozen=True, slots=True)
class Swarm:
    """What stack.yml reads from the environment, and what of it the steps before need as well."""

    environment: Mapping[str, str]
    name: str
    prefix: str
    version: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Swarm":
        """From the operator's environment."""
        query = "&".join(f"host={host}" for host in given.get("DATABASE_HOSTS", "").split(",") if host)
        query += f"&target_session_attrs=primary&pool_size={given.get('POOL_SIZE', '4')}"
        return cls(
            environment={**given, "DATABASE_QUERY": query},
            name=given.get("STACK", "klaster"),
            prefix=given.get("REGISTRY_HOST", ""),
            version=given.get("VERSION", "latest"),
        )

    def image(self, service: str) -> str:
        """Of this version."""
        return f"{self.prefix}klaster-{service}:{self.version}"

    @property
    def network(self) -> str:
        """Where services, their steps and the way to the database meet."""
        return f"{self.name}_inside"

    def run(self, service: str, command: Sequence[str], *, extra: Sequence[str] = ()) -> str:
        """One command of a service, in its network and with its secrets."""
        name = f"{self.name}-{service}-{os.urandom(3).hex()}"
        return run_to_its_end(name, [*self._options(service), *extra], self.image(service), command)

    def _options(self, service: str) -> list[str]:
        upper = service.upper()
        owner = "uid=10001,gid=10001,mode=0400"
        options = ["--read-only", "--cap-drop", "ALL", "--no-healthcheck", "--network", self.network]
        options += ["--mount", "type=tmpfs,destination=/tmp,tmpfs-size=32m"]
        options += ["--secret", f"source=klaster_{service}_pgpass,target=pgpass,{owner}"]
        options += ["--config", f"source={PUBLIC_KEYS},target=/public/jwks.json"]
        variables = {
            "PGPASSFILE": "/run/secrets/pgpass",
            f"{upper}_DATABASE_URL": f"postgresql://klaster_{service}@/klaster_{service}?{self._query}",
            f"{upper}_JWKS_FILE": "/public/jwks.json",
            f"{upper}_PORT": "8000",
            **{f"{upper}_{other.upper()}_URL": f"http://{other}:8000" for other in NEIGHBOURS.get(service, ())},
        }
        if service in SIGNERS:
            options += ["--secret", f"source=klaster_{service}_key,target={service}.jwk,{owner}"]
            variables[f"{upper}_PRIVATE_KEY_FILE"] = f"/run/secrets/{service}.jwk"
        return options + [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]

    @property
    def _query(self) -> str:
        return self.environment["DATABASE_QUERY"]


def prepare(swarm: Swarm, *, server: str) -> None:
    """Secrets in the swarm, databases on the server; refuses where the swarm has secrets of ours already."""
    if not server:
        raise StepError("KLASTER_SERVER names no server: postgresql://role:password@host/postgres")
    held = docker("secret", "ls", "--format", "{{.Name}}").split()
    if any(name.startswith("klaster_") for name in held):
        raise StepError("this swarm has its secrets already; they are not made twice")
    folder = Path(tempfile.mkdtemp(prefix="klaster-secrets-"))
    image = swarm.image("gateway")
    try:
        for name in ("public", "postgres", *SERVICES, "seed", "erasures"):
            (folder / name).mkdir()
        at = f"{folder}:/volumes"
        docker("run", "--rm", "--user", "root", "--volume", at, image, "python", "-m", "deploy.containers.first_start")
        # As the swarm holds them they are the operator's no longer: read once, handed over, removed.
        for service in SERVICES:
            _hand_over(f"klaster_{service}_pgpass", folder / service / "pgpass", image)
        for service in SIGNERS:
            _hand_over(f"klaster_{service}_key", folder / service / f"{service}.jwk", image)
        docker("config", "create", PUBLIC_KEYS, "-", given=_content(folder / "public" / "jwks.json", image))
        _create_databases(folder / "postgres", server, image)
    finally:
        _remove(folder, image)


def _content(path: Path, image: str) -> str:
    """A file that root or the services' user owns, as whoever may use docker can read it."""
    at = f"{path.parent}:/from:ro"
    return docker(
        "run", "--rm", "--user", "root", "--network", "none", "--volume", at, image, "cat", f"/from/{path.name}"
    )


def _hand_over(name: str, path: Path, image: str) -> None:
    docker("secret", "create", name, "-", given=_content(path, image))


def _create_databases(folder: Path, server: str, image: str) -> None:
    # By the environment of the command, so that no process list shows the password.
    environment = {**os.environ, "KLASTER_SERVER": server}
    docker(
        *("run", "--rm", "--network", "host", "--env", "KLASTER_SERVER", "--volume", f"{folder}:/secrets:ro", image),
        *("python", "-m", "deploy.containers.databases"),
        environment=environment,
    )


def _remove(folder: Path, image: str) -> None:
    at = f"{folder}:/volumes"
    docker("run", "--rm", "--user", "root", "--network", "none", "--volume", at, image, "sh", "-c", "rm -rf /volumes/*")
    shutil.rmtree(folder)


def deploy(swarm: Swarm, *, demo: bool) -> None:
    """Migrate, start or update, seed; the old version answers until each new replica does."""
    if swarm.network not in docker("network", "ls", "--format", "{{.Name}}").split():
        docker("network", "create", "--driver", "overlay", "--attachable", swarm.network)
    _migrate(swarm)
    docker(
        *("stack", "deploy", "--with-registry-auth", "--prune", "--compose-file", str(STACK_FILE), swarm.name),
        environment=swarm.environment,
    )
    _wait_until_updated(swarm)
    _seed(swarm, "--demo" if demo else "--no-demo")


def _migrate(swarm: Swarm) -> None:
    """All four at once, and to their ends; raises StepError of the first that did not end well."""
    with ThreadPoolExecutor(len(SERVICES)) as at_once:
        works = [at_once.submit(swarm.run, name, ["python", "-m", f"klaster_{name}.migrate"]) for name in SERVICES]
    for work in works:
        work.result()


def _wait_until_updated(swarm: Swarm) -> None:
    """Until as many run as should, of this version; raises StepError where the swarm went back by itself."""
    limit = time.monotonic() + PATIENCE
    while waiting := _not_up(swarm):
        if time.monotonic() > limit:
            raise StepError(f"not up in time: {', '.join(waiting)}; see docker service ps")
        time.sleep(1)


def _not_up(swarm: Swarm) -> list[str]:
    listed = docker("stack", "services", "--format", "{{.Name}} {{.Replicas}} {{.Mode}}", swarm.name).splitlines()
    # One that is on each node of its kind and fails to start counts as 0 of 0 between its tries.
    counts = {
        name: ("0", "1") if (replicas, mode) == ("0/0", "global") else tuple(replicas.split("/"))
        for name, replicas, *_, mode in (line.split() for line in listed)
    }
    states = _updates_of(list(counts))
    if back := [name for name, state in states.items() if state.startswith("rollback") or state == "paused"]:
        raise StepError(f"{', '.join(back)} went back to what they were: see docker service ps")
    return [name for name, (up, of) in counts.items() if up != of or states[name] not in ("", "completed")]


def _updates_of(names: Sequence[str]) -> dict[str, str]:
    given = "{{.Spec.Name}} {{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}"
    lines = docker("service", "inspect", "--format", given, *names).splitlines()
    return {name: state for name, _, state in (line.partition(" ") for line in lines)}


def _seed(swarm: Swarm, demo: str) -> None:
    """As in the compose stack: each seed a client of the gateway, with a key that ends by itself."""
    create = [
        "python",
        "-m",
        "klaster_gateway.keys",
        "create",
        "--role",
        "admin",
        "--name",
        "seed",
        "--expires-in",
        "1h",
    ]
    docker("secret", "create", SEED_KEY, "-", given=swarm.run("gateway", create))
    owner = "target=seed-key,uid=10001,gid=10001,mode=0400"
    extra = ["--secret", f"source={SEED_KEY},{owner}", "--env", "KLASTER_KEY_FILE=/run/secrets/seed-key"]
    try:
        for service, asked in (
            ("registry", demo),
            ("indicators", demo),
            ("events", demo),
            ("indicators", "--refresh-only"),
        ):
            command = ["python", "-m", f"klaster_{service}.seed", "--gateway", "http://gateway:8000", asked]
            swarm.run(service, command, extra=extra)
    finally:
        docker("secret", "rm", SEED_KEY)
