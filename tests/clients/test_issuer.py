"""Tokens of a certified OpenID provider at the gateway as it is run."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from klaster_gateway.database import open_database
from klaster_gateway.keys.making import ADMIN
from klaster_gateway.keys.operations import create_key
from klaster_gateway.keys.schemas import KeyCreate
from klaster_shared.dates import utc_now
from klaster_shared.testing.databases import sqlite_copy
from klaster_shared.tokens import create_keys
from tests.clients.issuing import AUDIENCE, ELSEWHERE, Provider, provider
from tests.gateway.processes import process

FIRST, SECOND = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def part(of_token: dict[str, Any]) -> str:
    return encoded(json.dumps(of_token).encode())


@dataclass
class Place:
    """The gateway, the provider whose tokens it believes, and an admin."""

    client: httpx.AsyncClient
    provider: Provider
    admin: dict[str, str]

    async def whoami(self, token: str, **headers: str) -> dict[str, Any]:
        answer = await self.client.get("/v1/whoami", headers={"Authorization": f"Bearer {token}", **headers})
        return {"status": answer.status_code, "challenge": answer.headers.get("www-authenticate"), **answer.json()}

    async def refusal(self, token: str) -> tuple[int, str, str]:
        me = await self.whoami(token)
        return me["status"], me.get("code", ""), me.get("detail", "")


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """Both of them, started once."""
    folder = tmp_path_factory.mktemp("issuer")
    keys = folder / "keys"
    create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    templates = tmp_path_factory.getbasetemp() / "templates"
    templates.mkdir(exist_ok=True)
    async with provider(folder) as issuing, sqlite_copy("klaster_gateway", templates=templates, folder=folder) as url:
        database = open_database(url)
        async with database.write() as session:
            wanted = KeyCreate(name="admin", role="admin", entity=None, scopes=None, expires_at=None)
            _, text = await create_key(session, wanted=wanted, by=ADMIN, scopes={}, now=utc_now())
        await database.dispose()
        told = {
            "issuer": issuing.issuer,
            "audience": AUDIENCE,
            "roles_claim": "realm_access.roles",
            "roles": {"cluster-office": "office", "cluster-reader": "integrator"},
        }
        nowhere = {f"{name}_URL": "http://127.0.0.1:9" for name in ("REGISTRY", "INDICATORS", "EVENTS")}
        async with (
            process("gateway", database_url=url, keys=keys, ISSUERS=json.dumps([told]), **nowhere) as gateway,
            httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as client,
        ):
            yield Place(client, issuing, {"Authorization": f"Bearer {text}"})


class TestFlows:
    async def test_a_program_comes_with_its_own_credentials(self, place: Place) -> None:
        token = await place.provider.machine_token()
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
        me = await place.whoami(token)
        assert (me["status"], me["role"], me["issuer_subject"]) == (200, "integrator", "machine")

    async def test_a_person_logs_in_and_may_what_their_role_there_means_here(self, place: Place) -> None:
        olga = (await place.provider.log_in("olga"))["access_token"]
        me = await place.whoami(olga)
        assert (me["role"], me["issuer"], me["issuer_subject"]) == ("office", place.provider.issuer, "olga")
        assert "olga" not in me["subject"]
        for token, status in ((olga, 200), (await place.provider.machine_token(), 403)):
            answer = await place.client.get("/v1/grants", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == status

    async def test_a_person_acts_for_the_entity_that_they_choose_among_those_granted(self, place: Place) -> None:
        anna = (await place.provider.log_in("anna"))["access_token"]
        assert ((await place.whoami(anna))["role"], (await place.whoami(anna))["entities"]) == ("anonymous", [])
        for entity in (FIRST, SECOND):
            given = {"issuer": place.provider.issuer, "subject": "anna", "role": "partner", "entity": entity}
            assert (await place.client.post("/v1/grants", json=given, headers=place.admin)).status_code == 201
        await asyncio.sleep(1.0)  # what is granted is looked up once a second
        headers = {"Authorization": f"Bearer {anna}"}
        undecided = await place.client.get("/v1/keys", headers=headers)
        assert (undecided.status_code, undecided.json()["code"]) == (403, "choose_entity")
        chosen = await place.whoami(anna, **{"Klaster-Entity": SECOND})
        assert (chosen["role"], chosen["entity"], set(chosen["entities"])) == ("partner", SECOND, {FIRST, SECOND})
        wanted = {"name": "our spreadsheet", "role": "partner"}
        made = await place.client.post("/v1/keys", json=wanted, headers={**headers, "Klaster-Entity": SECOND})
        assert (made.status_code, made.json()["entity"], made.json()["created_by"]) == (201, SECOND, chosen["subject"])
        other = await place.whoami(anna, **{"Klaster-Entity": "01900000-0000-7000-8000-000000000009"})
        assert (other["status"], other["code"]) == (403, "not_your_entity")


class TestRefused:
    async def test_is_what_is_meant_for_somebody_else(self, place: Place) -> None:
        status, code, detail = await place.refusal(await place.provider.machine_token(ELSEWHERE))
        assert (status, code) == (401, "token_refused")
        assert "somebody else" in detail

    async def test_is_an_id_token_and_one_that_says_nothing(self, place: Place) -> None:
        tokens = await place.provider.log_in("olga")
        status, code, detail = await place.refusal(tokens["id_token"])
        assert (status, code) == (401, "token_refused")
        assert "access token" in detail
        opaque = (await place.provider.log_in("olga", resource=None))["access_token"]
        assert (await place.refusal(opaque))[:2] == (401, "token_refused")

    async def test_is_what_is_signed_in_another_way(self, place: Place) -> None:
        token = await place.provider.machine_token()
        async with httpx.AsyncClient(trust_env=False) as client:
            [published] = (await client.get(f"{place.provider.issuer}/jwks")).json()["keys"]
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        header = {"kid": published["kid"], "typ": "at+jwt"}
        symmetric = f"{part({**header, 'alg': 'HS256'})}.{token.split('.')[1]}"
        public = ECKey.import_key(published).as_pem(private=False)  # a careless verifier takes it for a shared secret
        confused = f"{symmetric}.{encoded(hmac.digest(public, symmetric.encode(), 'sha256'))}"
        none = part({**header, "alg": "none"})
        stranger = ECKey.generate_key("P-256", {"kid": published["kid"]})
        forged = jwt.encode({**header, "alg": "ES256"}, claims, stranger, algorithms=["ES256"])
        unsigned = f"{none}.{token.split('.')[1]}."
        for wrong in (confused, unsigned, forged, token[:-6] + "AAAAAA"):
            assert (await place.refusal(wrong))[:2] == (401, "token_refused")
        challenge = (await place.whoami(unsigned))["challenge"]
        assert challenge == 'Bearer error="invalid_token"'

    async def test_is_a_token_of_an_issuer_that_nobody_configured(self, place: Place) -> None:
        key = ECKey.generate_key("P-256", {"kid": "first"})
        claims = {"iss": "https://login.elsewhere.example", "aud": AUDIENCE, "sub": "x", "iat": 1, "exp": 4_000_000_000}
        token = jwt.encode({"alg": "ES256", "kid": "first", "typ": "at+jwt"}, claims, key, algorithms=["ES256"])
        status, code, detail = await place.refusal(token)
        assert (status, code) == (401, "token_refused")
        assert "not one of ours" in detail

    async def test_is_what_ended_or_begins_later_beyond_what_clocks_differ(self, place: Place) -> None:
        """Tokens are good for a minute; the provider's clock is moved, and thirty seconds are forgiven."""
        try:
            for shift, status in ((-80, 200), (-100, 401), (20, 200), (45, 401)):
                await place.provider.set_clock(shift)
                me = await place.whoami(await place.provider.machine_token())
                assert me["status"] == status, (shift, me)
        finally:
            await place.provider.set_clock(0)


class TestKeys:
    """The last of all: the provider gets other keys, then goes away."""

    async def test_that_nobody_knows_are_looked_for_now_and_then(self, place: Place) -> None:
        token = await place.provider.machine_token()
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        key = ECKey.generate_key("P-256", {"kid": "x"})
        before = place.provider.lines.count("GET /jwks")
        for number in range(20):
            header = {"alg": "ES256", "kid": f"nobody-{number}", "typ": "at+jwt"}
            unknown = jwt.encode(header, claims, key, algorithms=["ES256"])
            assert (await place.refusal(unknown))[:2] == (401, "token_refused")
        assert place.provider.lines.count("GET /jwks") - before <= 1

    async def test_that_are_exchanged_are_found_and_go_on_while_the_provider_is_away(self, place: Place) -> None:
        await place.provider.stop()
        await place.provider.start("second")
        token = await place.provider.machine_token()
        for _ in range(60):  # unknown keys are looked for at most every 15 s
            if (await place.whoami(token))["status"] == 200:
                break
            await asyncio.sleep(0.5)
        fresh = await place.provider.machine_token()
        await place.provider.stop()
        assert [(await place.whoami(each))["status"] for each in (token, fresh)] == [200, 200]
