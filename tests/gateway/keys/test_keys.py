"""Keys over HTTP: shown once, stored as digests, ended within a second."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from klaster_shared.dates import utc_now
from tests.gateway.conftest import ENTITY, Gateway

Headers = dict[str, str]
NONSENSE: list[tuple[str, dict[str, Any]]] = [
    ("/entity", {"role": "partner"}),
    ("/entity", {"role": "office", "entity": ENTITY}),
    ("/role", {"role": "anonymous"}),
    ("/role", {"role": "root"}),
    ("/name", {"name": "  "}),
    ("/expires_at", {"expires_at": "2020-01-01T00:00:00Z"}),
    ("/expires_at", {"expires_at": "2099-01-01T00:00:00"}),
    ("/secret", {"secret": "mine"}),
]


async def make(gateway: Gateway, admin: Headers, **wanted: Any) -> dict[str, Any]:
    answer = await gateway.client.post("/v1/keys", headers=admin, json={"name": "n", "role": "office", **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def whoami(gateway: Gateway, key: str) -> tuple[int, dict[str, Any]]:
    answer = await gateway.client.get("/v1/whoami", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code, answer.json()


class TestCreate:
    async def test_gives_a_key_that_works(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin, name="partner x", role="partner", entity=ENTITY)
        status, me = await whoami(gateway, made["key"])
        assert (status, me["role"], me["entity"], me["name"]) == (200, "partner", ENTITY, "partner x")
        assert made["key"].startswith(f"klk_{made['prefix']}_")

    async def test_stores_nothing_that_would_open_the_door(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        secret = made["key"].rsplit("_", 1)[1] if made["key"].count("_") == 2 else made["key"][13:]
        async with gateway.app.state.database.read() as session:
            for table in ("api_keys", "changes", "idempotency_keys"):
                rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()
                assert secret not in repr(rows)

    async def test_never_repeats_the_secret(self, gateway: Gateway, admin: Headers) -> None:
        headers = {**admin, "Idempotency-Key": "once"}
        first = await gateway.client.post("/v1/keys", headers=headers, json={"name": "n", "role": "office"})
        again = await gateway.client.post("/v1/keys", headers=headers, json={"name": "n", "role": "office"})
        assert (again.status_code, again.headers["location"]) == (409, f"/v1/keys/{first.json()['id']}")
        assert "klk_" not in again.text

    async def test_shows_it_to_no_cache(self, gateway: Gateway, admin: Headers) -> None:
        answer = await gateway.client.post("/v1/keys", headers=admin, json={"name": "n", "role": "office"})
        assert answer.headers["cache-control"] == "no-store"

    async def test_refuses_what_makes_no_sense(self, gateway: Gateway, admin: Headers) -> None:
        for pointer, wrong in NONSENSE:
            wanted = {"name": "n", "role": "office", **wrong}
            answer = await gateway.client.post("/v1/keys", headers=admin, json=wanted)
            assert answer.status_code == 422, wrong
            assert [error["pointer"] for error in answer.json()["errors"]] == [pointer], wrong

    async def test_is_for_admins(self, gateway: Gateway) -> None:
        office = await gateway.as_role("office")
        answer = await gateway.client.post("/v1/keys", headers=office, json={"name": "n", "role": "admin"})
        assert answer.status_code == 403


class TestRead:
    async def test_lists_the_newest_first_page_by_page(self, gateway: Gateway, admin: Headers) -> None:
        for number in range(3):
            await make(gateway, admin, name=f"n{number}")
        first = (await gateway.client.get("/v1/keys?limit=2&count=true", headers=admin)).json()
        rest = (await gateway.client.get("/v1/keys", params={"cursor": first["next"]}, headers=admin)).json()
        assert [key["name"] for key in first["items"] + rest["items"]] == ["n2", "n1", "n0", "test admin"]
        assert (first["total"], rest["next"]) == (4, None)
        assert "klk_" not in json.dumps(first)

    async def test_tells_when_a_key_was_used_last(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        await whoami(gateway, made["key"])
        await gateway.app.state.keys.write_down_use()
        found = (await gateway.client.get(f"/v1/keys/{made['id']}", headers=admin)).json()
        assert found["last_used_at"] is not None
        assert found["version"] == 1

    async def test_knows_no_key_that_was_never_made(self, gateway: Gateway, admin: Headers) -> None:
        answer = await gateway.client.get(f"/v1/keys/{ENTITY}", headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (404, "key_not_found")


class TestRevoke:
    async def test_closes_the_door_within_a_second(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        assert (await whoami(gateway, made["key"]))[0] == 200
        answer = await gateway.client.delete(f"/v1/keys/{made['id']}", headers={**admin, "If-Match": '"1"'})
        assert answer.status_code == 204
        await asyncio.sleep(1.0)
        status, problem = await whoami(gateway, made["key"])
        assert (status, problem["code"]) == (401, "key_refused")

    async def test_leaves_the_row_and_its_story(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        await gateway.client.delete(f"/v1/keys/{made['id']}", headers={**admin, "If-Match": '"1"'})
        found = (await gateway.client.get(f"/v1/keys/{made['id']}", headers=admin)).json()
        assert (found["revoked_at"] is not None, found["version"]) == (True, 2)
        me = (await gateway.client.get("/v1/whoami", headers=admin)).json()["subject"]
        async with gateway.app.state.database.read() as session:
            rows = (await session.execute(text("SELECT kind, actor FROM changes ORDER BY position"))).all()
        assert [tuple(row) for row in rows[1:]] == [("created", me), ("updated", me)]

    @pytest.mark.parametrize(("etag", "status"), [(None, 428), ('"9"', 412)])
    async def test_needs_to_know_what_it_revokes(
        self, gateway: Gateway, admin: Headers, etag: str | None, status: int
    ) -> None:
        made = await make(gateway, admin)
        headers = {**admin, **({"If-Match": etag} if etag else {})}
        assert (await gateway.client.delete(f"/v1/keys/{made['id']}", headers=headers)).status_code == status

    async def test_happens_once(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        url, headers = f"/v1/keys/{made['id']}", {**admin, "If-Match": "*"}
        assert (await gateway.client.delete(url, headers=headers)).status_code == 204
        assert (await gateway.client.delete(url, headers=headers)).status_code == 409


class TestExpiry:
    async def test_ends_a_key_by_itself(self, gateway: Gateway, admin: Headers) -> None:
        soon = utc_now() + timedelta(seconds=1)
        made = await make(gateway, admin, expires_at=soon.isoformat())
        assert (await whoami(gateway, made["key"]))[0] == 200
        await asyncio.sleep(2.0)
        assert (await whoami(gateway, made["key"]))[0] == 401
