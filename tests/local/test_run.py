"""`make run` as a user meets it: from an empty folder to the scorecard, through a crash, to Ctrl+C."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.services import SERVICES, SIGNERS
from tests.running import READY_WITHIN, SEEDED_WITHIN, Running, free_ports

# One start serves the tests of a class, in their order: they tell one story.
pytestmark = pytest.mark.timeout(300)


PUBLIC = ("/v1/interest-groups", "/v1/event-types", "/v1/paths")  # one of each service behind


SHOWN = re.compile(r"klaster +\|   admin key +klk_")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports()


@pytest.fixture(scope="class")
def runner(folder: Path, port: int) -> Iterator[Running]:
    # Without the demonstration, which the journeys load and read: it costs most of a minute of two cores.
    runner = Running(folder, port, DEMO="0")
    yield runner
    if runner.process.poll() is None:
        runner.process.terminate()
        runner.process.wait(timeout=60)


class TestFirstStart:
    def test_answers_and_shows_the_key_it_made(self, runner: Running) -> None:
        runner.until_said("ready", READY_WITHIN)
        runner.until_said(r"seeding the strategy alone \(DEMO=0\) ...", 5)

        assert f"gateway        {runner.url}" in runner.output
        assert len(set(re.findall(r"admin key +klk_\S+", runner.output))) == 1

    @pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads the list of processes as Linux shows it")
    def test_says_no_secret_where_processes_are_listed_and_one_key_alone_to_whoever_looks(
        self, runner: Running, folder: Path
    ) -> None:
        listed = set[str]()

        def is_seeded() -> bool:
            listed.update(runner.commands())
            return "klaster    | seeded\n" in runner.output

        runner.until(is_seeded, SEEDED_WITHIN)  # the seeds have keys of their own, and each is a process for a moment
        assert any("klaster_indicators.seed" in line for line in listed), listed
        secrets = [json.loads((folder / "data" / "keys" / f"{name}.jwk").read_text())["d"] for name in SIGNERS]
        written = runner.output + "".join(listed)
        assert [secret for secret in secrets if secret in written] == []
        assert not [line for line in listed if "klk_" in line]
        assert [line for line in runner.output.splitlines() if "klk_" in line and not SHOWN.match(line)] == []

    def test_keeps_its_databases_and_keys_from_everybody_else(self, runner: Running, folder: Path) -> None:
        names = [f"{name}.db" for name in ("registry", "indicators", "events", "gateway")]
        names += ["runner.json", *(f"keys/{name}.jwk" for name in SIGNERS)]
        assert [name for name in names if (folder / "data" / name).stat().st_mode & 0o077] == []

    def test_brings_in_the_strategy(self, runner: Running) -> None:
        runner.until_said("seeded", SEEDED_WITHIN)

        items = httpx.get(f"{runner.url}/v1/scorecard", timeout=30, trust_env=False).json()["items"]
        assert len(items) == 80

    def test_shows_each_service_s_lines_with_its_name(self, runner: Running) -> None:
        for service in SERVICES:
            assert re.search(rf"^{service} +\| ", runner.output, re.MULTILINE), service

    def test_exchanges_the_signing_keys_while_all_services_answer(self, runner: Running, folder: Path) -> None:
        keys = folder / "data" / "keys"
        before = {name: (keys / f"{name}.jwk").read_text() for name in SIGNERS}
        environment = {**os.environ, "DATA": str(folder / "data")}
        command = [sys.executable, "-m", "deploy.local", "--rotate-keys"]
        statuses = []
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as rotating:
            assert rotating.stdout is not None
            while rotating.poll() is None:
                statuses += [runner.status(path) for path in PUBLIC]
            said = rotating.stdout.read()

        assert (rotating.returncode, set(statuses)) == (0, {200}), said
        assert "every service has another key" in said
        assert [runner.status(path) for path in PUBLIC] == [200] * 3
        assert all((keys / f"{name}.jwk").read_text() != text for name, text in before.items())

    @pytest.mark.parametrize("path", ["/v1/entities", "/v1/plans", "/v1/events", "/v1/webhooks"])
    def test_refuses_documents_of_endless_depth(self, runner: Running, path: str) -> None:
        headers = {"Authorization": f"Bearer {runner.admin_key}", "Content-Type": "application/json"}
        with httpx.Client(base_url=runner.url, headers=headers, timeout=30, trust_env=False) as office:
            for deep in ("[" * 100_000 + "]" * 100_000, '{"name":' * 100_000, '{"name":' * 900 + "1" + "}" * 900):
                answer = office.post(path, content=deep)
                assert answer.status_code in {400, 422}, answer.text[:200]
                assert answer.headers["content-type"] == "application/problem+json"
            assert office.get(path).status_code == 200

    def test_refuses_a_second_runner_on_its_data(self, runner: Running, folder: Path) -> None:
        second = Running(folder, free_ports())

        assert second.process.wait(timeout=20) == 1
        assert second.output.startswith(f"klaster: another runner (process {runner.process.pid}) uses ")
        assert second.output.count("\n") == 1

    def test_refuses_its_ports_to_a_runner_on_other_data(self, runner: Running, tmp_path: Path) -> None:
        second = Running(tmp_path, runner.port)

        assert second.process.wait(timeout=20) == 1
        assert second.output == (
            f"klaster: port {runner.port} (gateway) is in use: free it, or choose others with PORT= "
            "(the gateway's port; the three services take the next ones)\n"
        )

    @pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the service's process as Linux shows it")
    def test_brings_a_killed_service_back_to_its_data(self, runner: Running) -> None:
        before = httpx.get(f"{runner.url}/v1/indicators", timeout=10, trust_env=False).json()

        os.kill(runner.process_of("indicators"), signal.SIGKILL)
        runner.until_said(r"indicators was ended by SIGKILL; it starts again in 0\.5 s", 5)
        runner.until(lambda: runner.status("/v1/indicators") == 200, 60)

        assert httpx.get(f"{runner.url}/v1/indicators", timeout=10, trust_env=False).json() == before
        assert before["items"]

    def test_ends_with_one_interrupt_and_leaves_nothing_behind(self, runner: Running, port: int) -> None:
        assert runner.stop() == 0

        assert runner.output.endswith("klaster    | stopped\n")
        for taken in range(port, port + len(SERVICES)):
            socket.create_server(("127.0.0.1", taken)).close()


class TestSecondStart:
    def test_shows_no_key_and_changes_nothing(self, runner: Running) -> None:
        runner.until_said("ready", READY_WITHIN)
        runner.until_said("seeded", SEEDED_WITHIN)

        assert "klk_" not in runner.output

    def test_ends_while_nobody_looks(self, runner: Running) -> None:
        runner.process.terminate()

        assert runner.process.wait(timeout=60) == 0
