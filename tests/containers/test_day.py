"""A stack's day, in order: up, seeded, read, closed, watched by Prometheus, backed up, lost, back as it was.

What comes last, another version while people read and write, is in test_update.py: a swarm does it, when this is down.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.containers.conftest import ROOT, Stack
from tests.containers.keeping import keep, told
from tests.containers.watching import IMAGE, own_image, prometheus_beside, samples, starts

SERVICES = ("gateway", "registry", "indicators", "events")

# Which of the addresses given answer.
PROBE = """
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def answers(address):
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=3).close()
    except OSError:
        return False
    return True
with ThreadPoolExecutor(32) as at_once:
    found = at_once.map(answers, sys.argv[1:])
    print(*(address for address, answered in zip(sys.argv[1:], found) if answered))
"""

# Files of an image that by their names are somebody's secret, or the repository's history.
SECRET_FILES = """
import os
for folder, folders, files in os.walk("/"):
    if folder == "/":
        folders[:] = [name for name in folders if name not in ("proc", "sys", "dev")]
    for name in (*files, *folders):
        if name in (".git", ".env", ".netrc", "pgpass", ".pgpass", "id_rsa") or name.endswith((".jwk", ".key")):
            print(os.path.join(folder, name))
"""

# The first test to run waits for four builds and the whole start.
pytestmark = [pytest.mark.engine, pytest.mark.timeout(1500)]


class TestScorecard:
    def test_is_read_through_the_gateway(self, client: httpx.Client) -> None:
        answer = client.get("/v1/scorecard")

        assert answer.status_code == 200
        assert len(answer.json()["items"]) >= 80

    def test_counts_rows_of_the_other_services(self, client: httpx.Client) -> None:
        items = client.get("/v1/scorecard").json()["items"]

        live = [item for item in items if (item.get("latest") or {}).get("value") is not None]
        assert live


class TestDoors:
    def test_are_the_gateway_s_alone_and_on_this_machine_alone(self, stack: Stack) -> None:
        published = {
            (service, binding["HostIp"])
            for service, container in stack.containers().items()
            for bindings in container["NetworkSettings"]["Ports"].values()
            for binding in bindings or ()
        }

        assert published == {("gateway", "127.0.0.1")}

    def test_lead_out_from_the_gateway_alone(self, stack: Stack) -> None:
        out = [
            service
            for service, container in stack.containers().items()
            if any(network.endswith("outside") for network in container["NetworkSettings"]["Networks"])
        ]

        assert out == ["gateway"]

    def test_are_closed_to_a_container_of_somebody_else(self, stack: Stack) -> None:
        addresses = [
            f"{network['IPAddress']}:{port}"
            for service, port in (*((name, 8000) for name in SERVICES), ("gateway", 9100), ("postgres", 5432))
            for network in stack.containers()[service]["NetworkSettings"]["Networks"].values()
        ]
        image = stack.containers()["gateway"]["Image"]

        inside = run_in(image, PROBE, *addresses, network=f"{stack.project}_inside").split()
        outside = run_in(image, PROBE, *addresses, network="bridge").split()

        assert len(inside) == len(SERVICES) + 2  # the probe sees what is open: the addresses of this network
        assert outside == []


def run_in(image: str, program: str, *arguments: str, network: str = "none") -> str:
    """What a Python program prints in a container of an image, without anything of the stack's."""
    return subprocess.run(
        ["docker", "run", "--rm", f"--network={network}", image, "python", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("service", SERVICES)
class TestService:
    def test_is_healthy(self, stack: Stack, service: str) -> None:
        assert stack.containers()[service]["State"]["Health"]["Status"] == "healthy"

    def test_runs_without_root(self, stack: Stack, service: str) -> None:
        assert stack.compose("exec", "-T", service, "id", "-u").strip() == "10001"

    def test_may_write_to_tmp_alone_and_has_no_capability(self, stack: Stack, service: str) -> None:
        host = stack.containers()[service]["HostConfig"]

        assert host["ReadonlyRootfs"] is True
        assert host["CapDrop"] == ["ALL"]
        assert not host["CapAdd"]
        assert "no-new-privileges:true" in host["SecurityOpt"]
        assert host["Memory"] > 0

    def test_holds_no_other_service_s_code(self, stack: Stack, service: str) -> None:
        image = stack.containers()[service]["Image"]
        ask = "import pkgutil; print(*(m.name for m in pkgutil.iter_modules() if m.name.startswith('klaster_')))"

        assert run_in(image, ask).split() == sorted([f"klaster_{service}", "klaster_shared"])

    def test_carries_no_secret_where_the_engine_shows_it(self, stack: Stack, service: str) -> None:
        password = stack.compose("exec", "-T", service, "cat", "/secrets/pgpass").strip().rsplit(":", 1)[1]

        assert len(password) == 48
        assert password not in str(stack.containers()[service])

    def test_holds_no_secret_in_its_image(self, stack: Stack, service: str) -> None:
        image = stack.containers()[service]["Image"]
        given = ["docker", "history", "--no-trunc", "--format", "{{.CreatedBy}}", image]
        history = subprocess.run(given, capture_output=True, text=True, check=True).stdout

        assert run_in(image, SECRET_FILES).split() == []
        assert "PIP_" not in history  # an index of packages may be asked with a password
        for line in (*history.splitlines(), *run_in(image, "import os; print(*os.environ)").split()):
            assert not re.search(r"(?i)password|secret|token|klk_|private.?key", line), line


class TestSecondStart:
    def test_changes_nothing_and_prints_no_key_again(self, stack: Stack, client: httpx.Client) -> None:
        before = client.get("/v1/entities", params={"count": "true", "limit": 1}).json()["total"]

        stack.compose("up", "--detach")
        stack.wait_until_seeded()

        printed = [line for line in stack.compose("logs", "--no-color", "admin-key").splitlines() if "klk_" in line]
        assert len(printed) == 1
        assert client.get("/v1/entities", params={"count": "true", "limit": 1}).json()["total"] == before


@pytest.fixture(scope="class")
def prometheus(stack: Stack, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """Of the overlay's image; where that does not start, of one around this machine's own program."""
    if starts(IMAGE):
        with prometheus_beside(stack, IMAGE) as client:
            yield client
        return
    with own_image() as image:
        if image is None:
            pytest.skip(f"{IMAGE} does not start here, nor does a prometheus of this machine in an image of its own")
        capture = request.config.pluginmanager.get_plugin("capturemanager")
        assert capture is not None
        with capture.global_and_fixture_disabled():
            print(f"\n{IMAGE} does not start here: these tests run this machine's own prometheus, in {image}")
        with prometheus_beside(stack, image) as client:
            yield client


class TestPrometheus:
    def test_scrapes_every_service_that_runs(self, prometheus: httpx.Client) -> None:
        up = samples(prometheus, 'up{job!="prometheus"} == 1', len(SERVICES))

        assert {each["metric"]["job"] for each in up} == set(SERVICES)
        assert {each["metric"]["instance"].rsplit(":", 1)[1] for each in up} == {"9100"}

    def test_finds_them_well_and_their_databases_filled(self, prometheus: httpx.Client) -> None:
        assert len(samples(prometheus, "klaster_check == 1", 8 * len(SERVICES))) == 8 * len(SERVICES)
        assert samples(prometheus, "klaster_entities > 0", 1)
        assert samples(prometheus, 'klaster_database_bytes{job="events"} > 0', 1)

    def test_has_every_rule(self, prometheus: httpx.Client) -> None:
        samples(prometheus, "up", 1)

        groups = prometheus.get("/api/v1/rules").json()["data"]["groups"]
        assert sum(len(group["rules"]) for group in groups) == (
            (ROOT / "deploy/observability/rules/alerts.yml").read_text(encoding="utf-8").count("- alert: ")
        )


class TestMetrics:
    def test_are_not_on_the_port_that_the_gateway_publishes(self, client: httpx.Client) -> None:
        assert client.get("/metrics").status_code == 404


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
