"""Grants: the office says who represents whom; a token never does."""

from typing import Any
from uuid import UUID

import pytest

from tests.gateway.conftest import Gateway, Service
from tests.gateway.issuers.conftest import Issuer, bearer, roles

FIRST, SECOND = UUID("01900000-0000-7000-8000-000000000001"), UUID("01900000-0000-7000-8000-000000000002")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is granted is looked up each time, not once a second."""
    monkeypatch.setattr("klaster_gateway.access.people.KEPT", -1.0)


async def grant(gateway: Gateway, issuer: Issuer, entity: UUID | None = FIRST, **more: Any) -> Any:
    body = {"issuer": issuer.url, "subject": "ada", "entity": str(entity) if entity else None, **more}
    role = more.pop("by", "office")
    body.pop("by", None)
    return await gateway.client.post("/v1/grants", json=body, headers=await gateway.as_role(role))


async def whoami(gateway: Gateway, issuer: Issuer, *held: str, **more: str) -> dict[str, Any]:
    answer = await gateway.client.get("/v1/whoami", headers=bearer(issuer.token(**roles(*held)), **more))
    found: dict[str, Any] = answer.json()
    return found


class TestGrant:
    async def test_lets_a_person_act_for_an_entity(self, with_issuer: Gateway, issuer: Issuer) -> None:
        given = await grant(with_issuer, issuer)
        assert given.status_code == 201, given.text
        me = await whoami(with_issuer, issuer)
        assert (me["role"], me["entity"], me["entities"]) == ("partner", str(FIRST), [str(FIRST)])

    async def test_is_never_what_a_token_claims(self, with_issuer: Gateway, issuer: Issuer) -> None:
        token = issuer.token(entity=str(FIRST), entities=[str(FIRST)], **roles("partner"))
        me = (await with_issuer.client.get("/v1/whoami", headers=bearer(token))).json()
        assert (me["role"], me["entity"], me["entities"]) == ("anonymous", None, [])

    async def test_ends_when_the_office_says_so(self, with_issuer: Gateway, issuer: Issuer) -> None:
        given = await grant(with_issuer, issuer)
        office = await with_issuer.as_role("office")
        where = given.headers["location"]
        assert (await with_issuer.client.delete(where, headers=office)).status_code == 428
        ended = await with_issuer.client.delete(where, headers={**office, "If-Match": given.headers["etag"]})
        again = await with_issuer.client.delete(where, headers={**office, "If-Match": '"2"'})
        assert (ended.status_code, again.status_code, again.json()["code"]) == (204, 409, "grant_ended")
        assert (await whoami(with_issuer, issuer))["role"] == "anonymous"

    async def test_holds_from_its_beginning_to_its_end(self, with_issuer: Gateway, issuer: Issuer) -> None:
        await grant(with_issuer, issuer, starts_at="2099-01-01T00:00:00Z")
        assert (await whoami(with_issuer, issuer))["entities"] == []

    async def test_of_several_is_chosen_for_each_request(
        self, with_issuer: Gateway, issuer: Issuer, service: Service
    ) -> None:
        for entity in (FIRST, SECOND):
            await grant(with_issuer, issuer, entity)
        undecided = await whoami(with_issuer, issuer)
        chosen = await whoami(with_issuer, issuer, **{"Klaster-Entity": str(SECOND)})
        assert (undecided["entity"], set(undecided["entities"])) == (None, {str(FIRST), str(SECOND)})
        assert (chosen["role"], chosen["entity"]) == ("partner", str(SECOND))
        other = await whoami(with_issuer, issuer, **{"Klaster-Entity": "01900000-0000-7000-8000-000000000009"})
        wrong = await whoami(with_issuer, issuer, **{"Klaster-Entity": "second"})
        assert (other["code"], wrong["code"]) == ("not_your_entity", "malformed")

    async def test_leaves_an_office_what_it_is(self, with_issuer: Gateway, issuer: Issuer) -> None:
        await grant(with_issuer, issuer)
        assert (await whoami(with_issuer, issuer, "cluster-office"))["role"] == "office"
        reader = await whoami(with_issuer, issuer, "cluster-reader")
        assert (reader["role"], reader["entity"]) == ("integrator", None)
        acting = await whoami(with_issuer, issuer, "cluster-reader", **{"Klaster-Entity": str(FIRST)})
        assert (acting["role"], acting["entity"]) == ("partner", str(FIRST))

    async def test_of_a_key_is_the_key_s_own_entity(self, with_issuer: Gateway) -> None:
        key = await with_issuer.as_role("partner", entity=str(FIRST))
        other = await with_issuer.client.get("/v1/whoami", headers={**key, "Klaster-Entity": str(SECOND)})
        own = await with_issuer.client.get("/v1/whoami", headers={**key, "Klaster-Entity": str(FIRST)})
        assert (other.json()["code"], own.json()["entity"]) == ("not_your_entity", str(FIRST))


class TestGiving:
    @pytest.mark.parametrize(
        ("more", "status", "code"),
        [
            ({"role": "office", "entity": None}, 403, "grant_refused"),
            ({"role": "admin", "entity": None}, 403, "grant_refused"),
            ({"role": "partner", "entity": None}, 422, "grant_unreadable"),
            ({"role": "integrator"}, 422, "grant_unreadable"),
            ({"ends_at": "2020-01-01T00:00:00Z"}, 422, "invalid"),
            ({"role": "device"}, 422, "invalid"),
        ],
    )
    async def test_is_refused_beyond_what_one_may(
        self, with_issuer: Gateway, issuer: Issuer, more: dict[str, Any], status: int, code: str
    ) -> None:
        refused = await grant(with_issuer, issuer, **more)
        assert (refused.status_code, refused.json()["code"]) == (status, code)

    async def test_of_an_office_is_an_admin_s(self, with_issuer: Gateway, issuer: Issuer) -> None:
        given = await grant(with_issuer, issuer, None, role="office", by="admin")
        assert given.status_code == 201, given.text
        assert (await whoami(with_issuer, issuer))["role"] == "office"

    async def test_is_not_for_partners(self, with_issuer: Gateway) -> None:
        key = await with_issuer.as_role("partner", entity=str(FIRST))
        assert (await with_issuer.client.get("/v1/grants", headers=key)).status_code == 403


class TestList:
    async def test_is_filtered_and_paged(self, with_issuer: Gateway, issuer: Issuer) -> None:
        for entity in (FIRST, SECOND, FIRST):
            await grant(with_issuer, issuer, entity)
        office = await with_issuer.as_role("office")
        first = (await with_issuer.client.get("/v1/grants?limit=2&count=true", headers=office)).json()
        rest = (await with_issuer.client.get(f"/v1/grants?cursor={first['next']}", headers=office)).json()
        assert (first["total"], len(first["items"]), len(rest["items"]), rest["next"]) == (3, 2, 1, None)
        of_second = (await with_issuer.client.get(f"/v1/grants?entity={SECOND}&active=true", headers=office)).json()
        assert [item["entity"] for item in of_second["items"]] == [str(SECOND)]
        assert (await with_issuer.client.get("/v1/grants?active=false", headers=office)).json()["items"] == []
