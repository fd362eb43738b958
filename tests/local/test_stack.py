"""What each service is told, and nothing more."""

import json
from pathlib import Path

import pytest

from deploy.local.settings import RunnerSettings
from deploy.local.stack import MIGRATIONS, Stack
from deploy.services import SERVICES


@pytest.fixture
def stack() -> Stack:
    return Stack(
        settings=RunnerSettings(port=9000, data=Path("/k"), log_level="DEBUG"),
        databases={service: f"sqlite+aiosqlite:////k/{service}.db" for service in SERVICES},
    )


class TestServices:
    def test_listen_on_this_machine_alone_from_the_gateway_s_port_on(self, stack: Stack) -> None:
        programs = {program.name: program for program in stack.services()}

        assert {name: program.port for name, program in programs.items()} == {
            "gateway": 9000,
            "registry": 9001,
            "indicators": 9002,
            "events": 9003,
        }
        for name, program in programs.items():
            assert program.environment[f"{name.upper()}_HOST"] == "127.0.0.1"
            assert program.environment[f"{name.upper()}_PORT"] == str(program.port)

    def test_know_the_neighbours_they_ask(self, stack: Stack) -> None:
        told = {
            program.name: {name: value for name, value in program.environment.items() if value.startswith("http")}
            for program in stack.services()
        }

        assert told == {
            "gateway": {
                "GATEWAY_PUBLIC_URL": "http://127.0.0.1:9000",
                "GATEWAY_REGISTRY_URL": "http://127.0.0.1:9001",
                "GATEWAY_INDICATORS_URL": "http://127.0.0.1:9002",
                "GATEWAY_EVENTS_URL": "http://127.0.0.1:9003",
            },
            "registry": {"REGISTRY_PUBLIC_URL": "http://127.0.0.1:9000"},
            "indicators": {
                "INDICATORS_REGISTRY_URL": "http://127.0.0.1:9001",
                "INDICATORS_EVENTS_URL": "http://127.0.0.1:9003",
            },
            "events": {
                "EVENTS_REGISTRY_URL": "http://127.0.0.1:9001",
                "EVENTS_PUBLIC_URL": "http://127.0.0.1:9000",
            },
        }

    def test_make_links_that_lead_where_people_reach_them(self) -> None:
        stack = Stack(
            settings=RunnerSettings(data=Path("/k"), public_url="https://klaster.example"),
            databases={service: f"sqlite+aiosqlite:////k/{service}.db" for service in SERVICES},
        )
        told = {program.name: program.environment for program in stack.services()}
        assert told["events"]["EVENTS_PUBLIC_URL"] == told["gateway"]["GATEWAY_PUBLIC_URL"] == "https://klaster.example"

    def test_sign_with_their_own_key_where_they_ask(self, stack: Stack) -> None:
        keys = {
            program.name: [value for value in program.environment.values() if value.endswith(".jwk")]
            for program in stack.services()
        }

        assert keys == {
            "gateway": ["/k/keys/gateway.jwk"],
            "registry": [],
            "indicators": ["/k/keys/indicators.jwk"],
            "events": ["/k/keys/events.jwk"],
        }

    def test_keep_the_ledger_of_erasures_beside_the_databases(self, stack: Stack) -> None:
        [events] = [program for program in stack.services() if program.name == "events"]
        assert events.environment["EVENTS_ERASURES_FILE"] == "/k/erasures.jsonl"

    def test_open_their_own_database_alone(self, stack: Stack) -> None:
        told = {program.name: program.environment for program in stack.services()}
        migrated = json.loads(stack.migrations().environment[MIGRATIONS])
        assert migrated.keys() == told.keys()
        for name, environment in (*told.items(), *migrated.items()):
            databases = [value for value in environment.values() if value.startswith("sqlite")]
            assert databases == [f"sqlite+aiosqlite:////k/{name}.db"]

    def test_show_no_password_where_processes_are_listed(self) -> None:
        databases = dict.fromkeys(SERVICES, "postgresql://klaster:geheim@host/db")
        stack = Stack(settings=RunnerSettings(data=Path("/k")), databases=databases)
        for program in (*stack.services(), stack.migrations()):
            assert "geheim" not in " ".join(program.command)
