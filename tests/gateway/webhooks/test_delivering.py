"""Delivering, on both engines: to real receivers on this machine."""

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from klaster_gateway.clients.feeds import ServiceFeed
from klaster_gateway.keys.operations import revoke_key
from klaster_gateway.webhooks.tidying import count, forget_old
from klaster_shared.testing.servers import test_keys as keys_folder
from tests.gateway.conftest import Asked, Service, answer_bytes
from tests.gateway.webhooks.conftest import FIRST, Hooks, Log, change, headers_of

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def says(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Length: 0", *headers, "", ""]).encode()


def positions(asked: list[Asked]) -> list[int]:
    return [int(json.loads(each.body)["data"]["position"]) for each in asked]


class TestMessage:
    async def test_is_signed_as_the_standard_says_and_tells_nothing_personal(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        await hooks.tell(change(1))
        assert await hooks.deliver() == 1
        [asked] = hooks.receiver.asked
        message = Webhook(webhook["secret"]).verify(asked.body, headers_of(asked))
        assert (asked.line, message["type"]) == (b"POST /hook HTTP/1.1", "registry.entities.updated")
        assert message["data"]["url"] == f"https://cluster.example/v1/entities/{FIRST}"
        assert b"600 000" not in asked.body
        [delivery] = await hooks.deliveries(webhook)
        assert (delivery["state"], delivery["message"]) == ("delivered", headers_of(asked)["webhook-id"])
        assert await hooks.deliver() == 0

    async def test_is_verified_by_either_secret_while_one_replaces_the_other(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        new = (await hooks.post(webhook, "rotate", {"overlap_hours": 1})).json()["secret"]
        await hooks.tell(change(1))
        await hooks.deliver()
        for secret in (webhook["secret"], new):
            Webhook(secret).verify(hooks.receiver.asked[0].body, headers_of(hooks.receiver.asked[0]))
        await hooks.post(webhook, "rotate", {"overlap_hours": 0})
        await hooks.tell(change(2))
        await hooks.deliver()
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(hooks.receiver.asked[1].body, headers_of(hooks.receiver.asked[1]))

    async def test_comes_in_the_order_of_the_feed(self, hooks: Hooks) -> None:
        await hooks.subscribe()
        await hooks.tell(*(change(number) for number in range(1, 31)))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == list(range(1, 31))

    async def test_tells_nothing_of_what_was_before_the_subscription(self, hooks: Hooks) -> None:
        await hooks.subscribe()
        await hooks.tell(change(1, at=hooks.clock() - timedelta(hours=1)), change(2, at=hooks.clock()))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == [2]


class TestFailure:
    async def test_is_tried_again_under_the_same_id_until_it_is_a_dead_letter(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        hooks.receiver.answer = answer_bytes(says("503 Busy"))
        await hooks.tell(change(1))
        hooks.later(seconds=1)
        for _ in range(10):
            assert await hooks.deliver() == 1
            assert await hooks.deliver() == 0
            hooks.later(hours=29)
            await hooks.patch(webhook, active=True)  # three days of failures pause it
        [dead] = await hooks.deliveries(webhook, state="dead")
        assert (dead["attempts"], dead["last_status"], dead["last_problem"]) == (10, 503, "It answered 503")
        assert len({headers_of(asked)["webhook-id"] for asked in hooks.receiver.asked}) == 1
        assert len({asked.body for asked in hooks.receiver.asked}) == 1
        url = f"/v1/webhooks/{webhook['id']}/deliveries/{dead['id']}"
        detail = (await hooks.gateway.client.get(url, headers=webhook["headers"])).json()
        assert [each["status"] for each in detail["tries"]] == [503] * 10
        assert await count(hooks.database, now=hooks.clock()) == {"waiting": 0, "dead": 1}

        hooks.receiver.answer = answer_bytes(OK)
        replayed = await hooks.post(webhook, f"deliveries/{dead['id']}/replay")
        again = await hooks.post(webhook, f"deliveries/{dead['id']}/replay")
        assert (replayed.status_code, again.json()["code"]) == (202, "delivery_waiting")
        await hooks.deliver()
        assert [each["state"] for each in await hooks.deliveries(webhook)] == ["delivered"]
        assert headers_of(hooks.receiver.asked[-1])["webhook-id"] == dead["message"]

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

    async def test_is_an_answer_that_never_comes_or_makes_no_sense(self, hooks: Hooks) -> None:
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


class TestFairness:
    async def test_lets_a_slow_receiver_keep_nobody_waiting(self, hooks: Hooks, other: Service) -> None:
        release = asyncio.Event()

        async def hang(asked: Asked, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await release.wait()
            writer.write(OK)

        other.answer = hang
        slow = await hooks.subscribe(url=f"{other.url}/slow")
        quick = await hooks.subscribe()
        stop = asyncio.Event()
        running = asyncio.create_task(hooks.deliverer.run(stop))
        await hooks.tell(*(change(number) for number in range(1, 6)))
        async with asyncio.timeout(20):
            while len(await hooks.deliveries(quick, state="delivered")) < 5:  # noqa: ASYNC110 # another task's doing
                await asyncio.sleep(0.02)
            assert await hooks.deliveries(slow, state="delivered") == []
            stop.set()
            release.set()
            await running
        # What was in hand is finished before it ends.
        assert len(await hooks.deliveries(slow, state="delivered")) == len(other.asked) == 1


class TestSight:
    async def test_is_asked_for_again_when_it_is_sent(self, hooks: Hooks) -> None:
        headers = await hooks.gateway.as_role("integrator")
        webhook = await hooks.subscribe(headers)
        await hooks.tell(change(1), change(2, audience="integrator"), change(3, audience="office"))
        async with hooks.database.write() as session:
            key = UUID(webhook["owner"].partition(":")[2])
            await revoke_key(session, key_id=key, may_change=lambda _version: None, now=hooks.clock())
        assert await hooks.deliver() == 0
        office = {**webhook, "headers": await hooks.gateway.as_role("office")}
        found = await hooks.read(office)
        assert (found["state"], found["reason"], len(await hooks.deliveries(office))) == ("disabled", "owner_gone", 2)
        taken_up = (await hooks.patch(office, active=True)).json()
        assert (taken_up["state"], taken_up["role"]) == ("active", "office")
        assert await hooks.deliver() == 2

    async def test_is_a_partner_s(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe(await hooks.gateway.as_role("partner", entity=FIRST))
        await hooks.tell(change(1), change(2, audience="integrator"), change(3, audience="office"))
        await hooks.deliver()
        assert positions(hooks.receiver.asked) == [1]
        assert webhook["entity"] == FIRST


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


class TestKeeping:
    async def test_ends_after_a_month(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        await hooks.tell(change(1))
        hooks.later(seconds=1)
        await hooks.deliver()
        assert await forget_old(hooks.database, now=hooks.clock() + timedelta(days=29)) == 0
        assert await forget_old(hooks.database, now=hooks.clock() + timedelta(days=31)) == 1
        assert await hooks.deliveries(webhook) == []
