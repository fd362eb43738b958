"""Recognising keys costs one query a second; tokens are signed once and used for most of their minute."""

import asyncio

import httpx
import pytest

from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.caller import ANONYMOUS, Caller
from klaster_shared.testing.servers import test_keys as keys_folder
from klaster_shared.tokens import Verifier
from tests.gateway.conftest import Asked, Gateway, Service


class TestKeyRing:
    async def test_asks_the_database_once_for_all_who_wait(self, gateway: Gateway) -> None:
        key, ring = await gateway.key("office"), gateway.app.state.keys
        callers = await asyncio.gather(*(ring.caller_of(f"Bearer {key}") for _ in range(50)))
        assert len({id(caller) for caller in callers}) == 1

    async def test_goes_on_for_the_others_when_one_leaves(self, gateway: Gateway) -> None:
        key, ring = await gateway.key("office"), gateway.app.state.keys
        leaving, staying = (asyncio.create_task(ring.caller_of(f"Bearer {key}")) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        assert (await staying).role == "office"

    async def test_writes_nothing_where_nothing_was_used(self, gateway: Gateway) -> None:
        await gateway.app.state.keys.write_down_use()


class TestTokenMint:
    @pytest.fixture
    def mint(self) -> TokenMint:
        return TokenMint(keys_folder() / "gateway.jwk")

    def test_signs_once_for_one_caller_service_and_scope(self, mint: TokenMint) -> None:
        first = mint.token(ANONYMOUS, service="registry", scope="things:read")
        assert mint.token(ANONYMOUS, service="registry", scope="things:read") is first

    def test_signs_anew_for_another_of_them(self, mint: TokenMint) -> None:
        other = Caller(subject="key:1", role="office")
        tokens = {
            mint.token(ANONYMOUS, service="registry", scope="things:read"),
            mint.token(ANONYMOUS, service="registry", scope="things:write"),
            mint.token(ANONYMOUS, service="events", scope="things:read"),
            mint.token(other, service="registry", scope="things:read"),
        }
        assert len(tokens) == 4

    def test_signs_for_one_service_and_one_scope(self, mint: TokenMint) -> None:
        token = mint.token(ANONYMOUS, service="registry", scope="things:read")
        claims = Verifier("registry", keys_folder() / "jwks.json").verify(token)
        assert (claims.subject, claims.role, claims.scopes) == ("anonymous", "anonymous", {"things:read"})

    def test_says_what_is_missing_without_a_key_of_its_own(self) -> None:
        with pytest.raises(RuntimeError, match="GATEWAY_PRIVATE_KEY_FILE"):
            TokenMint(None).token(ANONYMOUS, service="registry", scope="things:read")


class TestStreams:
    async def test_end_with_the_key_that_opened_them(self, gateway: Gateway, service: Service) -> None:
        async def flow(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"3\r\nabc\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)

        service.answer = flow
        admin = await gateway.as_role("admin")
        wanted = {"name": "follower", "role": "integrator"}
        made = (await gateway.client.post("/v1/keys", headers=admin, json=wanted)).json()
        following = {"Authorization": f"Bearer {made['key']}", "Accept": "text/event-stream"}

        async def follow(headers: dict[str, str]) -> None:
            try:
                async with gateway.client.stream("GET", "/v1/things", headers=headers) as answer:
                    async for _ in answer.aiter_raw():
                        pass
            except httpx.RemoteProtocolError:
                pass  # cut short: nobody takes it for the whole of it

        revoked, other = (
            asyncio.create_task(follow(following)),
            asyncio.create_task(follow({**admin, "Accept": "text/event-stream"})),
        )
        await asyncio.sleep(0.7)  # it is looked at meanwhile, and goes on
        assert not revoked.done()
        path = f"/v1/keys/{made['id']}"
        assert (await gateway.client.delete(path, headers={**admin, "If-Match": '"1"'})).status_code == 204
        async with asyncio.timeout(30):
            await revoked
        assert not other.done()
        other.cancel()
