"""A key gets another secret while the one before still works for a while."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from klaster_gateway.access.callers import KeyRing
from klaster_gateway.keys.errors import KeyRefused
from klaster_shared.dates import utc_now
from tests.gateway.conftest import Gateway, running_gateway
from tests.gateway.keys.test_keys import Headers, make, whoami


@pytest.fixture
async def gateway(own_database: str) -> AsyncIterator[Gateway]:
    """The gateway on one engine: what secrets do is the same on either."""
    async with running_gateway(own_database) as running:
        yield running


async def rotate(gateway: Gateway, admin: Headers, made: dict[str, Any], **how: Any) -> httpx.Response:
    headers = {**admin, "If-Match": f'"{how.pop("version", made["version"])}"'}
    return await gateway.client.post(f"/v1/keys/{made['id']}/rotate", headers=headers, json=how or None)


async def opens_at(gateway: Gateway, key: str, moment: datetime) -> bool:
    """Whether a key opens the door at a time: asked of a ring whose clock says so."""
    try:
        await KeyRing(gateway.app.state.database, clock=lambda: moment).caller_of(f"Bearer {key}")
    except KeyRefused:
        return False
    return True


class TestRotate:
    async def test_gives_another_secret_and_lets_the_old_one_work_for_a_day(
        self, gateway: Gateway, admin: Headers
    ) -> None:
        made = await make(gateway, admin, name="tablet", role="office")
        answer = await rotate(gateway, admin, made)
        again = answer.json()
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert (again["id"], again["prefix"], again["name"]) == (made["id"], made["prefix"], "tablet")
        assert again["key"] != made["key"]
        now = utc_now()
        for secret, hours, opens in [
            (made["key"], 0, True),
            (made["key"], 23.9, True),
            (made["key"], 24.1, False),
            (again["key"], 0, True),
            (again["key"], 10_000, True),
        ]:
            assert await opens_at(gateway, secret, now + timedelta(hours=hours)) == opens, (secret, hours)
        assert (await whoami(gateway, again["key"]))[1]["subject"] == (await whoami(gateway, made["key"]))[1]["subject"]

    async def test_ends_every_secret_from_before_where_one_leaked(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        second = (await rotate(gateway, admin, made)).json()
        refused = await rotate(gateway, admin, second)
        assert (refused.status_code, refused.json()["code"]) == (409, "rotation_under_way")
        third = (await rotate(gateway, admin, second, overlap_minutes=0)).json()
        now = utc_now()
        assert [await opens_at(gateway, each["key"], now) for each in (made, second, third)] == [False, False, True]

    async def test_is_refused_for_keys_that_ended_unseen_ones_and_long_overlaps(
        self, gateway: Gateway, admin: Headers
    ) -> None:
        made = await make(gateway, admin)
        path = f"/v1/keys/{made['id']}/rotate"
        unseen = await gateway.client.post(path, headers=admin)
        stale = await rotate(gateway, admin, made, version=7)
        long = await rotate(gateway, admin, made, overlap_minutes=7 * 24 * 60 + 1)
        assert (unseen.status_code, stale.status_code, long.status_code) == (428, 412, 422)
        assert long.json()["errors"][0]["pointer"] == "/overlap_minutes"
        await gateway.client.delete(f"/v1/keys/{made['id']}", headers={**admin, "If-Match": '"1"'})
        revoked = await rotate(gateway, admin, made, version=2)
        assert (revoked.status_code, revoked.json()["code"]) == (409, "key_revoked")

    async def test_ends_both_secrets_with_the_key(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        again = (await rotate(gateway, admin, made)).json()
        await gateway.client.delete(f"/v1/keys/{made['id']}", headers={**admin, "If-Match": '"2"'})
        assert not any([await opens_at(gateway, each["key"], utc_now()) for each in (made, again)])

    async def test_is_on_record_with_who_did_it_and_without_the_secret(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        again = (await rotate(gateway, admin, made)).json()
        me = (await gateway.client.get("/v1/whoami", headers=admin)).json()["subject"]
        async with gateway.app.state.database.read() as session:
            rows = (await session.execute(text("SELECT * FROM changes WHERE collection = 'keys'"))).mappings().all()
            everything = repr(rows) + repr((await session.execute(text("SELECT * FROM idempotency_keys"))).all())
        changed = [row for row in rows if row["record_id"] == made["id"]]
        assert [(row["kind"], row["actor"]) for row in changed] == [("created", me), ("updated", me)]
        assert not any(each["key"][13:] in everything for each in (made, again))

    async def test_never_repeats_the_secret(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin)
        headers = {**admin, "Idempotency-Key": "once", "If-Match": '"1"'}
        await gateway.client.post(f"/v1/keys/{made['id']}/rotate", headers=headers)
        again = await gateway.client.post(f"/v1/keys/{made['id']}/rotate", headers=headers)
        assert (again.status_code, again.json()["code"]) == (409, "secret_not_repeated")
        assert again.headers["location"] == f"/v1/keys/{made['id']}"

    async def test_takes_a_repetition_without_its_condition_for_another_request(
        self, gateway: Gateway, admin: Headers
    ) -> None:
        made = await make(gateway, admin)
        path, once = f"/v1/keys/{made['id']}/rotate", {**admin, "Idempotency-Key": "once"}
        await gateway.client.post(path, headers={**once, "If-Match": '"1"'})
        without = await gateway.client.post(path, headers=once)
        assert (without.status_code, without.json()["code"]) == (422, "idempotency_key_reused")
        read_anew = await gateway.client.post(path, headers={**once, "If-Match": '"2"'})
        assert read_anew.json()["code"] == "secret_not_repeated"
