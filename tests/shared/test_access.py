"""Services answer to good internal tokens alone, and each role gets what it may."""

import time
from typing import Any

import httpx
import pytest

from klaster_shared.testing.servers import signer


class TestAccess:
    async def test_refuses_a_caller_without_a_token(self, base_url: str) -> None:
        async with httpx.AsyncClient(base_url=base_url) as client:
            answer = await client.get("/v1/notes")
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"

    @pytest.mark.parametrize(
        ("role", "reads", "writes"),
        [
            ("anonymous", 200, 403),
            ("integrator", 200, 403),
            ("partner", 200, 403),
            ("device", 403, 403),
            ("office", 200, 201),
            ("admin", 200, 201),
        ],
    )
    async def test_gives_each_role_what_it_may(self, as_role: Any, role: str, reads: int, writes: int) -> None:
        async with as_role(role) as client:
            assert (await client.get("/v1/notes")).status_code == reads
            assert (await client.post("/v1/notes", json={"text": role})).status_code == writes

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"audience": "registry"}, "unauthenticated"),
            ({"scopes": ["notes:write"]}, "forbidden"),
            ({"now": time.time() - 3600}, "clock_skew"),
            ({"now": time.time() + 3600}, "clock_skew"),
        ],
    )
    async def test_refuses_a_token_for_something_else(self, base_url: str, change: dict[str, Any], code: str) -> None:
        how = {"audience": "notes", "subject": "x", "role": "admin", "scopes": ["notes:read"], **change}
        headers = {"Authorization": f"Bearer {signer().mint(**how)}"}
        async with httpx.AsyncClient(base_url=base_url, headers=headers) as client:
            answer = await client.get("/v1/notes")
        assert answer.json()["code"] == code

    async def test_refuses_a_neighbour_that_speaks_as_the_gateway(self, base_url: str) -> None:
        forger = signer("events")
        forger.issuer = "gateway"
        token = forger.mint(audience="notes", subject="x", role="admin", scopes=["notes:read"])
        async with httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {token}"}) as client:
            assert (await client.get("/v1/notes")).status_code == 401

    async def test_refuses_a_token_that_was_tampered_with(self, base_url: str) -> None:
        token = signer().mint(audience="notes", subject="x", role="anonymous", scopes=["notes:read"])
        head, body, seal = token.split(".")
        for forged in (f"{head}.{body[:-2]}xx.{seal}", f"{head}.{body}.", "nonsense", "a.b.c"):
            async with httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {forged}"}) as client:
                assert (await client.get("/v1/notes")).status_code == 401
