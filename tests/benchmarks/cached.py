"""Public answers that the gateway keeps, against nginx `proxy_cache` and against the service itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from klaster_shared.keyfiles import create_keys
from klaster_shared.tokens import Signer
from tests.benchmarks.forwarding import PATH, running_gateway, running_nginx, running_registry
from tests.benchmarks.machine import peer, server_core
from tests.benchmarks.rounds import Row, Subject, compare
from tests.running import free_ports

CONNECTIONS = (16, 64)
GROUPS = 12  # of interest: a page of 2 kB
SERVICE, NGINX, GATEWAY = "the registry itself", "nginx proxy_cache", "gateway"
PROXY_CACHE = """
  proxy_cache_path {folder}/kept keys_zone=kept:10m;
  upstream behind {{ server 127.0.0.1:{upstream}; keepalive 128; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{port} backlog=1024;
    location / {{ proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache kept; proxy_cache_key $request_uri; proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control Vary; }} }}
"""
PART = """## Answers that are kept

A page of {bytes:,} bytes that everybody may read, answered by the registry itself (on SQLite, on the load's core), by
nginx from its `proxy_cache`, and by the gateway from memory, with limits, trace and headers on. 304: asked with the
ETag.

| answer | connections | way | requests/s | of nginx | of the registry | p50 ms | p99 ms | CPU us per request |
|---|---|---|---|---|---|---|---|---|
{rows}
"""


@dataclass(frozen=True)
class CachedFigures:
    """Rows by status, and how large the page is."""

    size: int
    rows: dict[int, list[Row]]


def measure(folder: Path, *, rounds: int, seconds: float, say: Callable[[str], None]) -> CachedFigures:
    """Whole answers, then answers to who has them already."""
    folder.mkdir()
    folder.chmod(0o755)
    found: dict[int, list[Row]] = {}
    with _subjects(folder) as subjects:
        size = len(httpx.get(subjects[0].url, headers=subjects[0].headers(), trust_env=False).content)
        for status, asked in ((200, subjects), (304, [_knowing(subject) for subject in subjects])):
            say(f"answers that are kept, {status}")
            found[status] = [
                row
                for connections in CONNECTIONS
                for row in compare(
                    asked,
                    direct=SERVICE,
                    reference=NGINX if peer("nginx") else SERVICE,
                    connections=connections,
                    rounds=rounds,
                    seconds=seconds,
                    say=say,
                )
            ]
    return CachedFigures(size, found)


@contextmanager
def _subjects(folder: Path) -> Iterator[list[Subject]]:
    first = free_ports()
    upstream, nginx, gateway = first, first + 1, first + 2
    create_keys(["gateway", "indicators", "events"], private=folder / "keys", jwks=folder / "keys" / "jwks.json")
    signer = Signer.from_file("gateway", folder / "keys" / "gateway.jwk")

    def signed(role: str = "anonymous", scope: str = "taxonomies:read") -> dict[str, str]:
        token = signer.mint(audience="registry", subject="bench", role=role, scopes=(scope,))
        return {"Authorization": f"Bearer {token}"}

    with ExitStack() as stack:
        process = stack.enter_context(running_registry(folder, upstream))
        service = Subject(SERVICE, f"http://127.0.0.1:{upstream}{PATH}", process.pid, signed)
        for number in range(GROUPS):
            name = {"pl": f"Grupa zainteresowań numer {number}", "en": f"Interest group number {number}"}
            body = {"code": f"GROUP{number}", "name": name, "position": number}
            added = httpx.post(service.url, json=body, headers=signed("admin", "taxonomies:write"), trust_env=False)
            added.raise_for_status()
        subjects = [service]
        if peer("nginx"):
            more = PROXY_CACHE.format(folder=folder, upstream=upstream, port=nginx)
            process = stack.enter_context(running_nginx(folder, "kept", more, server_core()))
            subjects.append(Subject(NGINX, f"http://127.0.0.1:{nginx}{PATH}", process.pid, signed))
        started = running_gateway(folder, gateway, upstream, core=server_core(), megabytes=32)
        process, _key = stack.enter_context(started)
        subjects.append(Subject(GATEWAY, f"http://127.0.0.1:{gateway}{PATH}", process.pid))
        _until_kept(subjects[-1].url)
        yield subjects


def _until_kept(url: str) -> None:
    """Nothing is kept until the gateway hears of changes."""
    for _ in range(100):
        if "age" in httpx.get(url, trust_env=False).headers:
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} is not kept")


def _knowing(subject: Subject) -> Subject:
    etag = httpx.get(subject.url, headers=subject.headers(), trust_env=False).headers["etag"]
    return replace(subject, headers=lambda: {**subject.headers(), "If-None-Match": etag})


def cached_part(figures: CachedFigures) -> str:
    """The part of the page."""
    lines = []
    for status, rows in figures.rows.items():
        alone = {row.connections: row.per_second for row in rows if row.name == SERVICE}
        lines += [_line(status, row, row.per_second / alone[row.connections]) for row in rows]
    return PART.format(bytes=figures.size, rows="\n".join(lines))


def _line(status: int, row: Row, of_service: float) -> str:
    failed = f" ({row.failed} failed)" if row.failed else ""
    cpu = f"{row.cpu_us:.0f}" if row.cpu_us is not None else ""
    return (
        f"| {status} | {row.connections} | {row.name}{failed} | {row.per_second:,.0f} | {row.ratio:.2f} "
        f"| {of_service:.1f} | {row.p50_ms:.2f} | {row.p99_ms:.2f} | {cpu} |"
    )
