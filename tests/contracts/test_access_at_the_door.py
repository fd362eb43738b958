"""Every operation of the merged contract, called through the gateway by everybody: as docs/access.md says it."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic_core import from_json

from klaster_gateway.door import Door
from klaster_gateway.keys.making import ADMIN
from klaster_gateway.keys.operations import create_key
from klaster_gateway.keys.schemas import KeyCreate
from klaster_gateway.main import create_app, create_door
from klaster_gateway.settings import Settings
from klaster_shared.access import ROLES
from klaster_shared.dates import utc_now
from klaster_shared.testing.databases import sqlite_copy
from klaster_shared.testing.servers import serving
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.tokens import Verifier
from tests.gateway.conftest import ENTITY, Asked, Service, answer_bytes
from tests.services import ROOT

NARROW = "entities:read"  # what the key of an admin below is narrowed to
WITH_KEYS = tuple(role for role in ROLES if role != "anonymous")
_NOTHING = b'{"items": [], "total": 0}'
_HEAD = b"HTTP/1.1 200 OK\r\nCache-Control: public, max-age=600\r\nContent-Length: %d\r\n\r\n%s"
EMPTY = _HEAD % (len(_NOTHING), _NOTHING)
# Rules that come after the table: whoever may call it, and has nobody to speak for, is told so.
_LATER = frozenset({"speaks_for_nobody"})


@dataclass(frozen=True)
class Row:
    """One row of the page."""

    service: str
    method: str
    path: str
    scope: str
    allowed: frozenset[str]

    @property
    def target(self) -> str:
        """The path with something in its places: a year where it wants one, else an id."""
        return re.sub(r"\{\w+\}", ENTITY, self.path.replace("{year}", "2025"))


def rows_of_the_page() -> list[Row]:
    """The page as a person reads it."""
    rows, service, names = [], "", list[str]()
    for line in (ROOT / "docs" / "access.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            service = line.removeprefix("## ")
        elif line.startswith("| operation"):
            names = cells[2:]
        elif line.startswith("| `"):
            method, path = cells[0].strip("`").split()
            allowed = frozenset(name for name, mark in zip(names, cells[2:], strict=True) if mark == "x")
            rows.append(Row(service, method, path, cells[1], allowed))
    return rows


@dataclass
class Walk:
    """The gateway, what stands behind it, and somebody in every role."""

    door: Door
    behind: Service
    keys: Mapping[str, str]

    async def call(self, row: Row, who: str) -> tuple[int, str, bytes]:
        """Status, code and Cache-Control of the answer; the door is called where a server would call it."""
        headers = [(b"host", b"x"), (b"content-type", b"application/json"), (b"content-length", b"2")]
        headers += [(b"if-match", b'"1"')]
        if who in self.keys:
            headers.append((b"authorization", f"Bearer {self.keys[who]}".encode()))
        sent: list[Any] = []
        heard_enough = asyncio.Event()
        body = iter([{"type": "http.request", "body": b"{}", "more_body": False}])

        async def receive() -> Any:
            if (message := next(body, None)) is not None:
                return message
            await heard_enough.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if dict(message.get("headers", ())).get(b"content-type", b"").startswith(b"text/event-stream"):
                heard_enough.set()  # it would never end

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": row.method,
            "path": row.target,
            "raw_path": row.target.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("127.0.0.1", 1),
            "client": ("127.0.0.1", 2),
            "headers": headers,
            "state": {},
        }
        await self.door(scope, receive, send)
        text = b"".join(message.get("body", b"") for message in sent[1:])
        problem = sent[0]["status"] >= 400 and text
        kept = dict(sent[0]["headers"]).get(b"cache-control", b"")
        return sent[0]["status"], from_json(text)["code"] if problem else "", kept

    def told(self, row: Row) -> list[Asked]:
        """What reached the service of this row; the gateway follows feeds beside it, and asks after a position."""
        return [asked for asked in self.behind.asked if asked.line.split()[1] == row.target.encode()]


@pytest.fixture(scope="module")
async def walk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    """The gateway with the committed contract, in front of a service that says yes to everything."""
    templates = tmp_path_factory.getbasetemp() / "templates"
    templates.mkdir(exist_ok=True)
    behind = Service(answer=answer_bytes(EMPTY))
    server = await asyncio.start_server(behind.handle, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    quotas = {f"rate_{kind}": "1000000/minute" for kind in (*ROLES, "anonymous_write", "reconciliation", "matching")}
    async with sqlite_copy("klaster_gateway", templates=templates, folder=tmp_path_factory.mktemp("walk")) as database:
        settings = Settings(
            database_url=database,
            jwks_file=keys_folder() / "jwks.json",
            private_key_file=keys_folder() / "gateway.jwk",
            port=1,
            cache_megabytes=0,
            run_jobs=False,
            **{f"{name}_url": url for name in ("registry", "indicators", "events")},
            **quotas,  # type: ignore[arg-type]
        )
        app = create_app(settings)
        door = create_door(app)
        keys = {}
        async with app.state.database.write() as session:
            for name in (*WITH_KEYS, "narrowed"):
                role = "admin" if name == "narrowed" else name
                entity = ENTITY if role == "partner" else None
                scopes = [NARROW] if name == "narrowed" else None
                wanted = KeyCreate.model_validate({"name": name, "role": role, "entity": entity, "scopes": scopes})
                _, keys[name] = await create_key(
                    session, wanted=wanted, by=ADMIN, scopes=app.state.scopes, now=utc_now()
                )
        async with serving(door):
            yield Walk(door, behind, keys)
    server.close()


class TestEveryOperation:
    async def test_lets_in_whom_the_page_names_and_nobody_else(self, walk: Walk) -> None:
        verifiers = {name: Verifier(name, keys_folder() / "jwks.json") for name in ("registry", "indicators", "events")}
        rows = rows_of_the_page()
        assert len(rows) > 200
        for row in rows:
            for who in (*ROLES, "narrowed"):
                walk.behind.asked.clear()
                status, code, _ = await walk.call(row, who)
                if who == "narrowed":
                    may = "admin" in row.allowed and row.scope in {NARROW, "whoami:read"}
                else:
                    may = who in row.allowed
                refused = status in {401, 403} and code not in _LATER
                assert refused != may, (row, who, status, code)
                if refused:
                    assert status == (401 if who == "anonymous" else 403), (row, who)
                    assert walk.told(row) == [], (row, who)
                elif row.service != "gateway":
                    token = walk.told(row)[0].header(b"authorization")[0].decode().removeprefix("Bearer ")
                    claims = verifiers[row.service].verify(token)
                    role = "admin" if who == "narrowed" else who
                    assert (claims.role, claims.scopes) == (role, {row.scope}), (row, who)

    async def test_gives_nothing_that_is_not_public_to_be_kept(self, walk: Walk) -> None:
        """The service behind says that everybody may keep everything; the door knows better."""
        for row in rows_of_the_page():
            status, _, kept = await walk.call(row, "admin")
            assert b"public" not in kept, (row, status, kept)
            if "anonymous" not in row.allowed:
                assert b"no-store" in kept, (row, status, kept)
