"""Asking for meetings: by the rules of the edition, once, and answered in time or not at all."""

from datetime import timedelta

import httpx

from klaster_events.participants.models import Participant
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, NOW, STARTUP
from tests.events.meetings.conftest import Forum, Opened


class TestRequest:
    async def test_reaches_the_other_with_its_message_and_nobody_else(
        self, forum: Forum, startup: httpx.AsyncClient, foundation: httpx.AsyncClient
    ) -> None:
        ada = await forum.guest("Ada", entity=STARTUP)
        ewa = await forum.guest("Ewa", entity=FOUNDATION, listed=False)
        jan = await forum.guest("Jan")
        made = await forum.ask(ada, ewa, message="Pokażemy EKG", priority=3)
        assert (made["state"], made["side"], made["may"], made["with"]["name"]) == (
            "requested",
            "asker",
            ["cancel"],
            None,
        )
        answer = await forum.anybody.get(ewa.meetings, params={"count": "true"})
        [seen] = answer.json()["items"]
        assert answer.headers["cache-control"] == "private, no-store"
        assert (seen["message"], seen["with"]["name"], seen["may"]) == ("Pokażemy EKG", "Ada", ["accept", "decline"])
        assert seen["with"]["entity"]["name"] == "Cardiomatics"
        assert (await forum.anybody.get(jan.meetings)).json()["items"] == []
        assert (await forum.step(jan, made, "accept")).json()["code"] == "meeting_not_found"
        assert await forum.told("meeting_requested") == [ewa.person]
        for client in (startup, foundation, forum.office):
            [listed] = (await client.get(f"{forum.path}/meetings")).json()["items"]
            assert "message" not in listed
            full = (await client.get(f"/v1/lsos/meetings/{made['id']}")).json()
            assert full["message"] == "Pokażemy EKG"
        assert full["sides"]["asked"]["name"] == "Ewa"
        assert (await startup.get(f"/v1/lsos/meetings/{made['id']}")).json()["sides"]["asked"]["name"] is None
        async with calling(str(forum.office.base_url), forum.app, "partner", entity=new_id()) as stranger:
            assert (await stranger.get(f"{forum.path}/meetings")).json()["items"] == []
            assert (await stranger.get(f"/v1/lsos/meetings/{made['id']}")).status_code == 404

    async def test_is_no_matter_of_an_entity_that_did_not_register_the_person(
        self, forum: Forum, startup: httpx.AsyncClient
    ) -> None:
        ada, ewa = await forum.guest("Ada", entity=STARTUP, origin="self"), await forum.guest("Ewa")
        asked = {"asked_by": str(ada.id), "asked": str(ewa.id)}
        assert (await startup.post(f"{forum.path}/meetings", json=asked)).status_code in {403, 404}
        made = (await forum.office.post(f"{forum.path}/meetings", json=asked)).json()
        assert (await startup.get(f"{forum.path}/meetings")).json()["items"] == []
        assert (await startup.get(f"/v1/lsos/meetings/{made['id']}")).status_code == 404

    async def test_is_refused_with_the_reason(self, forum: Forum, startup: httpx.AsyncClient) -> None:
        ada, ewa = await forum.guest("Ada", entity=STARTUP), await forum.guest("Ewa")
        iga, leo = await forum.guest("Iga", "investor"), await forum.guest("Leo", "investor")
        gone = await forum.guest("Olga", withdrawn_at=NOW)

        async def refused(client: httpx.AsyncClient, by: object, of: object) -> tuple[int, str]:
            answer = await client.post(f"{forum.path}/meetings", json={"asked_by": str(by), "asked": str(of)})
            problem = answer.json()
            [error] = problem["errors"] or [{}]
            return answer.status_code, error.get("code") or problem["code"]

        assert await refused(forum.office, iga.id, leo.id) == (409, "may_not_ask")
        assert await refused(forum.office, ada.id, ada.id) == (422, "same_participant")
        assert await refused(forum.office, ada.id, new_id()) == (422, "unknown_participant")
        assert await refused(forum.office, ada.id, gone.id) == (422, "participant_gone")
        assert await refused(startup, ewa.id, ada.id) == (403, "not_your_participant")
        await forum.ask(ada, ewa)
        assert await refused(startup, ada.id, ewa.id) == (409, "meeting_exists")
        assert len(await forum.meetings()) == 1

    async def test_of_both_sides_is_a_yes_of_both(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        first = await forum.ask(ada, ewa, priority=3)
        second = await forum.ask(ewa, ada, priority=1)
        assert (second["id"], second["state"], second["mutual"]) == (first["id"], "accepted", True)
        assert (second["asker_priority"], second["asked_priority"]) == (3, 1)

    async def test_is_accepted_by_itself_where_the_edition_says_so(self, opened: Opened) -> None:
        forum = await opened(acceptance="automatic")
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        assert (await forum.ask(ada, ewa))["state"] == "accepted"
        assert await forum.told("meeting_accepted") == [ewa.person]

    async def test_comes_too_late_once_the_edition_says_so(self, opened: Opened) -> None:
        forum = await opened(requests_until="2026-11-24T10:00:00Z")
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        forum.app.state.clock = lambda: NOW + timedelta(hours=1)
        answer = await forum.anybody.post(ada.meetings, json={"asked": str(ewa.id)})
        assert (answer.status_code, answer.json()["code"]) == (409, "meetings_closed")

    async def test_goes_page_by_page(self, forum: Forum) -> None:
        ada = await forum.guest("Ada")
        for name in ("Ewa", "Iga", "Jan"):
            await forum.ask(ada, await forum.guest(name))
        first = (await forum.anybody.get(ada.meetings, params={"limit": 2, "count": "true"})).json()
        rest = (await forum.anybody.get(ada.meetings, params={"limit": 2, "cursor": first["next"]})).json()
        assert first["total"] == len({one["id"] for page in (first, rest) for one in page["items"]}) == 3
        assert rest["next"] is None
        office = (await forum.office.get(f"{forum.path}/meetings", params={"limit": 2})).json()
        assert office["items"][0]["id"] == first["items"][0]["id"]

    async def test_of_a_demonstration_tells_nobody(self, opened: Opened) -> None:
        forum = await opened(demonstration=True)
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        assert (await forum.ask(ada, ewa))["demonstration"] is True
        assert await forum.told("meeting_requested") == []


class TestAnswer:
    async def test_is_for_whoever_was_asked(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        made = await forum.ask(ada, ewa)
        assert (await forum.step(ada, made, "accept")).json()["code"] == "not_your_meeting"
        accepted = await forum.step(ewa, made, "accept", priority=1)
        assert (accepted.json()["state"], accepted.json()["asked_priority"]) == ("accepted", 1)
        assert await forum.told("meeting_accepted") == [ada.person]
        assert (await forum.step(ewa, made, "accept")).json()["code"] == "wrong_meeting_state"
        assert (await forum.step(ewa, made, "decline")).json()["code"] == "wrong_meeting_state"

    async def test_no_holds_for_whoever_asked_and_not_for_whoever_was(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        made = await forum.ask(ada, ewa)
        assert (await forum.step(ewa, made, "decline")).json()["state"] == "declined"
        again = await forum.anybody.post(ada.meetings, json={"asked": str(ewa.id)})
        assert again.json()["code"] == "meeting_was_declined"
        assert (await forum.ask(ewa, ada))["state"] == "requested"

    async def test_needs_the_version_that_was_read_where_the_office_gives_it(self, forum: Forum) -> None:
        made = await forum.ask(await forum.guest("Ada"), await forum.guest("Ewa"))
        path = f"/v1/lsos/meetings/{made['id']}/accept"
        assert (await forum.office.post(path)).status_code == 428
        assert (await forum.office.post(path, headers={"If-Match": '"7"'})).status_code == 412
        assert (await forum.office.post(path, headers={"If-Match": '"1"'})).json()["state"] == "accepted"


class TestCancel:
    async def test_takes_a_request_back_and_calls_a_meeting_off(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        asked = await forum.ask(ada, ewa)
        assert (await forum.step(ewa, asked, "cancel")).json()["code"] == "not_your_meeting"
        assert (await forum.step(ada, asked, "cancel")).json()["ended_by"] == "asker"
        assert await forum.told("meeting_cancelled") == []
        agreed = await forum.agreed(ada, ewa)
        assert (await forum.step(ewa, agreed, "cancel")).json()["ended_by"] == "asked"
        assert await forum.told("meeting_cancelled") == [ada.person]
        assert (await forum.act(agreed, "cancel")).json()["code"] == "wrong_meeting_state"

    async def test_is_asked_of_nobody_who_takes_no_part(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        await forum.change(Participant, ewa.id, withdrawn_at=NOW)
        answer = await forum.anybody.post(ada.meetings, json={"asked": str(ewa.id)})
        assert answer.json()["errors"][0]["code"] == "participant_gone"
