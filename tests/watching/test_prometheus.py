"""A real Prometheus with the rules and the configuration that are shipped, scraping a real stack."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from deploy.services import SERVICES
from tests.services import ROOT, operations
from tests.watching.conftest import Watched
from tests.watching.prometheus import FOLDER, Prometheus, program, running_prometheus

pytestmark = pytest.mark.timeout(420)
RULES = yaml.safe_load((FOLDER / "rules" / "alerts.yml").read_text(encoding="utf-8"))
ALERTS: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
BOARDS = sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
# Prometheus's own, and what stands in an expression beside the names of metrics.
OWN = {"up", "ALERTS"}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"\b(?:klaster|http|process|python|up|ALERTS)(?:_[a-z_]+)?\b(?=[{\[)\s]|$)")


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """Every expression of every alert and every panel."""
    found = [str(alert["expr"]) for alert in ALERTS]
    for path in BOARDS:
        board = json.loads(path.read_text(encoding="utf-8"))
        found += [target["expr"] for panel in panels(board) for target in panel["targets"]]
        found += [each["expr"] for each in board["annotations"]["list"]]
    return found


@pytest.fixture(scope="module")
def prometheus(watched: Watched, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    program("prometheus")
    with running_prometheus(tmp_path_factory.mktemp("prometheus"), watched.ports) as running:
        yield running


class TestScraping:
    def test_finds_every_service(self, prometheus: Prometheus) -> None:
        found = prometheus.until("up == 1", len(SERVICES))

        assert {labels["job"] for labels, _ in found} == set(SERVICES)

    def test_tells_requests_by_operation(self, prometheus: Prometheus, office: httpx.Client) -> None:
        assert office.get("/v1/labs").status_code == 200
        assert office.get("/v1/labs/none").status_code == 404

        [(_, answered)] = prometheus.until(
            'klaster_gateway_operation_seconds_count{operation="list_labs", status="2xx"} > 0', 1
        )
        assert answered >= 1
        prometheus.until('klaster_gateway_refused_total{code="not_found"} > 0', 1)
        prometheus.until('http_server_request_duration_seconds_count{job="registry", http_route="/v1/labs"} > 0', 1)

    def test_tells_what_stands_in_the_databases(self, prometheus: Prometheus, office: httpx.Client) -> None:
        entity = {"names": [{"value": "Fundacja Liczb"}]}
        assert office.post("/v1/entities", json=entity).status_code == 201

        assert sum(value for _, value in prometheus.until("klaster_entities > 0", 1)) >= 1
        assert {labels["feed"] for labels, _ in prometheus.until("klaster_feed_position", 3)} >= {"registry", "events"}
        followed = prometheus.until("klaster_feed_followed_position", 4)
        assert {(labels["follower"], labels["feed"]) for labels, _ in followed} >= {
            ("events", "registry"),
            ("gateway", "registry"),
        }
        assert {labels["state"] for labels, _ in prometheus.query("klaster_registrations")} == {
            *("requested", "pending", "offered", "confirmed", "waiting")
        }

    def test_tells_how_far_listeners_are_told(self, prometheus: Prometheus, public: httpx.Client) -> None:
        with public.stream("GET", "/v1/stream") as stream:
            assert stream.status_code == 200
            found = prometheus.until('klaster_feed_followed_position{follower="stream"}', 3)

        assert {labels["feed"] for labels, _ in found} == {"registry", "indicators", "events"}

    def test_finds_all_well(self, prometheus: Prometheus) -> None:
        prometheus.until("klaster_check", 8 * len(SERVICES))

        assert prometheus.query("klaster_check == 0") == []
        assert prometheus.query("klaster_measures_read == 0") == []

    def test_understands_every_expression_of_alerts_and_dashboards(self, prometheus: Prometheus) -> None:
        prometheus.until("up == 1", len(SERVICES))

        for expression in expressions():
            prometheus.query(expression.replace("$__rate_interval", "1m"))
        assert {rule["health"] for group in prometheus.api("rules")["groups"] for rule in group["rules"]} == {"ok"}


def promtool(*arguments: str) -> None:
    done = subprocess.run(
        [program("promtool"), *arguments], cwd=FOLDER / "rules", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


class TestRules:
    def test_are_accepted_with_the_configuration_around_them(self) -> None:
        promtool("check", "rules", "alerts.yml")
        promtool("check", "config", "../prometheus.yml")

    def test_are_raised_when_they_should_be(self) -> None:
        promtool("test", "rules", "tests.yml")

    def test_have_each_a_section_in_the_runbook(self) -> None:
        runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("\n## Runbook\n")[1]
        sections = re.findall(r"^### (\w+)$\n\n(\S)", runbook.split("\n## ")[0], re.MULTILINE)

        assert [name for name, _ in sections] == [alert["alert"] for alert in ALERTS]
        for alert in ALERTS:
            assert alert["annotations"]["runbook"] == f"docs/operations.md#{alert['alert'].lower()}"
            assert alert["annotations"]["summary"]
            assert alert["labels"]["severity"] in {"page", "ticket"}


class TestNames:
    def test_of_metrics_are_those_that_the_stack_tells(self, watched: Watched, office: httpx.Client) -> None:
        office.get("/v1/labs")
        told = "".join(watched.private(service).text for service in SERVICES)
        families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", told, re.MULTILINE))
        endings = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
        known = OWN | {name + end for name, kind in families.items() for end in endings.get(kind, ("",))}

        used = {name for each in expressions() for name in _NAME.findall(_STRING.sub('""', each))}
        assert len(used) > 30
        assert used - known == set()

    def test_of_operations_checks_and_codes_are_those_that_there_are(self, watched: Watched) -> None:
        text = " ".join(expressions())
        problems = yaml.safe_load(
            (ROOT / "services/gateway/klaster_gateway/problems/problems.yaml").read_text(encoding="utf-8")
        )
        checks = set(re.findall(r'klaster_check\{check="(\w+)"', watched.private("registry").text))
        known = {
            "operation": {operation.id for operation in operations("gateway")},
            "code": {str(each) for each in problems},
            "check": checks,
            "job": {*SERVICES, *(f"{service}-worker" for service in SERVICES)},
        }

        for label, values in known.items():
            said = {value for each in re.findall(rf'\b{label}=~?"([^"*]+)"', text) for value in each.split("|")}
            assert said
            assert said - values == set()


class TestDashboards:
    @pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
    def test_are_as_grafana_reads_them(self, path: Any) -> None:
        board = json.loads(path.read_text(encoding="utf-8"))
        sources = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/klaster.yml").read_text(encoding="utf-8"))
        known = {source["uid"] for source in sources["datasources"]}

        assert board["uid"].startswith("klaster-")
        assert board["title"]
        ids = [panel["id"] for panel in board["panels"]]
        assert len(ids) == len(set(ids))
        for panel in panels(board):
            assert panel["title"]
            assert panel["datasource"]["uid"] in known
            assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
            assert all(target["datasource"]["uid"] in known for target in panel["targets"])

    def test_are_where_grafana_looks_for_them(self) -> None:
        overlay = yaml.safe_load((FOLDER / "compose.yml").read_text(encoding="utf-8"))
        mounted = {
            volume.split(":")[1]: volume.split(":")[0]
            for volume in overlay["services"]["grafana"]["volumes"]
            if volume.startswith("./")
        }
        [provider] = yaml.safe_load(
            (FOLDER / "grafana/provisioning/dashboards/klaster.yml").read_text(encoding="utf-8")
        )["providers"]

        assert (ROOT / mounted[provider["options"]["path"]]).resolve() == BOARDS[0].parent
        home = overlay["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        assert home.rsplit("/", 1)[1] in {path.name for path in BOARDS}


class TestCollector:
    def test_is_given_spans_by_every_service_and_has_a_pipeline_for_them(self) -> None:
        config = yaml.safe_load((FOLDER / "collector.yml").read_text(encoding="utf-8"))
        overlay = yaml.safe_load((FOLDER / "traces.yml").read_text(encoding="utf-8"))

        port = config["receivers"]["otlp"]["protocols"]["http"]["endpoint"].rsplit(":", 1)[1]
        for service in SERVICES:
            for part in (service, f"{service}-worker"):
                told = overlay["services"][part]["environment"]
                assert told[f"{service.upper()}_OTLP_ENDPOINT"] == f"http://collector:{port}"
        for pipeline in config["service"]["pipelines"].values():
            for part in ("receivers", "processors", "exporters"):
                assert set(pipeline[part]) <= set(config[part])
        assert config["exporters"]["otlp"]["endpoint"].split(":")[0] in overlay["services"]
