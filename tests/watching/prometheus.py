"""Prometheus as it can be had here: a program of this machine, or none."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.services import ROOT

FOLDER = ROOT / "deploy" / "observability"
WITHIN = 60.0  # seconds; it scrapes each second here


def program(name: str) -> str:
    """Where `prometheus` or `promtool` is; skips the test where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here (Debian: apt-get install prometheus)")
    return found


class Prometheus:
    """A running Prometheus with the rules of the stack."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=10, trust_env=False)

    def api(self, path: str, **parameters: str) -> Any:
        """What its API answers; raises with what it says."""
        answer = self._client.get(path, params=parameters)
        assert answer.status_code == 200, f"{parameters}: {answer.text}"
        return answer.json()["data"]

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """The samples of an expression."""
        found = self.api("query", query=expression)["result"]
        return [(each["metric"], float(each["value"][1])) for each in found]

    def until(self, expression: str, expected: int) -> list[tuple[dict[str, str], float]]:
        """The samples of an expression, as soon as there are so many."""
        limit = time.monotonic() + WITHIN
        while len(found := self._quietly(expression)) < expected:
            assert time.monotonic() < limit, f"{expression}: {found}"
            time.sleep(0.2)
        return found

    def close(self) -> None:
        """Close the connections to it."""
        self._client.close()

    def _quietly(self, expression: str) -> list[tuple[dict[str, str], float]]:
        try:
            return self.query(expression)
        except (httpx.HTTPError, AssertionError):
            return []  # it starts


@contextmanager
def running_prometheus(folder: Path, ports: Mapping[str, int]) -> Iterator[Prometheus]:
    """Prometheus with the configuration of the overlay: only where the services are is another place here."""
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] |= {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(FOLDER / "rules" / "alerts.yml")]
    config["scrape_configs"] = [
        {"job_name": job["job_name"], "static_configs": [{"targets": [f"127.0.0.1:{ports[job['job_name']]}"]}]}
        for job in config["scrape_configs"]
        if job["job_name"] in ports
    ]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        program("prometheus"),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    prometheus = Prometheus(port)
    try:
        yield prometheus
    finally:
        prometheus.close()
        process.terminate()
        process.wait(timeout=30)
