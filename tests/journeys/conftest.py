"""One running stack, as `make run` starts it, and the people who call it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from tests.running import Running, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four services with the strategy and the demonstration in them."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@dataclass(frozen=True)
class MailFolder:
    """A mail server that keeps all it gets in a folder."""

    port: int
    folder: Path


@pytest.fixture(scope="session")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailFolder]:
    """Where the messages of the empty stack arrive."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("mail") / "folder"
    server = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    server.start()
    yield MailFolder(port, folder)
    server.stop()


@pytest.fixture(scope="session")
def empty_stack(tmp_path_factory: pytest.TempPathFactory, mail: MailFolder) -> Iterator[Running]:
    """Four services as an office begins with them: the strategy and its codes, and nobody in the register."""
    reaching = {
        "EVENTS_SMTP_HOST": "127.0.0.1",
        "EVENTS_SMTP_PORT": str(mail.port),
        "EVENTS_SMTP_SECURITY": "none",
        "EVENTS_MAIL_FROM": "events@klaster.example",
        "GATEWAY_WEBHOOK_HTTP": "true",
        "GATEWAY_WEBHOOK_NETWORKS": '["127.0.0.0/8"]',
    }
    with running_stack(tmp_path_factory.mktemp("empty"), DEMO="0", **reaching) as stack:
        yield stack


@pytest.fixture
def public(stack: Running) -> Iterator[httpx.Client]:
    """Somebody without a key."""
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    """Somebody with the key that the first start printed."""
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client
