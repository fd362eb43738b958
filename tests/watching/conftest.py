"""One stack as `make run` starts it, watched in every way: private ports, traces, JSON lines of the lowest level."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from deploy.services import SERVICES
from tests.running import READY_WITHIN, SEEDED_WITHIN, Running, free_ports
from tests.watching.receiver import Receiver


@dataclass(frozen=True)
class MailFolder:
    """Where mails arrive."""

    port: int
    folder: Path


@dataclass(frozen=True)
class Watched:
    """The stack, where each service's metrics are, and where its traces come."""

    stack: Running
    ports: dict[str, int]
    receiver: Receiver

    def private(self, service: str, path: str = "/metrics") -> httpx.Response:
        """What a service says on its private port."""
        return httpx.get(f"http://127.0.0.1:{self.ports[service]}{path}", timeout=30, trust_env=False)

    def written(self) -> str:
        """All that services have written so far; what the runner says itself (the first key) is not theirs."""
        return "\n".join(line for line in self.stack.output.splitlines() if not line.startswith("klaster "))

    def lines(self, service: str) -> list[dict[str, Any]]:
        """A service's lines so far, read."""
        label = f"{service:<10} | {{"
        return [
            json.loads("{" + line[len(label) :]) for line in self.stack.output.splitlines() if line.startswith(label)
        ]


@pytest.fixture(scope="session")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailFolder]:
    """A mail server that keeps all it gets in a folder."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("mail") / "folder"
    server = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    server.start()
    yield MailFolder(port, folder)
    server.stop()


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory, mail: MailFolder) -> Iterator[Watched]:
    """Four services with the strategy in them; a person has registered nowhere yet."""
    receiver, first = Receiver(), free_ports()
    while abs((port := free_ports()) - first) < 2 * len(SERVICES):
        pass
    ports = {service: first + number for number, service in enumerate(SERVICES)}
    told = {
        f"{service.upper()}_{name}": value
        for service in SERVICES
        for name, value in (
            ("METRICS_PORT", str(ports[service])),
            ("OTLP_ENDPOINT", receiver.url),
        )
    }
    stack = Running(
        tmp_path_factory.mktemp("watched"),
        port,
        **told,
        DEMO="0",
        LOG_LEVEL="DEBUG",
        LOG_FORMAT="json",
        OTEL_BSP_SCHEDULE_DELAY="200",
        EVENTS_SMTP_HOST="127.0.0.1",
        EVENTS_SMTP_PORT=str(mail.port),
        EVENTS_SMTP_SECURITY="none",
        EVENTS_MAIL_FROM="events@klaster.example",
    )
    try:
        stack.until_said("seeded", READY_WITHIN + SEEDED_WITHIN)
        yield Watched(stack, ports, receiver)
    finally:
        if stack.process.poll() is None:
            stack.stop()
        receiver.close()


@pytest.fixture
def office(watched: Watched) -> Iterator[httpx.Client]:
    """Somebody with the key that the first start printed."""
    headers = {"Authorization": f"Bearer {watched.stack.admin_key}"}
    with httpx.Client(base_url=watched.stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def public(watched: Watched) -> Iterator[httpx.Client]:
    """Somebody without a key."""
    with httpx.Client(base_url=watched.stack.url, timeout=30, trust_env=False) as client:
        yield client
