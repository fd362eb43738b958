"""An issuer of access tokens on a real socket: discovery, keys that rotate, tokens of any kind."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from klaster_shared.testing.servers import serving
from tests.gateway.conftest import Gateway, Service, running_gateway

AUDIENCE = "https://klaster.example"


@dataclass
class Issuer:
    """Signs what it is told to."""

    url: str = ""
    away: bool = False
    looked_at: int = 0
    keys: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rotate("first")

    def rotate(self, kid: str, algorithm: str = "ES256") -> None:
        """Publish another key, and no longer the ones of before."""
        told = {"kid": kid, "use": "sig", "alg": algorithm}
        if algorithm == "ES256":
            key: Any = ECKey.generate_key("P-256", told)
        elif algorithm == "Ed25519":
            key = OKPKey.generate_key("Ed25519", told)
        else:
            key = RSAKey.generate_key(2048, told)
        self.keys = {kid: key}

    def token(self, *, header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        """An access token that is good, but for what is said otherwise; None leaves a claim out."""
        [(kid, own)] = self.keys.items()
        algorithm = own.get("alg")
        now = int(time.time())
        told = {"iss": self.url, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + 300, "client_id": "frontend"}
        told |= claims
        head = {"alg": algorithm, "kid": kid, "typ": "at+jwt", **(header or {})}
        given = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(head, given, key or own, algorithms=[head["alg"]])

    async def discovery(self, _request: Request) -> JSONResponse:
        self.looked_at += 1
        if self.away:
            return JSONResponse({}, 503)
        return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

    async def published(self, _request: Request) -> JSONResponse:
        return JSONResponse(KeySet(list(self.keys.values())).as_dict(private=False))


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    """An issuer that answers."""
    found = Issuer()
    routes = [Route("/.well-known/openid-configuration", found.discovery), Route("/keys", found.published)]
    async with serving(Starlette(routes=routes)) as url:
        found.url = url
        yield found


@pytest.fixture
async def with_issuer(own_database: str, service: Service, issuer: Issuer) -> AsyncIterator[Gateway]:
    """A gateway that believes the issuer."""
    told = {
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "algorithms": ["ES256", "RS256", "Ed25519"],
        "roles_claim": "realm_access.roles",
        "roles": {"cluster-office": "office", "cluster-reader": "integrator"},
    }
    async with running_gateway(own_database, registry_url=service.url, issuers=[told]) as running:
        yield running


def bearer(token: str, **more: str) -> dict[str, str]:
    """Headers of whoever holds a token."""
    return {"Authorization": f"Bearer {token}", **more}


def roles(*names: str) -> dict[str, Any]:
    """Claims that hold these roles of the issuer."""
    return {"realm_access": {"roles": list(names)}}
