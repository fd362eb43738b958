"""The compose stack from nothing: healthy, seeded, closed to everything but its gateway."""

import subprocess

import httpx
import pytest

from tests.containers.conftest import Stack

SERVICES = ("gateway", "registry", "indicators", "events")

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

        printed = subprocess.run(
            ["docker", "run", "--rm", "--network=none", image, "python", "-c", ask],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

        assert printed.split() == sorted([f"klaster_{service}", "klaster_shared"])

    def test_carries_no_secret_where_the_engine_shows_it(self, stack: Stack, service: str) -> None:
        password = stack.compose("exec", "-T", service, "cat", "/secrets/pgpass").strip().rsplit(":", 1)[1]

        assert len(password) == 48
        assert password not in str(stack.containers()[service])


class TestSecondStart:
    def test_changes_nothing_and_prints_no_key_again(self, stack: Stack, client: httpx.Client) -> None:
        before = client.get("/v1/entities", params={"count": "true", "limit": 1}).json()["total"]

        stack.compose("up", "--detach")
        stack.wait_until_seeded()

        printed = [line for line in stack.compose("logs", "--no-color", "admin-key").splitlines() if "klk_" in line]
        assert len(printed) == 1
        assert client.get("/v1/entities", params={"count": "true", "limit": 1}).json()["total"] == before
