"""The docker command, and one-shot steps that run in the swarm with a service's secrets."""

import subprocess
import time
from collections.abc import Mapping, Sequence

PATIENCE = 600.0  # seconds for a step: a migration of a large table is the longest


class StepError(Exception):
    """A step that did not end well, with what it said."""


def docker(*arguments: str, given: str | bytes | None = None, environment: Mapping[str, str] | None = None) -> str:
    """What a docker command prints; raises StepError with what it complains of."""
    given = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        ["docker", *arguments], input=given, capture_output=True, check=False, env=dict(environment or {}) or None
    )
    if done.returncode:
        raise StepError(f"docker {arguments[0]} {arguments[1]}: {done.stderr.decode(errors='replace').strip()[-2000:]}")
    return done.stdout.decode()


def run_to_its_end(name: str, options: Sequence[str], image: str, command: Sequence[str]) -> str:
    """Run a command once in the swarm and return what it printed; it is not tried again by itself."""
    docker(
        *("service", "create", "--detach", "--quiet", "--name", name, "--mode", "replicated-job"),
        *("--restart-condition", "none", *options, image, *command),
    )
    try:
        state = _end_of(name)
        printed = docker("service", "logs", "--raw", name)
        if state != "complete":
            complaint = docker("service", "ps", "--no-trunc", "--format", "{{.Error}}", name).strip()
            raise StepError(f"{' '.join(command)}: {state} {complaint}\n{printed[-2000:]}")
        return printed
    finally:
        docker("service", "rm", name)


def _end_of(name: str) -> str:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        states = docker("service", "ps", "--format", "{{.CurrentState}}", name).lower().split("\n")
        state = states[0].split(" ")[0]
        if state in ("complete", "failed", "rejected", "orphaned", "remove", "shutdown"):
            return state
        time.sleep(0.5)
    return "not at its end in time"
