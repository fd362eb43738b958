"""What comes of meetings: how they went, as each says, the project, one's agenda, and what is forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from klaster_events.database import METADATA
from klaster_events.meetings.deciding import tell_of_decision
from klaster_events.privacy.operations import erase_people
from klaster_events.proposing.learning import learn_decisions
from klaster_events.proposing.sending import send_proposals
from tests.events.conftest import FOUNDATION, STARTUP, FakeRegistry
from tests.events.meetings.conftest import TEN, Forum, Guest

AFTER = datetime(2026, 11, 25, 9, 45, tzinfo=UTC)
WENT_WELL: dict[str, Any] = {
    "took_place": True,
    "rating": 5,
    "next_step": "project",
    "note": "Wracamy do tego w czerwcu",
}
PROJECT = {"title": {"pl": "EKG w chmurze", "en": "ECG in the cloud"}, "kinds": ["rdi"], "note": "Po forum"}
Two = tuple[Guest, Guest, dict[str, Any]]


@pytest.fixture
async def two(forum: Forum) -> Two:
    """Two who had a meeting at ten, and it is a quarter to eleven."""
    ada, ewa = await forum.guest("Ada", entity=STARTUP), await forum.guest("Ewa", entity=FOUNDATION)
    agreed = await forum.agreed(ada, ewa, message="Pokażemy EKG")
    early = await forum.step(ada, agreed, "outcome", took_place=True)
    assert early.json()["code"] == "wrong_meeting_state"
    assert (await forum.step(ada, agreed, "schedule", starts_at=TEN)).status_code == 200
    forum.app.state.clock = lambda: AFTER
    return ada, ewa, agreed


class TestOutcome:
    async def test_is_each_side_s_own_and_the_office_s(
        self, forum: Forum, two: Two, startup: httpx.AsyncClient, foundation: httpx.AsyncClient
    ) -> None:
        ada, ewa, meeting = two
        assert (await forum.step(ewa, meeting, "outcome", took_place=False)).json()["state"] == "missed"
        said = (await forum.step(ada, meeting, "outcome", **WENT_WELL)).json()
        assert (said["state"], said["outcome"]) == ("took_place", WENT_WELL)
        [seen] = (await forum.anybody.get(ewa.meetings)).json()["items"]
        assert seen["outcome"] == {"took_place": False, "rating": None, "next_step": "none", "note": None}
        path = f"/v1/lsos/meetings/{meeting['id']}"
        assert (await foundation.get(path)).json()["sides"]["asker"]["outcome"] is None
        assert (await startup.get(path)).json()["sides"]["asker"]["outcome"] == WENT_WELL
        assert (await forum.office.get(path)).json()["sides"]["asker"]["outcome"]["note"] == WENT_WELL["note"]
        changes = (await forum.office.get("/v1/events/changes", params={"limit": 500})).text
        assert WENT_WELL["note"] not in changes
        assert "Pokażemy" not in changes

    async def test_can_be_said_anew_and_by_the_office_for_a_side(self, forum: Forum, two: Two) -> None:
        ada, _ewa, meeting = two
        assert (await forum.act(meeting, "outcome", **WENT_WELL)).json()["errors"][0]["code"] == "side_needed"
        await forum.act(meeting, "outcome", side="asker", **WENT_WELL)
        again = (await forum.step(ada, meeting, "outcome", took_place=True, rating=3)).json()
        assert again["outcome"] == {"took_place": True, "rating": 3, "next_step": "none", "note": None}
        assert (await forum.step(ada, meeting, "cancel")).json()["code"] == "wrong_meeting_state"
        wrong = await forum.step(ada, meeting, "outcome", took_place=True, rating=6)
        assert wrong.json()["errors"][0]["pointer"] == "/rating"


class TestProject:
    async def test_is_proposed_to_the_registry_once_and_when_it_answers(
        self, forum: Forum, two: Two, registry: FakeRegistry
    ) -> None:
        ada, ewa, meeting = two
        assert (await forum.step(ada, meeting, "project", **PROJECT)).json()["code"] == "wrong_meeting_state"
        await forum.step(ada, meeting, "outcome", **WENT_WELL)
        made = (await forum.step(ada, meeting, "project", **PROJECT)).json()
        assert (made["project"]["state"], made["may"]) == ("waiting", ["outcome"])
        assert (await forum.step(ewa, meeting, "project", **PROJECT)).status_code == 200
        client, database = forum.app.state.registry, forum.app.state.database
        registry.away = True
        assert (await send_proposals(database, client, clock=lambda: AFTER))["away"] == 1
        registry.away = False
        assert (await send_proposals(database, client, clock=lambda: AFTER + timedelta(minutes=1)))["sent"] == 1
        [(key, sent)] = registry.proposals.items()
        assert (key, sent["for"], sent["role"]) == (meeting["id"], str(STARTUP), "partner")
        change = sent["body"]["change"]
        assert (sent["body"]["target"]["collection"], change["source_key"]) == ("projects", meeting["id"])
        assert change["origin"] == {"kind": "meeting", "url": f"/v1/lsos/meetings/{meeting['id']}"}
        assert [one["entity"] for one in change["partners"]] == [str(STARTUP), str(FOUNDATION)]
        [shown] = (await forum.anybody.get(ewa.meetings)).json()["items"]
        assert shown["project"]["state"] == "sent"

    @pytest.mark.parametrize(
        ("decision", "kind", "says"),
        [("accepted", "project_accepted", "See the project"), ("rejected", "project_rejected", "did not accept")],
    )
    async def test_is_told_of_to_both_when_the_office_has_decided(
        self, forum: Forum, two: Two, registry: FakeRegistry, decision: str, kind: str, says: str
    ) -> None:
        ada, ewa, meeting = two
        await forum.step(ada, meeting, "outcome", **WENT_WELL)
        await forum.step(ada, meeting, "project", **PROJECT)
        client, database = forum.app.state.registry, forum.app.state.database
        await send_proposals(database, client, clock=lambda: AFTER)
        registry.decides(meeting["id"], decision, "Biuro pisze <to>")
        later = AFTER + timedelta(days=3)  # the event is over

        for _ in range(2):
            await learn_decisions(database, client, tell=tell_of_decision, clock=lambda: later)

        [shown] = (await forum.anybody.get(ewa.meetings)).json()["items"]
        project = shown["project"]
        assert (project["state"], project["answer"]) == (decision, "Biuro pisze <to>")
        assert sorted(await forum.told(kind)) == sorted([ada.person, ewa.person])
        page = (await forum.anybody.get(f"{ada.link}/agenda?lang=en", headers={"Accept": "text/html"})).text
        assert says in page
        assert "Biuro pisze &lt;to&gt;" in page
        assert (project["record"] in page) == (decision == "accepted")
        changes = (await forum.office.get("/v1/events/changes", params={"limit": 500})).json()["items"]
        assert [one["id"] for one in changes if one["changed"] == ["project"]] == [meeting["id"]] * 2

    async def test_is_nobody_s_news_once_its_meeting_is_forgotten(
        self, forum: Forum, two: Two, registry: FakeRegistry
    ) -> None:
        ada, _ewa, meeting = two
        await forum.step(ada, meeting, "outcome", **WENT_WELL)
        await forum.step(ada, meeting, "project", **PROJECT)
        client, database = forum.app.state.registry, forum.app.state.database
        await send_proposals(database, client, clock=lambda: AFTER)
        registry.decides(meeting["id"], "accepted")
        async with database.write() as session:
            await session.execute(delete(METADATA.tables["meetings"]))

        learnt = await learn_decisions(
            database, client, tell=tell_of_decision, clock=lambda: AFTER + timedelta(minutes=1)
        )

        assert learnt["decided"] == 1
        assert await forum.told("project_accepted") == []

    async def test_needs_an_entity_that_proposes_it(self, forum: Forum) -> None:
        ada, ewa = await forum.guest("Ada"), await forum.guest("Ewa")
        meeting = await forum.agreed(ada, ewa)
        await forum.step(ada, meeting, "schedule", starts_at=TEN)
        forum.app.state.clock = lambda: AFTER
        await forum.step(ada, meeting, "outcome", took_place=True)
        answer = await forum.step(ada, meeting, "project", **PROJECT)
        assert answer.json()["code"] == "project_needs_entity"


class TestAgenda:
    async def test_holds_one_s_meetings(self, forum: Forum, two: Two) -> None:
        ada, ewa, meeting = two
        [line] = (await forum.anybody.get(f"{ewa.link}/agenda")).json()["items"]
        assert (line["kind"], line["id"], line["starts_at"], line["place"]) == ("meeting", meeting["id"], TEN, "A1")
        assert line["title"] == "Meeting: Ada, Cardiomatics"
        assert "Spotkanie: Ewa" in (await forum.anybody.get(f"{ada.link}/agenda.ics")).text


class TestForgetting:
    async def test_takes_what_a_person_wrote_and_leaves_that_two_met(self, forum: Forum, two: Two) -> None:
        ada, ewa, meeting = two
        await forum.step(ada, meeting, "outcome", **WENT_WELL)
        await forum.step(ewa, meeting, "outcome", took_place=True, note="Ciekawe")
        async with forum.app.state.database.write() as session:
            await erase_people(session, ids=[ada.person], reason="asked", now=AFTER)
        async with forum.app.state.database.read() as session:
            left = (await session.execute(select(METADATA.tables["meeting_texts"].c.person_id))).scalars().all()
        assert left == [ewa.person]
        [shown] = (await forum.anybody.get(ewa.meetings)).json()["items"]
        assert (shown["state"], shown["message"], shown["with"]["name"]) == ("took_place", None, None)
