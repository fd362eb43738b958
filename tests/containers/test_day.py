"""A stack's day, in order: up, seeded, read, closed, watched by Prometheus, backed up, lost, back as it was, up again.

What comes last, another version while people read and write, is in test_update.py: a swarm does it, when this is down.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.services import SIGNERS
from tests.containers.conftest import PROCESSES, ROOT, SERVICES, WORKERS, Stack
from tests.containers.engine import docker
from tests.containers.keeping import keep, told
from tests.containers.watching import IMAGE, own_image, prometheus_beside, samples, starts

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

# What is installed where our code runs, as a lock would name it.
INSTALLED = """
import re
from importlib.metadata import distributions
print(*(re.sub("[-_.]+", "-", each.name).lower() + "==" + each.version for each in distributions()))
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


class TestFirstStart:
    def test_prints_one_admin_key(self, stack: Stack) -> None:
        assert len(keys_printed(stack)) == 1


def keys_printed(stack: Stack) -> list[str]:
    """The lines of the step that makes the admin key which hold a key."""
    return [line for line in stack.compose("logs", "--no-color", "admin-key").splitlines() if "klk_" in line]


class TestDoors:
    def test_are_the_gateway_s_alone_and_on_this_machine_alone(self, stack: Stack) -> None:
        published = {
            (service, binding["HostIp"])
            for service, container in stack.containers().items()
            for bindings in container["NetworkSettings"]["Ports"].values()
            for binding in bindings or ()
        }

        assert published == {("gateway", "127.0.0.1")}

    def test_lead_out_from_the_gateway_and_to_the_mail_server_alone(self, stack: Stack) -> None:
        out = {
            (service, network.removeprefix(f"{stack.project}_"))
            for service, container in stack.containers().items()
            for network in container["NetworkSettings"]["Networks"]
        }

        assert {each for each in out if each[1] != "inside"} == {
            ("gateway", "outside"),  # it is published
            ("gateway-worker", "outside"),
            ("events-worker", "mail"),
        }


def run_in(image: str, program: str, *arguments: str, network: str = "none") -> str:
    """What a Python program prints in a container of an image, without anything of the stack's."""
    return docker("run", "--rm", f"--network={network}", image, "python", "-c", program, *arguments)


@pytest.mark.usefixtures("watching")  # it looks for the services, and at them, while these tests run
@pytest.mark.parametrize("service", PROCESSES)
class TestProcess:
    def test_is_healthy(self, stack: Stack, service: str) -> None:
        assert stack.containers()[service]["State"]["Health"]["Status"] == "healthy"

    def test_needs_no_shell(self, stack: Stack, service: str) -> None:
        config = stack.containers()[service]["Config"]

        assert config["Cmd"][0] == "python"
        assert config["Entrypoint"] is None
        assert config["Healthcheck"]["Test"][:2] == ["CMD", "python"]

    def test_runs_without_root(self, stack: Stack, service: str) -> None:
        status = dict(line.split(":\t", 1) for line in stack.inside(service, "cat", "/proc/1/status").splitlines())

        assert status["Uid"].split() == ["10001"] * 4
        assert {int(status[kind], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
        assert status["NoNewPrivs"] == "1"

    def test_may_write_to_tmp_alone_and_has_no_capability(self, stack: Stack, service: str) -> None:
        host = stack.containers()[service]["HostConfig"]

        assert host["ReadonlyRootfs"] is True
        assert host["CapDrop"] == ["ALL"]
        assert not host["CapAdd"]
        assert "no-new-privileges:true" in host["SecurityOpt"]
        assert host["Memory"] > 0


@pytest.mark.usefixtures("watching")
class TestWorker:
    def test_alone_has_worked_off_what_the_start_had_to_do(self, prometheus: httpx.Client) -> None:
        worked = samples(prometheus, "sum by (job) (klaster_job_seconds_count) > 0", len(WORKERS))

        assert {each["metric"]["job"] for each in worked} == set(WORKERS)


@pytest.mark.usefixtures("watching")
@pytest.mark.parametrize("service", SERVICES)
class TestService:
    def test_holds_no_other_service_s_code(self, stack: Stack, service: str) -> None:
        image = stack.containers()[service]["Image"]
        ask = "import pkgutil; print(*(m.name for m in pkgutil.iter_modules() if m.name.startswith('klaster_')))"

        assert run_in(image, ask).split() == sorted([f"klaster_{service}", "klaster_shared"])

    def test_holds_what_its_lock_names_and_no_other_package(self, stack: Stack, service: str) -> None:
        lock = (ROOT / "services" / service / "requirements.lock").read_text(encoding="utf-8")
        pins = re.findall(r"^([a-z0-9-]+)(?:\[.*\])?(==[^\s;]+)( ;)?", lock, re.MULTILINE)

        installed = set(run_in(stack.containers()[service]["Image"], INSTALLED).split())

        assert installed <= {name + version for name, version, _ in pins}
        assert installed >= {name + version for name, version, on_condition in pins if not on_condition}

    def test_shows_no_secret_by_the_engine_its_log_or_the_list_of_processes(self, stack: Stack, service: str) -> None:
        container = stack.containers()[service]
        secrets = [stack.inside(service, "cat", "/secrets/pgpass").rsplit(":", 1)[1]]
        if service in SIGNERS:
            secrets.append(json.loads(stack.inside(service, "cat", f"/secrets/{service}.jwk"))["d"])

        shown = f"{container} {docker('top', container['Id'])} {stack.compose('logs', '--no-color', service)}"
        assert f"klaster_{service}" in shown
        for secret in secrets:
            assert len(secret) >= 40
            assert secret not in shown

    def test_holds_no_secret_in_its_image(self, stack: Stack, service: str) -> None:
        image = stack.containers()[service]["Image"]
        history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)

        assert run_in(image, SECRET_FILES).split() == []
        assert "PIP_" not in history  # an index of packages may be asked with a password
        for line in (*history.splitlines(), *run_in(image, "import os; print(*os.environ)").split()):
            assert not re.search(r"(?i)password|secret|token|klk_|private.?key", line), line


@pytest.mark.usefixtures("watching")
class TestPrivateNetwork:
    def test_is_closed_to_a_container_of_somebody_else(self, stack: Stack) -> None:
        containers = stack.containers()
        addresses = [
            f"{network['IPAddress']}:{port}"
            for service, port in (*((name, 8000) for name in SERVICES), ("gateway", 9100), ("postgres", 5432))
            for network in containers[service]["NetworkSettings"]["Networks"].values()
        ]
        image = containers["gateway"]["Image"]

        inside = run_in(image, PROBE, *addresses, network=f"{stack.project}_inside").split()
        outside = run_in(image, PROBE, *addresses, network="bridge").split()

        assert len(inside) == len(SERVICES) + 2  # the probe sees what is open: the addresses of this network
        assert outside == []


@pytest.fixture(scope="module")
def watching(stack: Stack, request: pytest.FixtureRequest) -> Iterator[httpx.Client | None]:
    """Prometheus of the overlay's image; where that does not start, one around this machine's own program, if any."""
    if starts(IMAGE):
        with prometheus_beside(stack, IMAGE) as client:
            yield client
        return
    with own_image() as image:
        if image is None:
            yield None
            return
        capture = request.config.pluginmanager.get_plugin("capturemanager")
        assert capture is not None
        with capture.global_and_fixture_disabled():
            print(f"\n{IMAGE} does not start here: these tests run this machine's own prometheus, in {image}")
        with prometheus_beside(stack, image) as client:
            yield client


@pytest.fixture
def prometheus(watching: httpx.Client | None) -> httpx.Client:
    """What asks Prometheus."""
    if watching is None:
        pytest.skip(f"{IMAGE} does not start here, nor does a prometheus of this machine in an image of its own")
    return watching


class TestPrometheus:
    def test_scrapes_every_service_and_every_worker(self, prometheus: httpx.Client) -> None:
        up = samples(prometheus, 'up{job!="prometheus"} == 1', len(PROCESSES))

        assert {each["metric"]["job"] for each in up} == set(PROCESSES)
        assert {each["metric"]["instance"].rsplit(":", 1)[1] for each in up} == {"9100"}

    def test_finds_them_well_and_their_databases_filled(self, prometheus: httpx.Client) -> None:
        assert len(samples(prometheus, "klaster_check == 1", 8 * len(PROCESSES))) == 8 * len(PROCESSES)
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

        stack.compose("kill")
        stack.compose("down", "--remove-orphans")
        docker("volume", "rm", f"{stack.project}_postgres-data")
        [archive] = tmp_path.glob("*.tar.gz")
        said = keep(stack, "restore", str(archive))
        # Without the seeds: nobody but the archive can have told what is read now.
        stack.compose("up", "--detach", *PROCESSES)
        stack.wait_until_ready()

        assert said.count("each table as it was") == 4
        assert told(client) == before


class TestLaterStart:
    def test_changes_nothing_and_prints_no_key_again(self, stack: Stack, client: httpx.Client) -> None:
        before = told(client)

        stack.compose("up", "--detach")
        stack.wait_until_seeded()

        assert keys_printed(stack) == []
        assert told(client) == before
