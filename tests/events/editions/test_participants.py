"""Participants: registered for the event, with a profile of their own; names for those who may know them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.participants.operations import withdraw_gone
from klaster_shared.identifiers import new_id
from klaster_shared.testing.servers import calling
from tests.events.conftest import NOW, STARTUP, Add, ada
from tests.events.editions.conftest import FORUM, MATCH, MORNING, Open

Forum = tuple[str, dict[str, Any]]
Join = Callable[..., Awaitable[dict[str, Any]]]
PROFILE = {"kind": "company", "languages": ["pl"], "fields": ["medicine"], "seeks": ["Szpital"], "listed": True}


@pytest.fixture
async def forum(add: Add, open_edition: Open) -> Forum:
    """An open edition, and its event."""
    event = await add("LifeScience Open Space", **FORUM)
    return await open_edition("T01", event=event), event


async def registered(client: httpx.AsyncClient, event: dict[str, Any], number: int | str = "", **more: Any) -> str:
    answer = await client.post(f"/v1/events/{event['id']}/registrations", json={**ada(number), **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


@pytest.fixture
def join(office: httpx.AsyncClient, forum: Forum) -> Join:
    """Registers somebody, who takes part; other properties as the API takes them."""

    async def joined(number: int | str = "", client: httpx.AsyncClient | None = None, **profile: Any) -> dict[str, Any]:
        path, event = forum
        caller = client or office
        body = {"registration": await registered(caller, event, number), **PROFILE, **profile}
        answer = await caller.post(f"{path}/participants", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return joined


class TestJoin:
    async def test_needs_a_confirmed_registration_an_open_edition_and_comes_once(
        self, office: httpx.AsyncClient, forum: Forum, join: Join
    ) -> None:
        path, event = forum
        made = await join()
        again = {"registration": made["own"]["registration_id"], **PROFILE}
        assert (await office.post(f"{path}/participants", json=again)).json()["code"] == "already_takes_part"
        other = await registered(office, event, 2)
        await office.post(f"/v1/events/{event['id']}/registrations/{other}/cancel")
        refused = await office.post(f"{path}/participants", json={**again, "registration": other})
        assert (refused.status_code, refused.json()["code"]) == (409, "not_registered")
        await office.post(f"{path}/close", headers=MATCH)
        third = {**again, "registration": await registered(office, event, 3)}
        assert (await office.post(f"{path}/participants", json=third)).json()["code"] == "forum_edition_not_open"
        assert (await office.get(f"{path}/participants", params={"count": "true"})).json()["total"] == 1

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"registration": str(new_id())}, "/registration"),
            ({"kind": "bank"}, "/kind"),
            ({"languages": ["xx"]}, "/languages/0"),
            ({"availability": [{**MORNING, "day": 5}]}, "/availability/0"),
            ({"cap": 0}, "/cap"),
            ({"about": {}}, "/about"),
        ],
    )
    async def test_refuses_what_cannot_be(
        self, office: httpx.AsyncClient, forum: Forum, wrong: dict[str, Any], pointer: str
    ) -> None:
        path, event = forum
        body = {"registration": await registered(office, event), **PROFILE, **wrong}
        answer = await office.post(f"{path}/participants", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
        assert (await office.get(f"{path}/participants")).json()["items"] == []

    async def test_is_for_a_partner_with_the_people_whom_it_registered(
        self,
        office: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        anybody: httpx.AsyncClient,
        forum: Forum,
        join: Join,
    ) -> None:
        path, event = forum
        own = await join(1, client=startup)
        assert own["entity"] == {"id": str(STARTUP), "name": "Cardiomatics"}
        theirs = {"registration": await registered(office, event, 2), **PROFILE}
        assert (await startup.post(f"{path}/participants", json=theirs)).json()["code"] == "not_your_people"
        other = (await office.post(f"{path}/participants", json=theirs)).json()
        place = f"{path}/participants/{other['id']}"
        assert (await startup.patch(place, json={"cap": 1}, headers=MATCH)).json()["code"] == "not_your_people"
        assert (await startup.post(f"{place}/withdraw", headers=MATCH)).json()["code"] == "not_your_people"
        assert (await startup.get(f"{place}/availability")).json()["code"] == "not_your_people"
        assert (await anybody.get(f"{path}/participants")).status_code in {401, 403}


class TestList:
    async def test_names_those_who_said_so_and_one_s_own_people(
        self,
        app: FastAPI,
        base_url: str,
        office: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        join: Join,
        forum: Forum,
    ) -> None:
        path, event = forum
        await join(1)
        await join(2, listed=False)
        await join(3, client=startup, listed=False, availability=[MORNING])
        answer = await startup.get(f"{path}/participants")
        shown = answer.json()["items"]
        assert [one["name"] for one in shown] == ["Ada Przykładowa", None, "Ada Przykładowa"]
        assert [one["own"] is None for one in shown] == [True, True, False]
        assert "example.org" not in answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        all_named = (await office.get(f"{path}/participants")).json()["items"]
        assert [one["name"] for one in all_named] == ["Ada Przykładowa"] * 3
        async with calling(base_url, app, "admin") as admin:
            looks = (await admin.get("/v1/privacy/looks", params={"event": event["id"]})).json()["items"]
        assert [(look["role"], look["shown"]) for look in looks] == [
            ("office", "participants"),
            ("partner", "participants"),
        ]

    async def test_goes_page_by_page_through_what_the_filters_leave(
        self, office: httpx.AsyncClient, join: Join, forum: Forum
    ) -> None:
        path, _event = forum
        for number in range(3):
            await join(number)
        await join(4, kind="investor", languages=["en"], fields=[], seeks=["Spółka"], offers=["Kapitał"])
        first = (await office.get(f"{path}/participants", params={"limit": 2, "count": "true"})).json()
        rest = (await office.get(f"{path}/participants", params={"limit": 2, "cursor": first["next"]})).json()
        assert len({one["id"] for page in (first, rest) for one in page["items"]}) == first["total"] == 4
        assert rest["next"] is None
        for asked, many in (
            ({"kind": "investor"}, 1),
            ({"language": "pl"}, 3),
            ({"field": "medicine"}, 3),
            ({"seeks": "szpital"}, 3),
            ({"offers": "kapital"}, 1),
            ({"language": "pl", "offers": "kapital"}, 0),
            ({"entity": str(STARTUP)}, 0),
        ):
            page = (await office.get(f"{path}/participants", params=asked)).json()
            assert len(page["items"]) == many, asked


class TestChange:
    async def test_merges_into_the_profile_of_the_version_that_was_read(
        self, office: httpx.AsyncClient, join: Join, forum: Forum
    ) -> None:
        path, _event = forum
        made = await join(about={"pl": "Kardiologia.", "en": "Cardiology."}, cap=4)
        assert made["own"]["at_most"] == 4
        place = f"{path}/participants/{made['id']}"
        assert (await office.patch(place, json={"cap": 3})).status_code == 428
        change = {"about": {"en": None}, "seeks": ["bank"], "kind": "investor", "cap": None}
        changed = (await office.patch(place, json=change, headers={"If-Match": '"1"'}, params={"lang": "all"})).json()
        assert (changed["about"], changed["own"]["at_most"]) == ({"pl": "Kardiologia.", "en": None}, 6)
        assert (await office.patch(place, json=change, headers={"If-Match": '"1"'})).status_code == 412
        assert len((await office.get(f"{path}/participants", params={"seeks": "bank"})).json()["items"]) == 1
        assert (await office.patch(place, json={"kind": "bank"}, headers=MATCH)).json()["errors"][0][
            "pointer"
        ] == "/kind"
        assert (await office.patch(place, json={"about": None}, headers=MATCH)).json()["about"] is None


class TestAvailability:
    async def test_is_what_they_say_without_the_sessions_that_they_are_in(
        self, office: httpx.AsyncClient, join: Join, forum: Forum
    ) -> None:
        path, event = forum
        session = {
            "title": {"pl": "Otwarcie", "en": "Opening"},
            "starts_at": "2026-11-25T09:15:00Z",
            "ends_at": "2026-11-25T09:45:00Z",
            "capacity": 5,
        }
        made_session = (await office.post(f"/v1/events/{event['id']}/sessions", json=session)).json()
        made = await join(availability=[{**MORNING, "until": "11:30"}])
        place = f"{path}/participants/{made['id']}/availability"

        async def why() -> list[str | None]:
            return [slot["why"] for slot in (await office.get(place)).json()["items"]]

        assert await why() == [None, None, None, "unavailable"]
        chosen = {"sessions": [made_session["id"]]}
        registration = f"/v1/events/{event['id']}/registrations/{made['own']['registration_id']}"
        assert (await office.put(f"{registration}/sessions", json=chosen)).status_code == 200
        assert await why() == ["session", "session", None, "unavailable"]


class TestLeave:
    async def test_is_shown_to_nobody_but_the_office_until_they_come_back(
        self, office: httpx.AsyncClient, startup: httpx.AsyncClient, join: Join, forum: Forum
    ) -> None:
        path, _event = forum
        made = await join()
        place = f"{path}/participants/{made['id']}"
        gone = await office.post(f"{place}/withdraw", headers={"If-Match": '"1"'})
        assert gone.json()["withdrawn_at"] == "2026-11-24T09:00:00Z"
        assert (await office.post(f"{place}/withdraw", headers=MATCH)).json()["version"] == 2
        assert (await startup.get(place)).json()["code"] == "participant_not_found"
        assert (await startup.get(f"{path}/participants", params={"withdrawn": "true"})).status_code == 422
        listed = (await office.get(f"{path}/participants", params={"withdrawn": "true"})).json()["items"]
        assert [one["id"] for one in listed] == [made["id"]]
        body = {"registration": made["own"]["registration_id"], **PROFILE, "kind": "investor"}
        back = (await office.post(f"{path}/participants", json=body)).json()
        assert (back["id"], back["kind"], back["withdrawn_at"]) == (made["id"], "investor", None)

    async def test_follows_the_registration(
        self, app: FastAPI, office: httpx.AsyncClient, join: Join, forum: Forum
    ) -> None:
        path, event = forum
        made = await join()
        registration = f"/v1/events/{event['id']}/registrations/{made['own']['registration_id']}"
        assert (await office.post(f"{registration}/cancel")).status_code == 200
        assert (await office.get(f"{path}/participants")).json()["items"] == []
        async with app.state.database.write() as session:
            gone = await withdraw_gone(session, now=NOW)
        assert [str(one.id) for one in gone] == [made["id"]]
        async with app.state.database.write() as session:
            assert await withdraw_gone(session, now=NOW) == []
        assert (await office.get(f"{path}/participants/{made['id']}")).json()["withdrawn_at"] is not None


class TestPrivacy:
    async def test_shows_and_erases_what_a_person_said(
        self, office: httpx.AsyncClient, follower: httpx.AsyncClient, join: Join, forum: Forum
    ) -> None:
        path, event = forum
        made = await join(about={"pl": "Sekretne zdanie."}, offers=["sekret"])
        found = (await office.get(f"/v1/events/{event['id']}/registrations")).json()["items"]
        person = found[0]["person"]["id"]
        held = (await office.get(f"/v1/privacy/people/{person}", params={"reason": "asked"})).json()
        [part] = held["participations"]
        assert (part["about"]["pl"], part["offers"], part["listed"]) == ("Sekretne zdanie.", ["sekret"], True)
        assert (await office.post(f"/v1/privacy/people/{person}/erase", json={"reason": "asked"})).status_code == 200
        after = (await office.get(f"{path}/participants/{made['id']}")).json()
        assert (after["name"], after["about"], after["offers"], after["seeks"]) == (None, None, [], [])
        assert after["withdrawn_at"] is not None
        assert (await office.get(f"{path}/participants", params={"seeks": "szpital"})).json()["items"] == []
        told = (await office.get("/v1/events/changes?after=0")).text
        assert "ekret" not in told
        assert "Szpital" not in told
        for_others = (await follower.get("/v1/events/changes?after=0")).json()["items"]
        assert [one for one in for_others if one["collection"] == "participants"] == []


class TestAtOnce:
    async def test_one_registration_joins_once_however_often_it_is_sent(
        self, office: httpx.AsyncClient, forum: Forum
    ) -> None:
        path, event = forum
        body = {"registration": await registered(office, event), **PROFILE}
        answers = await asyncio.gather(*(office.post(f"{path}/participants", json=body) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
        assert {answer.json()["code"] for answer in answers if answer.is_error} == {"already_takes_part"}
        assert (await office.get(f"{path}/participants", params={"count": "true"})).json()["total"] == 1
