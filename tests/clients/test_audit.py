"""`make audit` as it is run: the real pip-audit, and a service of our own that speaks as OSV does."""

import json
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.audit import LOCKS, main, pinned

KNOWN = "jinja2 2.11.2"  # what everybody knows of
QUIET: dict[str, Any] = {}  # how OSV says that it knows of nothing


def vulnerable(name: str, number: int) -> dict[str, Any]:
    """What OSV says of a version with a vulnerability."""
    affected = {
        "package": {"name": name, "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999.1"}]}],
    }
    return {
        "vulns": [{"id": f"PYSEC-{number}", "aliases": [f"CVE-{number}"], "summary": "bad", "affected": [affected]}]
    }


class Osv:
    """Knows of what it is told of, by name and version, and of every version of what is told of by name alone."""

    def __init__(self) -> None:
        self.knows: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.silent = threading.Event()
        osv = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                name, version = asked["package"]["name"], asked["version"]
                osv.asked.append(f"{name}=={version}")
                if osv.silent.is_set():
                    osv.over.wait()
                body = json.dumps(osv.knows.get(f"{name} {version}") or osv.knows.get(name) or QUIET).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # it is named so
                """Say nothing."""

        self.over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/query"


@contextmanager
def answering() -> Iterator[Osv]:
    osv = Osv()
    serving = threading.Thread(target=osv.server.serve_forever)
    serving.start()
    try:
        yield osv
    finally:
        osv.over.set()
        osv.server.shutdown()
        serving.join()
        osv.server.server_close()


@pytest.fixture
def osv() -> Iterator[Osv]:
    with answering() as running:
        yield running


@pytest.fixture(scope="session")
def pip_audit(contract_tools: Path) -> Path:
    return contract_tools / "pip-audit"


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service is on this machine, whatever stands between it and others."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.usefixtures("no_proxy")
class TestAudit:
    def test_asks_about_every_package_and_finds_none_that_is_vulnerable(
        self, pip_audit: Path, osv: Osv, capsys: pytest.CaptureFixture[str]
    ) -> None:
        osv.knows[KNOWN] = vulnerable("jinja2", 1)

        assert main(["--osv-url", osv.url, "--strict"], program=pip_audit) == 0

        assert " packages, 0 vulnerabilities (osv)" in capsys.readouterr().out
        named = {line.split()[0] for lock in LOCKS for line in lock.read_text().splitlines() if "==" in line}
        assert len(named) > 100
        assert named <= set(osv.asked)

    def test_names_what_is_vulnerable_and_where_it_is_mended(
        self, pip_audit: Path, osv: Osv, capsys: pytest.CaptureFixture[str]
    ) -> None:
        osv.knows[KNOWN] = vulnerable("jinja2", 1)
        osv.knows["fastapi"] = vulnerable("fastapi", 2)

        assert main(["--osv-url", osv.url], program=pip_audit) == 1

        told = capsys.readouterr().out
        assert "audit: fastapi " in told
        assert ": PYSEC-2 (CVE-2), mended in 999.1\n" in told
        assert ", 1 vulnerabilities (osv)" in told

    @pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 2)])
    def test_says_so_where_a_service_knows_of_nothing(
        self, pip_audit: Path, osv: Osv, capsys: pytest.CaptureFixture[str], options: list[str], status: int
    ) -> None:
        assert main(["--osv-url", osv.url, *options], program=pip_audit) == status

        assert osv.asked == [KNOWN.replace(" ", "==")]
        assert "nothing was audited" in capsys.readouterr().out

    def test_waits_no_longer_than_it_was_told_for_a_service_that_says_nothing(
        self, pip_audit: Path, osv: Osv, capsys: pytest.CaptureFixture[str]
    ) -> None:
        osv.silent.set()

        assert main(["--osv-url", osv.url, "--timeout=1", "--strict"], program=pip_audit) == 2

        assert "nothing was audited" in capsys.readouterr().out

    def test_says_so_where_nobody_listens(self, pip_audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with answering() as gone:
            pass

        assert main(["--osv-url", gone.url], program=pip_audit) == 0

        assert "nothing was audited" in capsys.readouterr().out


class TestProgram:
    def test_that_is_missing_is_told_of(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert [main(options, program=tmp_path / "none") for options in ([], ["--strict"])] == [0, 2]
        assert "pip-audit is not installed" in capsys.readouterr().out

    def test_that_does_not_know_a_package_is_no_proof_that_it_is_safe(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bad = {"name": "jinja2", "version": "2.11.2", "vulns": [{"id": "PYSEC-1", "fix_versions": [], "aliases": []}]}
        fine = {"name": "fastapi", "version": "1", "vulns": []}
        unknown = {"name": "left-alone", "skip_reason": "not found"}
        program = tmp_path / "pip-audit"
        program.write_text(
            f"#!{sys.executable}\nimport json, sys\n"
            f"known = open(sys.argv[-1]).read().startswith('jinja2==2.11.2')\n"
            f"print(json.dumps({{'dependencies': {[bad]!r} if known else {[fine, unknown]!r}}}))\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

        assert [main(["--service", "pypi", *options], program=program) for options in ([], ["--strict"])] == [0, 2]

        told = capsys.readouterr().out
        assert "pypi does not know left-alone: nobody says whether they are vulnerable" in told
        assert "1 packages, 0 vulnerabilities" in told


class TestPins:
    def test_are_those_of_every_machine_and_none_is_named_twice_at_a_time(self, tmp_path: Path) -> None:
        one, other = tmp_path / "one.lock", tmp_path / "other.lock"
        one.write_text(
            "numpy==2.4.1 ; python_version < '3.12' \\\n    --hash=sha256:aa==\nnumpy==2.5.5 ; sys_platform == 'x'\n"
        )
        other.write_text("# made==1\nanyio==4.16.0 \\\n    --hash=sha256:bb\nnumpy==2.5.5\nuvicorn[standard]==0.50.0\n")

        assert pinned([one, other]) == [["anyio==4.16.0", "numpy==2.4.1", "uvicorn==0.50.0"], ["numpy==2.5.5"]]
