"""Delivering, on both engines: to real receivers on this machine."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from klaster_gateway.keys.operations import revoke_key
from klaster_gateway.webhooks.delivering import Deliverer
from klaster_gateway.webhooks.metrics import DEAD, HOOKS, LAG, WAITING, WEBHOOKS
from klaster_gateway.webhooks.tidying import forget_old
from tests.gateway.conftest import Asked, Service, answer_bytes
from tests.gateway.webhooks.conftest import FIRST, OK, Hooks, change, headers_of, positions, says


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
        async with hooks.database.read() as session:
            told = {(gauge, *labels): value for gauge, value, labels in await WEBHOOKS.read(session, hooks.clock())}
        assert told == {(HOOKS, "active"): 1, (WAITING,): 0, (DEAD,): 1, (LAG,): 0}

        hooks.receiver.answer = answer_bytes(OK)
        replayed = await hooks.post(webhook, f"deliveries/{dead['id']}/replay")
        again = await hooks.post(webhook, f"deliveries/{dead['id']}/replay")
        assert (replayed.status_code, again.json()["code"]) == (202, "delivery_waiting")
        await hooks.deliver()
        assert [each["state"] for each in await hooks.deliveries(webhook)] == ["delivered"]
        assert headers_of(hooks.receiver.asked[-1])["webhook-id"] == dead["message"]


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

    async def test_lets_two_senders_have_a_receiver_one_after_the_other(self, hooks: Hooks) -> None:
        await hooks.subscribe()
        await hooks.tell(change(1), change(2))
        another = Deliverer(hooks.database, hooks.receivers, clock=hooks.clock, at_once=5)
        first, second = await asyncio.gather(hooks.deliverer.claim(5), another.claim(5))
        assert sorted([len(first), len(second)]) == [0, 1]
        hooks.later(seconds=50)  # whoever had it was killed
        assert len(await another.claim(5)) == 1


class TestSight:
    async def test_is_asked_for_again_when_it_is_sent(self, hooks: Hooks) -> None:
        headers = await hooks.gateway.as_role("integrator")
        webhook = await hooks.subscribe(headers)
        await hooks.tell(change(1), change(2, audience="integrator"), change(3, audience="office"))
        async with hooks.database.write() as session:
            key = UUID(webhook["owner"].partition(":")[2])
            await revoke_key(session, key_id=key, of=None, may_change=lambda _version: None, now=hooks.clock())
        assert await hooks.deliver() == 0
        office = {**webhook, "headers": await hooks.gateway.as_role("office")}
        found = await hooks.read(office)
        assert (found["state"], found["reason"], len(await hooks.deliveries(office))) == ("disabled", "owner_gone", 2)
        taken_up = (await hooks.patch(office, active=True)).json()
        assert (taken_up["state"], taken_up["role"]) == ("active", "office")
        assert await hooks.deliver() == 2


class TestKeeping:
    async def test_ends_after_a_month(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        await hooks.tell(change(1))
        hooks.later(seconds=1)
        await hooks.deliver()
        assert await forget_old(hooks.database, now=hooks.clock() + timedelta(days=29)) == 0
        assert await forget_old(hooks.database, now=hooks.clock() + timedelta(days=31)) == 1
        assert await hooks.deliveries(webhook) == []
