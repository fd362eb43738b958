"""Access tokens: good ones of configured issuers are believed, and everything that is not quite one is refused."""

import re
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from tests.gateway.conftest import Gateway, running_gateway
from tests.gateway.issuers.conftest import AUDIENCE, Issuer, bearer, roles


async def whoami(gateway: Gateway, token: str, **more: str) -> dict[str, Any]:
    answer = await gateway.client.get("/v1/whoami", headers=bearer(token, **more))
    return {"status": answer.status_code, **answer.json()}


class TestToken:
    @pytest.mark.parametrize("algorithm", ["ES256", "Ed25519", "RS256"])
    async def test_says_who_somebody_is(self, with_issuer: Gateway, issuer: Issuer, algorithm: str) -> None:
        issuer.rotate("one", algorithm)
        me = await whoami(with_issuer, issuer.token())
        assert (me["status"], me["role"], me["issuer"], me["issuer_subject"]) == (200, "anonymous", issuer.url, "ada")
        assert re.fullmatch("oidc:[0-9a-f]{32}", me["subject"])

    async def test_names_the_role_that_includes_most(self, with_issuer: Gateway, issuer: Issuer) -> None:
        token = issuer.token(**roles("cluster-reader", "cluster-office", "something-else"))
        assert (await whoami(with_issuer, token))["role"] == "office"
        assert (await whoami(with_issuer, issuer.token(**roles("admin", "office"))))["role"] == "anonymous"

    @pytest.mark.parametrize("odd", [{"realm_access": []}, {"realm_access": {"roles": [1, None]}}, {"realm_access": 5}])
    async def test_whose_roles_cannot_be_read_names_none(
        self, with_issuer: Gateway, issuer: Issuer, odd: dict[str, Any]
    ) -> None:
        assert (await whoami(with_issuer, issuer.token(**odd)))["role"] == "anonymous"

    async def test_is_good_until_it_ends_give_or_take_a_clock(self, with_issuer: Gateway, issuer: Issuer) -> None:
        now = int(time.time())
        assert (await whoami(with_issuer, issuer.token(exp=now - 10)))["status"] == 200
        assert (await whoami(with_issuer, issuer.token(iat=now + 10)))["status"] == 200
        assert (await whoami(with_issuer, issuer.token(exp=now - 40)))["status"] == 401
        assert (await whoami(with_issuer, issuer.token(nbf=now + 40)))["status"] == 401

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aud": "somebody else"},
            {"aud": None},
            {"aud": ["a", "b"]},
            {"iss": "https://elsewhere.example"},
            {"iss": None},
            {"iss": 5},
            {"sub": None},
            {"sub": ""},
            {"exp": None},
            {"exp": "tomorrow"},
            {"iat": None},
            {"header": {"typ": "JWT"}},
            {"header": {"typ": "id+jwt"}},
            {"header": {"kid": "nobody's"}},
        ],
    )
    async def test_that_is_not_quite_one_is_refused(
        self, with_issuer: Gateway, issuer: Issuer, wrong: dict[str, Any]
    ) -> None:
        me = await whoami(with_issuer, issuer.token(**wrong))
        assert (me["status"], me["code"]) == (401, "token_refused")

    async def test_signed_by_another_key_is_refused(self, with_issuer: Gateway, issuer: Issuer) -> None:
        stranger = ECKey.generate_key("P-256", {"kid": "first", "alg": "ES256"})
        assert (await whoami(with_issuer, issuer.token(key=stranger)))["code"] == "token_refused"

    async def test_signed_with_the_public_key_as_a_secret_is_refused(
        self, with_issuer: Gateway, issuer: Issuer
    ) -> None:
        public = issuer.keys["first"].as_pem(private=False)
        claims = {"iss": issuer.url, "aud": "https://klaster.example", "sub": "ada", "exp": int(time.time()) + 60}
        header = {"alg": "HS256", "kid": "first", "typ": "at+jwt"}
        forged = jwt.encode(header, claims, OctKey.import_key(urlsafe_b64encode(public)), algorithms=["HS256"])
        assert (await whoami(with_issuer, forged))["code"] == "token_refused"

    async def test_without_a_signature_is_refused(self, with_issuer: Gateway, issuer: Issuer) -> None:
        body = issuer.token().split(".")[1]
        head = urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt","kid":"first"}').decode().rstrip("=")
        assert (await whoami(with_issuer, f"{head}.{body}."))["code"] == "token_refused"

    @pytest.mark.parametrize(
        "text",
        ["x", "a.b.c", "a.b", "....", "e30.e30.e30", "W10.W10.W10", "x" * 20_000, f"{'W1tb' * 2_500}.e30.e30"],
        ids=["word", "letters", "two", "dots", "empty", "lists", "long", "brackets"],
    )
    async def test_that_is_none_is_refused(self, with_issuer: Gateway, text: str) -> None:
        assert (await whoami(with_issuer, text))["status"] == 401

    async def test_is_no_way_in_where_no_issuer_is_configured(self, gateway: Gateway, issuer: Issuer) -> None:
        assert (await whoami(gateway, issuer.token()))["code"] == "key_refused"

    async def test_leaves_keys_as_they_are(self, with_issuer: Gateway) -> None:
        key = await with_issuer.as_role("office")
        assert (await with_issuer.client.get("/v1/whoami", headers=key)).json()["role"] == "office"


class TestOtherTypes:
    """Issuers that write `JWT` over every token: believed where the settings say so, and still no ID tokens."""

    @pytest.mark.parametrize(
        ("claims", "status"),
        [({}, 200), ({"nonce": "n"}, 401), ({"at_hash": "h"}, 401), ({"c_hash": "h"}, 401), ({"aud": "frontend"}, 401)],
    )
    async def test_are_let_in_where_they_are_access_tokens(
        self, own_database: str, issuer: Issuer, claims: dict[str, Any], status: int
    ) -> None:
        told = {"issuer": issuer.url, "audience": AUDIENCE, "token_types": ["JWT"]}
        async with running_gateway(own_database, issuers=[told]) as gateway:
            assert (await whoami(gateway, issuer.token(header={"typ": "JWT"}, **claims)))["status"] == status
            assert (await whoami(gateway, issuer.token()))["status"] == 401


class TestKeys:
    async def test_are_asked_for_once(self, with_issuer: Gateway, issuer: Issuer) -> None:
        for subject in ("ada", "grace", "ada"):
            await whoami(with_issuer, issuer.token(sub=subject))
        assert issuer.looked_at == 1

    async def test_that_rotate_are_found_and_the_old_ones_are_not_believed(
        self, with_issuer: Gateway, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("klaster_gateway.issuers.keys.AT_MOST_EACH", 0.0)
        old = issuer.token(sub="before")
        assert (await whoami(with_issuer, issuer.token()))["status"] == 200
        issuer.rotate("second")
        assert (await whoami(with_issuer, issuer.token()))["status"] == 200
        assert (await whoami(with_issuer, old))["code"] == "token_refused"

    async def test_nobody_knows_are_not_looked_for_each_time(self, with_issuer: Gateway, issuer: Issuer) -> None:
        for number in range(5):
            assert (await whoami(with_issuer, issuer.token(header={"kid": f"k{number}"})))["status"] == 401
        assert issuer.looked_at == 1

    async def test_that_cannot_be_had_are_no_fault_of_the_caller(self, with_issuer: Gateway, issuer: Issuer) -> None:
        issuer.away = True
        me = await whoami(with_issuer, issuer.token())
        assert (me["status"], me["code"]) == (503, "issuer_away")

    async def test_go_on_while_their_issuer_is_away(
        self, with_issuer: Gateway, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert (await whoami(with_issuer, issuer.token()))["status"] == 200
        monkeypatch.setattr("klaster_gateway.issuers.keys.KEPT", -1.0)
        monkeypatch.setattr("klaster_gateway.issuers.keys.AT_MOST_EACH", 0.0)
        issuer.away = True
        assert (await whoami(with_issuer, issuer.token(sub="grace")))["status"] == 200


class TestSettings:
    @pytest.mark.parametrize("issuer", ["http://id.example", "ftp://id.example", "https://id.example?x", "id.example"])
    async def test_take_no_issuer_that_anybody_could_pass_for(self, own_database: str, issuer: str) -> None:
        with pytest.raises(ValueError, match="issuer"):
            async with running_gateway(own_database, issuers=[{"issuer": issuer, "audience": "a"}]):
                pass
