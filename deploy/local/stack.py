"""The stack as the runner sees it: which programs there are, and what each is told."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings
from deploy.local.variables import own
from deploy.services import EVENTS, GATEWAY, NEIGHBOURS, SERVICES, SIGNERS

LOOPBACK = "127.0.0.1"
MIGRATIONS = "KLASTER_MIGRATIONS"  # environments by service; not an argument: there are passwords in it
# Who writes addresses that others open: as they are reached from outside.
PUBLISHING = frozenset({GATEWAY, EVENTS, "registry"})


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The four services on one machine: settings of the runner, and a database for each service."""

    settings: RunnerSettings
    databases: Mapping[str, str]

    def port(self, service: str) -> int:
        """The gateway's port is the user's choice; the services take the next ones."""
        return self.settings.port + SERVICES.index(service)

    def url(self, service: str = GATEWAY) -> str:
        """Where a service answers."""
        return f"http://{LOOPBACK}:{self.port(service)}"

    def services(self) -> list[Program]:
        """The four servers."""
        return [self.module(service, f"klaster_{service}", port=self.port(service)) for service in SERVICES]

    def migrations(self) -> Program:
        """All services' migrations."""
        told = {service: self._environment(service) for service in SERVICES}
        return python("databases", "deploy.local.migrating", environment={MIGRATIONS: json.dumps(told)})

    def key_pairs(self) -> Program:
        """Makes the key pairs that are missing."""
        keys = self.settings.data / "keys"
        return python("keys", "klaster_shared.tokens", "--jwks", f"{keys}/jwks.json", "--private", f"{keys}", *SIGNERS)

    def new_key_pairs(self) -> Program:
        """Gives every service another key pair, while the stack runs."""
        program = self.key_pairs()
        return Program(name=program.name, command=(*program.command, "--rotate"), environment=program.environment)

    def admin_key(self) -> Program:
        """Prints a lasting admin key where there is none yet."""
        return self._keys("--name", "admin", "--if-none")

    def passing_key(self, purpose: str) -> Program:
        """Prints an admin key for a piece of work of the runner's own; it expires by itself."""
        return self._keys("--name", purpose, "--expires-in", "1h")

    def seed(self, service: str, key: str, *options: str) -> Program:
        """A service's seed: a client of the gateway like any other."""
        arguments = ("--gateway", self.url(), *options)
        environment = {"KLASTER_KEY": key}
        return python("seed", f"klaster_{service}.seed", *arguments, environment=environment)

    def _keys(self, *options: str) -> Program:
        return self.module(GATEWAY, "klaster_gateway.keys", "create", "--role", "admin", *options)

    def module(self, service: str, module: str, *arguments: str, port: int | None = None) -> Program:
        """A module of a service as a program that is told what the service is told."""
        return python(service, module, *arguments, environment=self._environment(service), port=port)

    def _environment(self, service: str) -> dict[str, str]:
        settings = own(service, os.environ)
        keys = self.settings.data / "keys"
        told = {
            "DATABASE_URL": self.databases[service],
            "HOST": LOOPBACK,
            "PORT": str(self.port(service)),
            "JWKS_FILE": f"{keys}/jwks.json",
            "LOG_LEVEL": self.settings.log_level,
            "LOG_FORMAT": self.settings.log_format,
        }
        if service in SIGNERS:
            told["PRIVATE_KEY_FILE"] = f"{keys}/{service}.jwk"
        if service in PUBLISHING:
            told["PUBLIC_URL"] = self.settings.public_url or self.url()
        if service == EVENTS:
            told["ERASURES_FILE"] = f"{self.settings.data}/erasures.jsonl"
        for neighbour in NEIGHBOURS.get(service, ()):
            # Whoever puts something between two services says so with the services' own variable.
            given = settings.get(f"{service.upper()}_{neighbour.upper()}_URL")
            told[f"{neighbour.upper()}_URL"] = given or self.url(neighbour)
        return {**settings, **{f"{service.upper()}_{name}": value for name, value in told.items()}}


def python(
    name: str, module: str, *arguments: str, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Program:
    """A module of the runner's own virtual environment as a program."""
    command = (sys.executable, "-m", module, *arguments)
    return Program(name=name, command=command, environment=environment or {}, port=port)
