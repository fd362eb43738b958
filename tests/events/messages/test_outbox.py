"""The office sees what waits and why, sends it once more, or lets it be."""

import httpx

from klaster_events.messages.delivery import deliver
from klaster_events.messages.health import outbox_check
from klaster_shared.errors import Problem
from klaster_shared.identifiers import new_id
from tests.events.conftest import Add
from tests.events.mailing import Mailbox, Outbox


class TestList:
    async def test_says_that_messages_wait_for_a_mail_server(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        event = await add()
        registration = await outbox.register(event["id"])
        await outbox.tell("confirmed", registration)
        page = (await office.get("/v1/messages?state=waiting&count=true")).json()
        assert page["total"] == 1
        [message] = page["items"]
        assert (message["kind"], message["problem"]) == ("confirmed", "No mail server is configured")
        assert "ada@example.org" not in str(page)
        outbox.clock.move(hours=1)
        summary = (await office.get("/v1/messages/summary")).json()
        assert (summary["mail_server"], summary["waiting"]) == ("none", 1)
        assert summary["counts"] == [{"state": "waiting", "kind": "confirmed", "number": 1}]

    async def test_is_filtered_by_state_kind_event_and_time(
        self, office: httpx.AsyncClient, outbox: Outbox, add: Add
    ) -> None:
        first, second = [await add(str(number)) for number in range(2)]
        for ticket, (event, kind) in enumerate([(first, "confirmed"), (first, "reminder"), (second, "confirmed")], 1):
            registration = await outbox.register(event["id"], email=f"ada{ticket}@example.org", ticket=ticket)
            await outbox.tell(kind, registration)
        for query, number in {
            "kind=confirmed": 2,
            f"event={first['id']}": 2,
            f"event={first['id']}&kind=reminder": 1,
            "due_before=2026-11-24T08:00:00Z": 0,
            "state=sent": 0,
            "limit=2": 2,
        }.items():
            assert len((await office.get(f"/v1/messages?{query}")).json()["items"]) == number, query
        page = (await office.get("/v1/messages?limit=2")).json()
        rest = (await office.get(f"/v1/messages?limit=2&cursor={page['next']}")).json()
        assert (len(rest["items"]), rest["next"]) == (1, None)

    async def test_is_empty_where_nobody_was_told_anything(self, office: httpx.AsyncClient) -> None:
        assert (await office.get("/v1/messages")).json() == {"items": [], "next": None}
        summary = (await office.get("/v1/messages/summary")).json()
        assert (summary["waiting"], summary["oldest_waiting_since"]) == (0, None)


class TestResend:
    async def test_sends_what_failed_once_more_under_its_id(
        self, office: httpx.AsyncClient, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        await outbox.tell("confirmed", await outbox.register((await add())["id"]))
        box.replies["RCPT"] = ["550 5.1.1 no such mailbox"]
        assert await deliver(outbox.post(box.server)) == {"refused": 1}
        [failed] = (await office.get("/v1/messages?state=failed")).json()["items"]
        answer = await office.post(f"/v1/messages/{failed['id']}/resend")
        assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
        assert await deliver(outbox.post(box.server)) == {"sent": 1}
        assert box.taken[0]["Message-ID"] == f"<{failed['id']}@klaster.example>"

    async def test_knows_no_message_that_is_not_there(self, office: httpx.AsyncClient) -> None:
        answer = await office.post(f"/v1/messages/{new_id()}/resend")
        assert (answer.status_code, answer.json()["code"]) == (404, "message_not_found")


class TestDrop:
    async def test_takes_a_message_that_waits_out_of_the_outbox(
        self, office: httpx.AsyncClient, outbox: Outbox, box: Mailbox, add: Add
    ) -> None:
        message = await outbox.tell("confirmed", await outbox.register((await add())["id"]))
        answer = await office.post(f"/v1/messages/{message}/drop")
        assert (answer.json()["state"], answer.json()["problem"]) == ("dropped", "by_the_office")
        assert await deliver(outbox.post(box.server)) == {}
        again = await office.post(f"/v1/messages/{message}/drop")
        assert (again.status_code, again.json()["code"]) == (409, "message_settled")


class TestHealth:
    async def test_is_well_while_nobody_waits(self, outbox: Outbox) -> None:
        await outbox_check(outbox.database, has_server=False, clock=outbox.clock)()

    async def test_says_that_people_wait_for_a_mail_server(self, outbox: Outbox, add: Add) -> None:
        await outbox.tell("confirmed", await outbox.register((await add())["id"]))
        assert "No mail server is configured: 1 messages wait" in await said(outbox, has_server=False)

    async def test_is_patient_with_a_mail_server_for_a_quarter_of_an_hour(self, outbox: Outbox, add: Add) -> None:
        await outbox.tell("confirmed", await outbox.register((await add())["id"]))
        assert await said(outbox, has_server=True) == ""
        outbox.clock.move(minutes=16)
        assert "1 messages wait" in await said(outbox, has_server=True)


async def said(outbox: Outbox, *, has_server: bool) -> str:
    """What the check complains of."""
    try:
        await outbox_check(outbox.database, has_server=has_server, clock=outbox.clock)()
    except Problem as problem:
        return problem.detail
    return ""
