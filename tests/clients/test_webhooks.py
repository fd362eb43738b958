"""What the gateway signs, the library of another language verifies: the receiver of docs/webhooks.md, in Node."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from klaster_gateway.webhooks.kinds import ping_body
from klaster_gateway.webhooks.receivers import Receivers
from klaster_gateway.webhooks.signing import new_secret, signed_headers
from klaster_gateway.webhooks.targets import Targets
from klaster_shared.dates import utc_now
from tests.services import ROOT

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "webhooks.md"
BODY = ping_body("01930000-0000-7000-8000-000000000003", at="2026-11-27T09:00:00Z")

pytestmark = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="needs node and npm")


@pytest.fixture(scope="module")
def libraries() -> Path:
    """The folder of installed packages."""
    if not (HERE / "node_modules" / "standardwebhooks").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True, timeout=300, stdout=subprocess.DEVNULL)
    return HERE / "node_modules"


@contextmanager
def receiving(folder: Path, libraries: Path, secret: str) -> Iterator[tuple[str, Path]]:
    """The program of the page, running; where it listens, and what it prints."""
    [program] = re.findall(r"^```js\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (folder / "receiver.mjs").write_text(program, encoding="utf-8")
    (folder / "node_modules").symlink_to(libraries)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "SECRET": secret, "PORT": str(port)}
    with (folder / "received").open("wb") as output:
        process = subprocess.Popen(["node", folder / "receiver.mjs"], env=environment, stdout=output)
    try:
        yield f"http://127.0.0.1:{port}/", folder / "received"
    finally:
        process.kill()
        process.wait()


class TestNode:
    async def test_verifies_what_we_sign_with_either_secret_and_nothing_else(
        self, tmp_path: Path, libraries: Path
    ) -> None:
        known, other = new_secret(), new_secret()
        receivers = Receivers(Targets(http=True, networks=[ip_network("127.0.0.0/8")]), seconds=10)
        statuses = []
        with receiving(tmp_path, libraries, known) as (url, received):
            for number, secrets in enumerate(([known], [other, known], [other])):
                headers = signed_headers(f"msg_{number}", BODY, now=utc_now(), with_secrets=secrets)
                answer = await receivers.send(url, BODY, headers)
                for _ in range(200):  # until it listens
                    if answer.status is not None:
                        break
                    await asyncio.sleep(0.1)
                    answer = await receivers.send(url, BODY, headers)
                statuses.append(answer.status)
            printed = received.read_text().splitlines()
        await receivers.aclose()
        assert statuses == [204, 204, 400]
        assert printed == ["msg_0 klaster.ping -", "msg_1 klaster.ping -"]
