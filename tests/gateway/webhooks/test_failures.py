"""Receivers in trouble, and what is told to whom: one engine is enough for what happens between us and them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from klaster_gateway.grants.operations import create_grant, end_grant
from klaster_gateway.grants.schemas import GrantCreate
from klaster_gateway.webhooks.feeds import ServiceFeed
from klaster_gateway.webhooks.operations import create_webhook
from klaster_gateway.webhooks.owners import Owner, standing_role
from klaster_gateway.webhooks.schemas import WebhookCreate
from klaster_shared.database import Actor
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.gateway.conftest import Asked, Service, answer_bytes
from tests.gateway.webhooks.conftest import FIRST, OK, Hooks, Log, change, positions, says


@pytest.fixture
def database_url(own_database: str) -> str:
    """One engine."""
    return own_database


class TestTelling:
    async def test_tells_nothing_of_what_was_before_the_subscription(self, hooks: Hooks) -> None:
        await hooks.subscribe()
        await hooks.tell(change(1, at=hooks.clock() - timedelta(hours=1)), change(2, at=hooks.clock()))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == [2]

    async def test_shows_a_partner_what_is_public(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe(
            await hooks.gateway.as_role("partner", entity=FIRST, scopes=["webhooks:write", "webhooks:read"])
        )
        await hooks.tell(change(1), change(2, audience="integrator"), change(3, audience="office"))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == [1]
        assert webhook["entity"] == FIRST

    async def test_shows_a_narrowed_key_no_more_than_everybody(self, hooks: Hooks) -> None:
        narrow = ["webhooks:read", "webhooks:write"]
        webhook = await hooks.subscribe(await hooks.gateway.as_role("integrator", scopes=narrow))
        await hooks.tell(change(1), change(2, audience="integrator"))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == [1]
        assert [each["state"] for each in await hooks.deliveries(webhook)] == ["withheld", "delivered"]


class TestStanding:
    """Of a person: a grant that lets them act can end; what their token claimed cannot be asked about later."""

    async def test_ends_with_the_grant(self, hooks: Hooks) -> None:
        person = Owner("person:1", "partner", UUID(FIRST), "https://login.example", "ada")
        given = GrantCreate.model_validate({"issuer": person.issuer, "subject": "ada", "entity": FIRST})
        wanted = WebhookCreate.model_validate({"url": "https://example.org/", "types": ["registry"]})
        now = hooks.clock()
        async with hooks.database.write(actor=Actor(subject="office", role="office")) as session:
            claimed = await create_webhook(session, given=wanted, owner=person, now=now)
            grant = await create_grant(session, given=given, now=now)
            granted = await create_webhook(session, given=wanted, owner=person, now=now)
            assert (claimed.granted, granted.granted) == (False, True)
            assert await standing_role(session, granted, now=now) == "partner"
            await end_grant(session, grant_id=grant.id, may_change=lambda _version: None, now=now)
        async with hooks.database.read() as session:
            later = now + timedelta(seconds=1)
            assert await standing_role(session, granted, now=later) is None
            assert await standing_role(session, claimed, now=later) == "partner"


class TestFailure:
    async def test_pauses_a_receiver_that_takes_nothing_for_three_days(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(says("500 No"))
        await hooks.tell(change(1))
        hooks.later(seconds=1)
        await hooks.deliver()
        hooks.later(days=3)
        await hooks.deliver()
        found = await hooks.read(webhook)
        assert (found["state"], found["reason"]) == ("paused", "failing")
        await hooks.tell(change(2))
        hooks.receiver.answer = answer_bytes(OK)
        hooks.later(days=1)
        assert await hooks.deliver() == 0
        assert (await hooks.patch(webhook, active=True)).json()["failing_since"] is None
        await hooks.deliver()
        assert {each["state"] for each in await hooks.deliveries(webhook)} == {"delivered"}

    async def test_leaves_a_receiver_alone_for_as_long_as_it_asks(self, hooks: Hooks) -> None:
        await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(says("429 Slow down", "Retry-After: 3600"))
        await hooks.tell(change(1), change(2))
        hooks.later(seconds=1)
        assert await hooks.deliver() == 1
        hooks.later(seconds=3500)
        assert await hooks.deliver() == 0
        hooks.receiver.answer = answer_bytes(OK)
        hooks.later(seconds=900)
        assert await hooks.deliver() == 2

    async def test_of_one_message_does_not_keep_the_others_back(self, hooks: Hooks) -> None:
        async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(says("400 No") if positions([asked]) == [1] else OK)

        await hooks.subscribe()
        hooks.receiver.answer = answer
        await hooks.tell(change(1), change(2), change(3))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == [1, 2, 3]

    async def test_ends_the_webhook_where_the_receiver_is_gone(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(says("410 Gone"))
        await hooks.tell(change(1), change(2))
        assert await hooks.deliver() == 1
        found = await hooks.read(webhook)
        assert (found["state"], found["reason"]) == ("disabled", "gone")
        await hooks.tell(change(3))
        assert len(await hooks.deliveries(webhook)) == 2
        assert (await hooks.post(webhook, "ping")).json()["code"] == "webhook_paused"

    async def test_is_what_a_redirect_is(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(says("307 Elsewhere", f"Location: {hooks.receiver.url}/other"))
        await hooks.tell(change(1))
        assert await hooks.deliver() == 1
        assert [each["last_status"] for each in await hooks.deliveries(webhook)] == [307]

    async def test_is_an_answer_that_makes_no_sense(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(b"nonsense\r\n\r\n", then_close=True)
        await hooks.tell(change(1))
        await hooks.deliver()
        assert (await hooks.deliveries(webhook))[0]["last_problem"] == "It did not answer as a web server does"

    async def test_is_no_endless_answer(self, hooks: Hooks) -> None:
        """Only the head is read: a receiver that never ends costs nothing."""
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        webhook = await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(head + b"10000\r\n" + b"x" * 65536)
        await hooks.tell(change(1))
        await hooks.deliver()
        assert (await hooks.deliveries(webhook))[0]["state"] == "delivered"


class TestFeed:
    async def test_that_begins_anew_is_told_of_and_gone_on_from(self, hooks: Hooks, other: Service) -> None:
        async def answer(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            gone = b"after=-1" not in asked.line
            body = b'{"items":[],"next":"40"}'
            head = b"410 Gone" if gone else b"200 OK"
            writer.write(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (head, len(body), body))

        other.answer = answer
        webhook = await hooks.subscribe(types=["registry.labs"])
        feed = ServiceFeed("registry", other.url, keys_folder() / "gateway.jwk")
        page = await feed.changes(after=99)
        await feed.aclose()
        assert page.next == 40
        hooks.feeds["registry"] = Log(page.items)
        await hooks.tell()
        assert [each["type"] for each in await hooks.deliveries(webhook)] == ["registry.feed.reset"]
