"""Introductions: whom a participant should meet, why, and whom never."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from klaster_events.competitors.repository import add as add_competitor
from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.introductions.features import compare, profile_of
from klaster_events.meetings.models import Meeting
from klaster_events.participants.models import Participant
from klaster_events.participants.records import terms_of
from klaster_events.participants.repository import replace_terms
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling
from tests.events.conftest import FOUNDATION, NOW, STARTUP
from tests.events.editions.conftest import MORNING
from tests.events.meetings.conftest import HALF_PAST_TEN, TEN, Forum, Guest, Opened

HOSPITAL = UUID("01900000-0000-7000-8000-000000000003")
SEEKING: dict[str, Any] = {"seeks": ["analiza EKG"], "offers": ["dane szpitalne"], "fields": ["medicine"]}
OFFERING: dict[str, Any] = {"offers": ["Analizy EKG"], "fields": ["medicine"]}


async def suggested(forum: Forum, guest: Guest, **asked: Any) -> list[dict[str, Any]]:
    answer = await forum.anybody.get(f"{guest.link}/suggestions", params={"lang": "pl", **asked})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ids(items: list[dict[str, Any]]) -> list[UUID]:
    return [UUID(item["participant"]["id"]) for item in items]


class TestIntroduce:
    async def test_says_what_speaks_for_each_the_best_first(self, app: FastAPI, forum: Forum) -> None:
        facts = [EntityFacts(id=HOSPITAL, name="Szpital", interest_group="MED")]
        facts.append(EntityFacts(id=new_id(), name="Firma", interest_group="BIOF"))
        async with app.state.database.write() as session:
            await keep(session, facts=facts, now=NOW)
        me = await forum.guest("Ewa", entity=HOSPITAL, **SEEKING)
        best = await forum.guest("Ada", entity=facts[1].id, **OFFERING, about_pl="Pracujemy z danymi szpitalnymi.")
        second = await forum.guest("Jan", fields=["medicine"], listed=False, languages=[])
        await forum.guest("Ola", fields=["food"])
        items = await suggested(forum, me)
        assert ids(items) == [best.id, second.id]
        assert {one["name"]: one["reason"] for one in items[0]["features"]} == {
            "offer_meets_need": "Jedno oferuje to, czego szuka drugie: analiza, EKG",
            "same_field": "Ta sama dziedzina: medicine",
            "common_words": "Wspólne słowa: szpitalne",
            "common_language": "Wspólny język: polski",
            "both_free": "Liczba terminów wolnych dla obu stron: 4",
            "complementary_group": "Uzupełniające się grupy zainteresowań: MED, BIOF",
            "never_met": "Nie spotkali się jeszcze",
        }
        assert items[0]["score"] == pytest.approx(sum(one["weight"] for one in items[0]["features"]))
        assert [one["participant"]["name"] for one in items] == ["Ada", None]
        assert ids(await suggested(forum, me, limit=1)) == [best.id]
        assert ids(await suggested(forum, best)) == [me.id, second.id]

    async def test_knows_who_met_at_another_edition(self, app: FastAPI, opened: Opened) -> None:
        before, now = await opened(), await opened()
        old, new = [[await at.guest(name, **SEEKING) for name in ("Ewa", "Ada")] for at in (before, now)]
        meeting = {"asked_by_id": old[0].id, "asked_id": old[1].id, "first_id": old[0].id, "second_id": old[1].id}
        placed = {"table_id": UUID(before.tables[0]), "planned_by": "hand"}
        async with app.state.database.write() as session:
            times = {"starts_at": NOW, "ends_at": NOW, "created_at": NOW, "updated_at": NOW}
            states = {"state": "took_place", "mutual": False, "asker_priority": 1, "version": 1}
            session.add(Meeting(id=new_id(), edition_id=before.edition_id, **meeting, **placed, **times, **states))
        [item] = await suggested(now, new[0])
        assert "never_met" not in [one["name"] for one in item["features"]]

    async def test_looks_through_a_forum_of_more_people_than_it_compares(self, forum: Forum) -> None:
        me = await forum.guest("Ewa", **SEEKING)
        best = await forum.guest("Ada", **OFFERING)
        async with forum.app.state.database.write() as session:
            found = await session.get(Participant, best.id)
            await replace_terms(session, best.id, terms_of(found))
        for number in range(70):
            await forum.guest(f"Gość{number}", fields=["medicine"])
        assert ids(await suggested(forum, me, limit=1)) == [best.id]


class TestNever:
    async def test_without_a_language_or_a_time_in_common(self, forum: Forum) -> None:
        me = await forum.guest("Ewa", **SEEKING, availability=[{**MORNING, "until": "11:00"}])
        await forum.guest("Ada", **OFFERING, availability=[{**MORNING, "from": "11:00"}])
        await forum.guest("Jun", **OFFERING, languages=["ja"])
        free = await forum.guest("Jan", **OFFERING)
        [item] = await suggested(forum, me)
        assert ids([item]) == [free.id]
        assert [one["about"] for one in item["features"] if one["name"] == "both_free"] == [["2"]]

    async def test_of_competitors_or_of_the_same_entity(self, app: FastAPI, forum: Forum) -> None:
        me = await forum.guest("Ewa", entity=STARTUP, **SEEKING)
        await forum.guest("Ada", entity=STARTUP, **OFFERING)
        rival = await forum.guest("Jan", entity=FOUNDATION, **OFFERING)
        assert ids(await suggested(forum, me)) == [rival.id]
        async with app.state.database.write() as session:
            await add_competitor(session, FOUNDATION, STARTUP, now=NOW)
        assert await suggested(forum, me) == []
        assert await suggested(forum, rival) == []

    async def test_whom_one_asked_met_or_refused_or_may_not_ask(self, forum: Forum) -> None:
        me = await forum.guest("Ewa", **SEEKING)
        asked, refused, called_off = [await forum.guest(name, **OFFERING) for name in ("Ada", "Jan", "Ola")]
        investor = await forum.guest("Iza", kind="investor", **OFFERING)
        await forum.ask(me, asked)
        await forum.step(refused, await forum.ask(me, refused), "decline")
        await forum.step(me, await forum.ask(me, called_off), "cancel")
        assert ids(await suggested(forum, me)) == [called_off.id, investor.id]
        assert me.id in ids(await suggested(forum, investor))
        assert investor.id in ids(await suggested(forum, asked))

    async def test_whoever_left_nor_to_them(self, forum: Forum) -> None:
        me = await forum.guest("Ewa", **SEEKING)
        gone = await forum.guest("Ada", **OFFERING)
        await forum.change(Participant, gone.id, withdrawn_at=NOW)
        assert await suggested(forum, me) == []
        answer = await forum.anybody.get(f"{gone.link}/suggestions")
        assert (answer.status_code, answer.json()["code"]) == (404, "participant_not_found")

    async def test_for_people_whom_one_does_not_answer_for(self, app: FastAPI, base_url: str, forum: Forum) -> None:
        me, other = await forum.guest("Ewa", **SEEKING), await forum.guest("Ada", **OFFERING)
        path = f"{forum.path}/participants/{me.id}/suggestions"
        page = await forum.office.get(path)
        assert page.status_code == 200, page.text
        assert ids(page.json()["items"]) == [other.id]
        async with calling(base_url, app, "partner", entity=STARTUP) as stranger:
            assert (await stranger.get(path)).json()["code"] == "not_your_people"
        assert (await forum.anybody.get(path)).status_code == 403
        async with calling(base_url, app, "admin") as admin:
            looks = (await admin.get("/v1/privacy/looks", params={"shown": "participants"})).json()["items"]
        assert [look["role"] for look in looks] == ["office"]


class TestFeatures:
    def test_need_something_to_talk_about(self) -> None:
        two = [profile_of(self.participant(), group=group, free=[TEN, HALF_PAST_TEN]) for group in ("MED", "BIOF")]
        assert compare(*two, known={}, met=False) == []

    def participant(self) -> Participant:
        lists: dict[str, Any] = {"languages": ["pl"], "fields": [], "seeks": [], "offers": []}
        return Participant(id=new_id(), edition_id=new_id(), registration_id=new_id(), kind="company", **lists)
