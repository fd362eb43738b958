"""What operators start: compose, its overlays, the swarm. Read as files, since most machines have no engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from klaster_events.settings import Settings as EventsSettings
from klaster_gateway.settings import Settings as GatewaySettings
from klaster_indicators.settings import Settings as IndicatorsSettings
from klaster_registry.settings import Settings as RegistrySettings

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "GATEWAY": GatewaySettings,
    "REGISTRY": RegistrySettings,
    "INDICATORS": IndicatorsSettings,
    "EVENTS": EventsSettings,
}
NAMES = tuple(name.lower() for name in SETTINGS)
OVERLAYS = [f"deploy/{name}/compose.yml" for name in ("cache", "edge", "observability")]
FILES = ["docker-compose.yml", *OVERLAYS, "deploy/observability/traces.yml", "deploy/swarm/stack.yml"]


def services_of(file: str) -> dict[str, dict[str, Any]]:
    """By name, anchors put in."""
    services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / file).read_text())["services"]
    return services


@pytest.mark.parametrize("file", FILES)
class TestFile:
    def test_sets_nothing_that_no_service_reads(self, file: str) -> None:
        for name, service in services_of(file).items():
            for variable in service.get("environment", {}):
                prefix, _, setting = variable.partition("_")
                if prefix in SETTINGS:
                    assert setting.lower() in SETTINGS[prefix].model_fields, f"{file}: {name}: {variable}"

    def test_gives_nobody_more_than_it_needs(self, file: str) -> None:
        for name, service in services_of(file).items():
            if "image" not in service:
                continue  # an overlay's few lines about a service of the stack
            assert service.get("read_only") is True, f"{file}: {name} writes to its root"
            assert service.get("cap_drop") == ["ALL"], f"{file}: {name} has capabilities"
            assert "privileged" not in service
            limit = service.get("mem_limit") or service.get("deploy", {}).get("resources", {}).get("limits", {})
            assert limit, f"{file}: {name} may take all memory"

    def test_needs_no_shell(self, file: str) -> None:
        for name, service in services_of(file).items():
            assert not re.search(r"\b(sh|bash)\b", str(service.get("command", ""))), f"{file}: {name}"

    def test_holds_no_password(self, file: str) -> None:
        for service in services_of(file).values():
            for variable, value in service.get("environment", {}).items():
                if "PASSWORD" in variable:
                    assert re.fullmatch(r"\$\{\w+:-\}|/secrets/\w+", value), variable


@pytest.mark.parametrize("file", ["docker-compose.yml", "deploy/swarm/stack.yml"])
class TestWorkers:
    def test_are_one_for_each_service_which_does_none_of_their_work(self, file: str) -> None:
        services = services_of(file)
        for name in NAMES:
            assert services[name]["environment"][f"{name.upper()}_RUN_JOBS"] == "false"
            assert services[f"{name}-worker"]["command"] == f"python -m klaster_{name}.worker"

    def test_alone_know_how_to_send_mail(self, file: str) -> None:
        told = {
            name for name, each in services_of(file).items() if "EVENTS_SMTP_PASSWORD" in each.get("environment", {})
        }
        assert told == {"events-worker"}


class TestSwarm:
    def test_runs_what_the_compose_stack_runs_with_the_same_settings(self) -> None:
        compose, swarm = services_of("docker-compose.yml"), services_of("deploy/swarm/stack.yml")
        for name in (*NAMES, *(f"{name}-worker" for name in NAMES)):
            missing = set(compose[name]["environment"]) - set(swarm[name]["environment"])
            assert not missing, f"{name}: {missing}"

    def test_updates_one_replica_after_another_and_goes_back_by_itself(self) -> None:
        for name in NAMES:
            update = services_of("deploy/swarm/stack.yml")[name]["deploy"]["update_config"]
            assert (update["order"], update["parallelism"]) == ("start-first", 1)
            assert update["failure_action"] == "rollback"
