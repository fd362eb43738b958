"""The gateway against nginx, in front of the same upstream."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from klaster_shared.keyfiles import create_keys
from klaster_shared.tokens import Signer
from tests.benchmarks.machine import load_core, peer, server_core
from tests.benchmarks.processes import running, wait_for
from tests.benchmarks.rounds import Row, Subject, compare
from tests.running import free_ports

CONNECTIONS = (1, 16, 64)
PATH = "/v1/interest-groups"  # public, no parameters; the upstream answers anything with the same 2 kB
NGINX = """
worker_processes 1; daemon off; pid {folder}/{name}.pid; error_log {folder}/{name}.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 75;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  {more}
}}
"""
STATIC = """
  server {{ listen 127.0.0.1:{port} backlog=1024; root {folder}; default_type application/json;
    location / {{ try_files /page.json =404; }} }}
"""
PROXY = """
  upstream behind {{ server 127.0.0.1:{upstream}; keepalive 128; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{port} backlog=1024;
    location / {{ proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header X-Request-ID $request_id; }} }}
"""


@dataclass(frozen=True)
class Comparison:
    """Rows of one upstream."""

    upstream: str
    rows: list[Row]


def measure(folder: Path, *, rounds: int, seconds: float, say: Callable[[str], None]) -> list[Comparison]:
    """Gateway and nginx in front of a static 2 kB page, then in front of the registry itself."""
    static = 2 * 1024
    (folder / "page.json").write_text(json.dumps({"items": ["x" * 60] * 31}).ljust(static)[:static])
    found = []
    for upstream, connections in (("static 2 kB", CONNECTIONS), ("the registry", CONNECTIONS[1:])):
        say(f"forwarding, in front of {upstream}")
        with _subjects(folder, static=upstream != "the registry") as subjects:
            rows = [
                row
                for number in connections
                for row in compare(
                    subjects,
                    direct="upstream alone",
                    reference="nginx" if peer("nginx") else "upstream alone",
                    connections=number,
                    rounds=rounds,
                    seconds=seconds,
                    say=say,
                )
            ]
        found.append(Comparison(upstream, rows))
    return found


@contextmanager
def _subjects(folder: Path, *, static: bool) -> Iterator[list[Subject]]:
    """The upstream alone, nginx in front of it, the gateway in front of it without a key and with one."""
    first = free_ports()
    upstream, nginx, gateway = first, first + 1, first + 2
    create_keys(["gateway", "indicators", "events"], private=folder / "keys", jwks=folder / "keys" / "jwks.json")
    signed = lambda: {"Authorization": f"Bearer {_token(folder)}"}  # noqa: E731
    with ExitStack() as stack:
        if static:
            stack.enter_context(_static_upstream(folder, upstream))
        else:
            stack.enter_context(running_registry(folder, upstream))
        subjects = [Subject("upstream alone", f"http://127.0.0.1:{upstream}{PATH}", headers=signed)]
        if peer("nginx"):
            more = PROXY.format(upstream=upstream, port=nginx)
            process = stack.enter_context(running_nginx(folder, "proxy", more, server_core()))
            subjects.append(Subject("nginx", f"http://127.0.0.1:{nginx}{PATH}", process.pid, signed))
        process, key = stack.enter_context(running_gateway(folder, gateway, upstream, core=server_core()))
        url = f"http://127.0.0.1:{gateway}{PATH}"
        with_key = lambda: {"Authorization": f"Bearer {key}"}  # noqa: E731
        subjects += [Subject("gateway", url, process.pid), Subject("gateway, with a key", url, process.pid, with_key)]
        yield subjects


def _token(folder: Path) -> str:
    """What nginx passes on to the registry: it cannot sign, so each measurement brings a fresh token."""
    signer = Signer.from_file("gateway", folder / "keys" / "gateway.jwk")
    return signer.mint(audience="registry", subject="anonymous", role="anonymous", scopes=("taxonomies:read",))


@contextmanager
def running_nginx(folder: Path, name: str, more: str, core: int | None) -> Iterator[subprocess.Popen[bytes]]:
    """nginx with one worker, and these servers."""
    program = peer("nginx")
    assert program is not None
    configuration = folder / f"{name}.conf"
    configuration.write_text(NGINX.format(folder=folder, name=name, more=more))
    with running([program, "-c", str(configuration)], core=core, log=folder / f"{name}.out") as process:
        yield process


@contextmanager
def _static_upstream(folder: Path, port: int) -> Iterator[None]:
    if peer("nginx"):
        started = running_nginx(folder, "upstream", STATIC.format(port=port, folder=folder), load_core())
    else:
        page = str(folder / "page.json")
        command = [sys.executable, "-m", "tests.benchmarks.upstream", str(port), page]
        started = running(command, core=load_core(), log=folder / "upstream.out")
    with started as process:
        wait_for(f"http://127.0.0.1:{port}{PATH}", process=process)
        yield


@contextmanager
def running_registry(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A registry on SQLite, on the load's core."""
    told = {
        "REGISTRY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/registry.db",
        "REGISTRY_JWKS_FILE": f"{folder}/keys/jwks.json",
        "REGISTRY_PORT": str(port),
        "REGISTRY_LOG_LEVEL": "WARNING",
    }
    subprocess.run([sys.executable, "-m", "klaster_registry.migrate"], env={**os.environ, **told}, check=True)
    command = [sys.executable, "-m", "klaster_registry"]
    with running(command, core=load_core(), environment=told, log=folder / "registry.out") as process:
        wait_for(f"http://127.0.0.1:{port}/health/ready", process=process)
        yield process


@contextmanager
def running_gateway(
    folder: Path, port: int, upstream: int, *, core: int | None = None, megabytes: int = 0
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A gateway that counts every request and refuses none; without megabytes nothing is kept, all is forwarded."""
    told = {
        "GATEWAY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/gateway.db",
        "GATEWAY_JWKS_FILE": f"{folder}/keys/jwks.json",
        "GATEWAY_PRIVATE_KEY_FILE": f"{folder}/keys/gateway.jwk",
        "GATEWAY_PORT": str(port),
        "GATEWAY_REGISTRY_URL": f"http://127.0.0.1:{upstream}",
        "GATEWAY_CACHE_MEGABYTES": str(megabytes),
        "GATEWAY_LOG_LEVEL": "WARNING",
    }
    environment = {**os.environ, **told}
    subprocess.run([sys.executable, "-m", "klaster_gateway.migrate"], env=environment, check=True)
    make = [sys.executable, "-m", "klaster_gateway.keys", "create", "--role", "integrator", "--name", "benchmark"]
    key = subprocess.run(make, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    command = [sys.executable, "-m", "klaster_gateway"]
    with running(command, core=core, environment=told, log=folder / "gateway.out") as process:
        wait_for(f"http://127.0.0.1:{port}/health/ready", process=process)
        yield process, key
