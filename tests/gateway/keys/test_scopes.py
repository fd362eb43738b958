"""A key may be narrowed to some of its role's scopes; the door and the service each refuse the others."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.caller import Caller
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.tokens import Verifier
from tests.gateway.conftest import ENTITY, Gateway, Service, running_gateway
from tests.gateway.keys.test_keys import Headers, make, whoami


@pytest.fixture
async def gateway(own_database: str, service: Service) -> AsyncIterator[Gateway]:
    """The gateway in front of a scripted service: what keys may do is the same on either engine."""
    async with running_gateway(own_database, registry_url=service.url) as running:
        yield running


class TestScopes:
    async def test_narrow_a_key(self, gateway: Gateway, admin: Headers, service: Service) -> None:
        made = await make(gateway, admin, role="office", scopes=["things:write"])
        assert made["scopes"] == ["things:write"]
        headers = {"Authorization": f"Bearer {made['key']}"}
        wrote = await gateway.client.post("/v1/things", headers=headers, json={})
        read = await gateway.client.get("/v1/things", headers=headers)
        assert (wrote.status_code, read.status_code, read.json()["code"]) == (200, 403, "scope_missing")
        assert [asked.line.split()[0] for asked in service.asked] == [b"POST"]

    async def test_let_every_key_ask_what_it_is(self, gateway: Gateway, admin: Headers) -> None:
        made = await make(gateway, admin, role="office", scopes=["things:write"])
        status, me = await whoami(gateway, made["key"])
        assert (status, me["scopes"]) == (200, ["things:write"])

    @pytest.mark.parametrize(
        ("wanted", "pointers"),
        [
            ({"role": "integrator", "scopes": ["things:read", "nothing:read"]}, ["/scopes/1"]),
            ({"role": "integrator", "scopes": ["secrets:read"]}, ["/scopes/0"]),
            ({"role": "device", "scopes": ["things:read"]}, ["/scopes/0"]),
            ({"role": "admin", "scopes": []}, ["/scopes"]),
            ({"role": "admin", "scopes": ["everything"]}, ["/scopes/0"]),
        ],
    )
    async def test_that_the_role_has_not_are_refused(
        self, gateway: Gateway, admin: Headers, wanted: dict[str, Any], pointers: list[str]
    ) -> None:
        answer = await gateway.client.post("/v1/keys", headers=admin, json={"name": "n", **wanted})
        assert answer.status_code == 422, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == pointers

    async def test_are_handed_on_and_never_widened(self, gateway: Gateway, admin: Headers) -> None:
        narrow = await make(gateway, admin, role="admin", scopes=["keys:write", "keys:read"])
        holder = {"Authorization": f"Bearer {narrow['key']}"}
        assert (await make(gateway, holder, role="admin"))["scopes"] == ["keys:read", "keys:write"]
        for wrong in ({"role": "admin", "scopes": ["secrets:read"]}, {"role": "integrator"}):
            answer = await gateway.client.post("/v1/keys", headers=holder, json={"name": "n", **wrong})
            assert (answer.status_code, answer.json()["code"]) == (403, "key_beyond_you"), wrong
        broad = await make(gateway, admin, role="office")
        headers = {**holder, "If-Match": "*"}
        stolen = await gateway.client.post(f"/v1/keys/{broad['id']}/rotate", headers=headers)
        assert (stolen.status_code, stolen.json()["code"]) == (403, "key_beyond_you")

    def test_stand_in_the_token_that_a_service_reads(self) -> None:
        """Were the door's own look at scopes wrong, the service would still refuse."""
        mint, verifier = TokenMint(keys_folder() / "gateway.jwk"), Verifier("registry", keys_folder() / "jwks.json")
        narrow = Caller(subject="key:1", role="admin", scopes=frozenset({"things:read"}))
        for scope, carried in (("things:read", {"things:read"}), ("things:write", set[str]())):
            assert verifier.verify(mint.token(narrow, service="registry", scope=scope)).scopes == carried


class TestPartners:
    """Who speaks for an entity deals with its keys, and with no others."""

    OTHER = "01890000-0000-7000-8000-000000000009"

    @pytest.fixture
    async def partner(self, gateway: Gateway) -> Headers:
        return await gateway.as_role("partner", entity=ENTITY)

    async def test_make_keys_for_their_entity(self, gateway: Gateway, partner: Headers) -> None:
        made = await make(gateway, partner, role="partner", scopes=["keys:read"])
        assert (made["role"], made["entity"]) == ("partner", ENTITY)
        assert (await whoami(gateway, made["key"]))[1]["entity"] == ENTITY

    @pytest.mark.parametrize(
        ("wanted", "pointer"),
        [
            ({"role": "partner", "entity": OTHER}, "/entity"),
            ({"role": "integrator"}, "/role"),
            ({"role": "device"}, "/role"),
            ({"role": "office"}, "/role"),
            ({"role": "admin"}, "/role"),
        ],
    )
    async def test_make_none_that_may_do_more(
        self, gateway: Gateway, partner: Headers, wanted: dict[str, Any], pointer: str
    ) -> None:
        answer = await gateway.client.post("/v1/keys", headers=partner, json={"name": "n", **wanted})
        assert (answer.status_code, answer.json()["code"]) == (403, "key_beyond_you")
        assert answer.json()["errors"][0]["pointer"] == pointer

    async def test_make_none_that_lasts_longer_than_their_own(self, gateway: Gateway) -> None:
        ends = "2098-01-01T00:00:00Z"
        partner = await gateway.as_role("partner", entity=ENTITY, expires_at=ends)
        assert (await make(gateway, partner, role="partner"))["expires_at"] == ends
        longer = {"name": "n", "role": "partner", "expires_at": "2099-01-01T00:00:00Z"}
        assert (await gateway.client.post("/v1/keys", headers=partner, json=longer)).status_code == 403

    async def test_see_rotate_and_revoke_their_entity_s_alone(
        self, gateway: Gateway, admin: Headers, partner: Headers
    ) -> None:
        own = await make(gateway, admin, role="partner", entity=ENTITY, name="own")
        other = await make(gateway, admin, role="partner", entity=self.OTHER, name="other")
        listed = (await gateway.client.get("/v1/keys?count=true&active=true", headers=partner)).json()
        assert ({key["entity"] for key in listed["items"]}, listed["total"]) == ({ENTITY}, 2)
        asked = (await gateway.client.get(f"/v1/keys?entity={self.OTHER}", headers=partner)).json()
        assert asked["items"] == []
        headers = {**partner, "If-Match": '"1"'}
        for key, status in ((other, 404), (own, 200)):
            path = f"/v1/keys/{key['id']}"
            assert (await gateway.client.get(path, headers=partner)).status_code == status
            assert (await gateway.client.post(f"{path}/rotate", headers=headers)).status_code == status
        assert (await gateway.client.delete(f"/v1/keys/{other['id']}", headers=headers)).status_code == 404
        headers["If-Match"] = '"2"'
        assert (await gateway.client.delete(f"/v1/keys/{own['id']}", headers=headers)).status_code == 204
        ended = (await gateway.client.get("/v1/keys?active=false", headers=partner)).json()["items"]
        assert [key["id"] for key in ended] == [own["id"]]

    async def test_are_not_whoever_speaks_for_nobody(self, gateway: Gateway) -> None:
        office = await gateway.as_role("office")
        for method, path in (("GET", "/v1/keys"), ("POST", "/v1/keys"), ("GET", f"/v1/keys/{ENTITY}")):
            answer = await gateway.client.request(method, path, headers=office, json={"name": "n", "role": "partner"})
            assert (answer.status_code, answer.json()["code"]) == (403, "speaks_for_nobody")
