"""The outbox is worked off: nothing lost, nothing said twice without need, nobody kept waiting by a sick server."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import SecretStr
from sqlalchemy import text

from klaster_events.clients.mail import MailServer
from klaster_events.messages.delivery import BATCH, deliver, pause_after
from tests.events.conftest import Add
from tests.events.mailing import Mailbox, Outbox, mail_server, silent_server


async def told(outbox: Outbox, add: Add, number: int = 1, kind: str = "confirmed") -> None:
    """So many people of one event who are to be told something."""
    event = await add()
    for ticket in range(1, number + 1):
        registration = await outbox.register(event["id"], email=f"ada{ticket}@example.org", ticket=ticket)
        await outbox.tell(kind, registration)


class TestDeliver:
    async def test_sends_each_message_once(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        await told(outbox, add, number=3)
        assert await deliver(outbox.post(box.server)) == {"sent": 3}
        assert await deliver(outbox.post(box.server)) == {}
        assert sorted(box.recipients) == ["ada1@example.org", "ada2@example.org", "ada3@example.org"]
        messages = await outbox.messages()
        assert [(message.state, message.attempts, message.sent_at) for message in messages] == [
            ("sent", 1, outbox.clock.now)
        ] * 3
        assert {message["Message-ID"] for message in box.taken} == {
            f"<{message.id}@klaster.example>" for message in messages
        }

    async def test_uses_one_connection_for_many_messages(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        await told(outbox, add, number=2 * BATCH + 1)
        assert await deliver(outbox.post(box.server)) == {"sent": 2 * BATCH + 1}
        assert box.connections == 1

    async def test_sends_nothing_twice_where_several_send(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        await told(outbox, add, number=40)
        await asyncio.gather(*(deliver(outbox.post(box.server, connections=2)) for _ in range(3)))
        assert len(box.recipients) == len(set(box.recipients)) == 40

    async def test_lets_messages_wait_where_there_is_no_mail_server(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await told(outbox, add)
        assert await deliver(outbox.post(None)) == {"waiting_for": "mail_server"}
        [message] = await outbox.messages()
        assert (message.state, message.attempts) == ("waiting", 0)
        assert await deliver(outbox.post(box.server)) == {"sent": 1}

    async def test_sends_a_message_once_more_under_its_id_after_a_connection_cut_in_data(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await told(outbox, add)
        box.cut_after_data = 1
        assert (await deliver(outbox.post(box.server)))["later"] == 1
        [message] = await outbox.messages()
        assert (message.state, message.problem) == ("waiting", "The mail server hung up")
        outbox.clock.move(hours=1)
        assert await deliver(outbox.post(box.server)) == {"sent": 1}
        first, second = box.taken
        assert first["Message-ID"] == second["Message-ID"]

    async def test_opens_a_new_connection_where_the_server_ends_one_between_messages(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await told(outbox, add, number=2)
        box.replies["RCPT"] = ["250 OK", "421 4.3.2 too many messages"]
        assert await deliver(outbox.post(box.server)) == {"sent": 2}
        assert box.connections == 2

    async def test_tries_again_later_what_is_refused_for_now(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        await told(outbox, add)
        box.replies["RCPT"] = ["450 4.7.1 greylisted, ada1@example.org"]
        assert await deliver(outbox.post(box.server)) == {"later": 1}
        [message] = await outbox.messages()
        assert message.problem == "The mail server does not take the message yet: 450 4.7.1"
        assert message.due_at > outbox.clock.now
        assert await deliver(outbox.post(box.server)) == {}
        outbox.clock.move(minutes=2)
        assert await deliver(outbox.post(box.server)) == {"sent": 1}

    async def test_gives_up_what_is_refused_for_good_with_a_reason_that_names_nobody(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await told(outbox, add, number=2)
        box.replies["RCPT"] = ["550 5.1.1 <ada1@example.org>: no such mailbox"]
        assert await deliver(outbox.post(box.server)) == {"refused": 1, "sent": 1}
        first, second = await outbox.messages()
        assert (first.state, first.problem) == ("failed", "The mail server refuses the message: 550 5.1.1")
        assert second.state == "sent"

    async def test_gives_up_a_message_that_was_put_off_for_days(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        event = await add(starts_at="2027-01-01T00:00:00Z", ends_at="2027-01-02T00:00:00Z")
        await outbox.tell("confirmed", await outbox.register(event["id"]))
        async with outbox.database.write() as session:
            await session.execute(text("UPDATE messages SET attempts = 20"))
        outbox.clock.move(days=5)
        box.replies["DATA"] = ["451 4.3.0 try later"]
        assert await deliver(outbox.post(box.server)) == {"later": 1}
        assert [message.state for message in await outbox.messages()] == ["failed"]

    async def test_is_not_held_up_by_a_server_that_says_nothing(self, outbox: Outbox, add: Add) -> None:
        await told(outbox, add, number=BATCH)
        async with silent_server() as server:
            result = await deliver(outbox.post(server))
        assert result["away"] == "The mail server was silent for too long"
        messages = await outbox.messages()
        assert {message.state for message in messages} == {"waiting"}
        # One was tried for all of them; the others lost no attempt.
        assert sorted(message.attempts for message in messages) == [0] * (BATCH - 1) + [1]
        assert all(outbox.clock.now < message.due_at for message in messages)

    @pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
    async def test_says_who_it_is_and_blames_no_message_where_the_server_does_not_know_it(
        self, outbox: Outbox, add: Add
    ) -> None:
        await told(outbox, add, number=2)
        known = LoginPassword(b"klaster", b"right")
        options = {
            "authenticator": lambda *given: AuthResult(success=given[-1] == known, handled=False),
            "auth_required": True,
            "auth_require_tls": False,
        }
        async with mail_server(**options) as box:
            wrong = replace(box.server, username="klaster", password=SecretStr("wrong"))
            answer = await deliver(outbox.post(wrong))
            assert answer["away"] == "The mail server refuses this service: 535 5.7.8"
            assert {message.state for message in await outbox.messages()} == {"waiting"}
            outbox.clock.move(minutes=6)
            right = replace(box.server, username="klaster", password=SecretStr("right"))
            assert await deliver(outbox.post(right)) == {"sent": 2}

    async def test_survives_a_server_that_is_away(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        await told(outbox, add)
        nowhere = MailServer(host="127.0.0.1", port=1, security="none", timeout=1)
        assert (await deliver(outbox.post(nowhere)))["later"] == 1
        outbox.clock.move(minutes=6)
        assert await deliver(outbox.post(box.server)) == {"sent": 1}

    async def test_leaves_the_messages_of_a_killed_worker_to_the_next_one(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await told(outbox, add)
        box.holding = asyncio.Event()
        killed = asyncio.create_task(deliver(outbox.post(box.server)))
        await box.reached.wait()
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        box.holding.set()
        box.taken.clear()
        assert await deliver(outbox.post(box.server)) == {}  # its lease still runs
        outbox.clock.move(minutes=10)
        assert await deliver(outbox.post(box.server)) == {"sent": 1}

    async def test_marks_what_was_sent_even_where_the_office_dropped_it_meanwhile(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await told(outbox, add)
        box.holding = asyncio.Event()
        sending = asyncio.create_task(deliver(outbox.post(box.server)))
        await box.reached.wait()
        async with outbox.database.write() as session:
            await session.execute(text("UPDATE messages SET state = 'dropped'"))
        box.holding.set()
        await sending
        assert [message.state for message in await outbox.messages()] == ["sent"]

    async def test_drops_what_has_become_pointless_with_its_reason(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        event = await add()
        gone = await outbox.register(event["id"], email="gone@example.org", ticket=1)
        left = await outbox.register(event["id"], email="left@example.org", ticket=2, state="cancelled")
        await outbox.tell("confirmed", gone)
        await outbox.tell("confirmed", left)
        async with outbox.database.write() as session:
            await session.execute(text("DELETE FROM people WHERE email = 'gone@example.org'"))
        assert await deliver(outbox.post(box.server)) == {"dropped": 2}
        assert [message.problem for message in await outbox.messages()] == ["person_erased", "outdated"]

    async def test_drops_a_reminder_of_what_has_begun(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        await told(outbox, add, kind="reminder")
        assert await deliver(outbox.post(None)) == {"waiting_for": "mail_server"}
        outbox.clock.move(days=2)
        assert await deliver(outbox.post(box.server)) == {"dropped": 1}
        assert [message.problem for message in await outbox.messages()] == ["event_began"]

    async def test_says_nothing_about_a_demonstration(self, outbox: Outbox, box: Mailbox, add: Add) -> None:
        registration = await outbox.register((await add(demonstration=True))["id"])
        await outbox.tell("confirmed", registration)
        assert await deliver(outbox.post(box.server)) == {"dropped": 1}

    async def test_takes_a_letter_of_every_alphabet_to_every_address(
        self, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        event = await add("Śniadanie naukowe: żółć i jaźń 🧬")
        for ticket, address in enumerate(["łódź@example.org", "ada@żółw.example"], 1):
            registration = await outbox.register(event["id"], email=address, ticket=ticket)
            await outbox.tell("confirmed", registration)
        assert await deliver(outbox.post(box.server)) == {"sent": 2}
        assert box.taken[0]["Subject"] == "Masz miejsce: Śniadanie naukowe: żółć i jaźń 🧬"
        assert sorted(box.recipients) == ["ada@xn--w-uga1v8h.example", "łódź@example.org"]


class TestPause:
    def test_grows_and_never_beyond_an_hour(self) -> None:
        assert pause_after(1) <= timedelta(seconds=30)
        assert timedelta(seconds=240) <= pause_after(5) <= timedelta(seconds=480)
        assert timedelta(minutes=30) <= pause_after(60) <= timedelta(hours=1)
