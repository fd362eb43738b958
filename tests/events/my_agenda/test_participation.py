"""Taking part in the meetings by the link of one's registration: no account, and nobody else's profile."""

from typing import Any

import httpx
import pytest

from tests.events.conftest import Add
from tests.events.editions.conftest import FORUM, MATCH
from tests.events.my_agenda.conftest import BROWSER, PROFILE, Come, Forum


class TestJoin:
    async def test_joins_changes_leaves_and_comes_back(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        path = await come(forum.event)
        before = (await anybody.get(f"{path}/participation")).json()
        assert (before["participant"], before["may"], before["edition"]["state"]) == (None, ["join"], "open")
        joined = await anybody.post(f"{path}/participation", json={**PROFILE, "cap": 5, "about": {"pl": "Ja."}})
        assert (joined.status_code, joined.json()["may"]) == (200, ["change", "leave"])
        assert joined.headers["cache-control"] == "private, no-store"
        own = joined.json()["participant"]
        assert (own["name"], own["about"], own["own"]["at_most"]) == ("Ada Przykładowa", "Ja.", 5)
        again = (await anybody.post(f"{path}/participation", json={**PROFILE, "kind": "investor"})).json()
        assert (again["participant"]["id"], again["participant"]["about"]) == (own["id"], None)
        assert again["participant"]["version"] == 2
        for _ in range(2):
            left = await anybody.post(f"{path}/participation/leave")
            assert (left.json()["participant"], left.json()["may"]) == (None, ["join"])
        back = (await anybody.post(f"{path}/participation", json=PROFILE)).json()["participant"]
        assert (back["id"], back["withdrawn_at"]) == (own["id"], None)

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [({"kind": "bank"}, "/kind"), ({"seeks": "Szpital"}, "/seeks"), ({"registration": "x"}, "/registration")],
    )
    async def test_refuses_what_cannot_be(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come, wrong: dict[str, Any], pointer: str
    ) -> None:
        path = await come(forum.event)
        answer = await anybody.post(f"{path}/participation", json={**PROFILE, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
        assert (await anybody.get(f"{path}/participation")).json()["participant"] is None

    async def test_is_refused_where_nobody_can_take_part(
        self, add: Add, office: httpx.AsyncClient, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        other = await come(await add("Bez spotkań", **FORUM))
        assert (await anybody.get(f"{other}/participation")).json() == {"edition": None, "participant": None, "may": []}
        refused = await anybody.post(f"{other}/participation", json=PROFILE)
        assert refused.json()["code"] == "forum_edition_not_open"
        path = await come(forum.event)
        assert (await anybody.post(f"{path}/cancel")).status_code == 200
        assert (await anybody.post(f"{path}/participation", json=PROFILE)).json()["code"] == "not_registered"
        third = await come(forum.event, 3)
        await anybody.post(f"{third}/participation", json=PROFILE)
        await office.post(f"{forum.edition}/close", headers=MATCH)
        assert (await anybody.get(f"{third}/participation")).json()["may"] == ["leave"]
        closed = await anybody.post(f"{third}/participation", json=PROFILE)
        assert closed.json()["code"] == "forum_edition_not_open"
        assert (await anybody.get("/v1/registration-links/made-up/participation")).json()["code"] == "link_refused"


class TestForm:
    async def test_says_it_in_a_browser_and_keeps_the_availability(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        path = await come(forum.event)
        page = (await anybody.get(f"{path}/agenda?lang=en", headers=BROWSER)).text
        assert "Take part in the meetings" in page
        said = {
            "kind": "investor",
            "languages": "pl, en",
            "fields": "",
            "seeks": "spółka, <b>EKG</b>",
            "offers": "kapitał",
            "about_pl": "",
            "about_en": "We invest.",
            "cap": "",
            "listed": "true",
        }
        sent = await anybody.post(f"{path}/participation?lang=en", data=said, headers=BROWSER)
        assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/agenda?lang=en")
        profile = (await anybody.get(f"{path}/participation?lang=all")).json()["participant"]
        assert (profile["languages"], profile["seeks"]) == (["pl", "en"], ["spółka", "<b>EKG</b>"])
        assert (profile["about"], profile["listed"]) == ({"pl": None, "en": "We invest."}, True)
        window = [{"day": 1, "from": "10:00", "until": "11:00"}]
        body = {**PROFILE, "availability": window}
        await anybody.post(f"{path}/participation", json=body)
        del said["listed"]
        await anybody.post(f"{path}/participation", data={**said, "cap": "2"}, headers=BROWSER)
        profile = (await anybody.get(f"{path}/participation")).json()["participant"]
        assert (profile["own"]["availability"], profile["own"]["cap"], profile["listed"]) == (window, 2, False)
        page = (await anybody.get(f"{path}/agenda?lang=en", headers=BROWSER)).text
        assert "spółka, &lt;b&gt;EKG&lt;/b&gt;" in page
        assert "Leave the meetings" in page

    async def test_asks_day_by_day_when_one_can_meet(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        path = await come(forum.event)
        pages = [(await anybody.get(f"{path}/agenda?lang={each}", headers=BROWSER)).text for each in ("pl", "en")]
        assert "środa, 25 listopada<br>" in pages[0]
        assert "Thursday, 26 November<br>" in pages[1]

        async def availability(*days: str) -> object:
            said = {"kind": "company", "availability": list(days)}
            assert (await anybody.post(f"{path}/participation", data=said, headers=BROWSER)).status_code == 303
            return (await anybody.get(f"{path}/participation")).json()["participant"]["own"]["availability"]

        morning, noon = [{"day": 2, "from": f, "until": u} for f, u in (("09:30", "11:00"), ("12:00", "13:00"))]
        assert await availability("", "9:30 - 11:00, 12:00\u201313:00") == [morning, noon]
        page = (await anybody.get(f"{path}/agenda?lang=en", headers=BROWSER)).text
        assert 'name="availability" maxlength="400" value="09:30-11:00, 12:00-13:00"' in page
        assert await availability("", "") is None

    @pytest.mark.parametrize(
        ("hours", "reason"),
        [
            ("in the morning", "Write hours like 10:00-12:00"),
            ("12:00-25:00", "Write hours like 10:00-12:00"),
            ("12:00-11:00", "The hours end before they begin"),
            ("06:00-07:00", "These hours are not within the event"),
        ],
    )
    async def test_says_why_hours_cannot_be_and_changes_nothing(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come, hours: str, reason: str
    ) -> None:
        path = await come(forum.event)
        said = {"kind": "company", "availability": [hours, ""]}
        answer = await anybody.post(f"{path}/participation?lang=en", data=said, headers=BROWSER)
        assert (answer.status_code, reason in answer.text) == (422, True)
        assert f'href="{path}/agenda?lang=en"' in answer.text
        assert (await anybody.get(f"{path}/participation")).json()["participant"] is None

    async def test_shows_a_page_where_it_cannot_be(self, anybody: httpx.AsyncClient, forum: Forum, come: Come) -> None:
        path = await come(forum.event)
        answer = await anybody.post(f"{path}/participation", data={"kind": "bank"}, headers=BROWSER)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


class TestOthers:
    async def test_are_seen_by_whoever_takes_part_with_the_names_of_those_who_said_so(
        self, anybody: httpx.AsyncClient, forum: Forum, come: Come
    ) -> None:
        first, second, third = [await come(forum.event, number) for number in range(3)]
        for path in (first, second):
            refused = await anybody.get(f"{path}/participants")
            assert (refused.status_code, refused.json()["code"]) == (409, "takes_no_part")
        for path, listed in ((first, False), (second, True), (third, False)):
            await anybody.post(f"{path}/participation", json={**PROFILE, "listed": listed})
        page = (await anybody.get(f"{first}/participants", params={"limit": 2, "count": "true"})).json()
        rest = (await anybody.get(f"{first}/participants", params={"limit": 2, "cursor": page["next"]})).json()
        shown = [*page["items"], *rest["items"]]
        assert [one["name"] for one in shown] == ["Ada Przykładowa", "Ada Przykładowa", None]
        assert [one["own"] is None for one in shown] == [False, True, True]
        assert (page["total"], rest["next"]) == (3, None)
        one = await anybody.get(f"{first}/participants/{shown[2]['id']}")
        assert (one.json()["name"], one.headers["cache-control"]) == (None, "private, no-store")
        await anybody.post(f"{third}/participation/leave")
        assert (await anybody.get(f"{first}/participants/{shown[2]['id']}")).json()["code"] == "participant_not_found"
        hidden = (await anybody.get(f"{first}/participants", params={"withdrawn": "true"})).json()["items"]
        assert len(hidden) == 2
