"""Editions over HTTP: the office makes and opens them, whoever sees the event reads them."""

from typing import Any

import httpx
import pytest

from klaster_shared.identifiers import new_id
from tests.events.conftest import Add
from tests.events.editions.conftest import EDITIONS, FORUM, KINDS, MATCH, MORNING, Open, edition_body


class TestCreate:
    async def test_is_a_draft_that_the_office_alone_sees_until_it_is_opened(
        self, add: Add, office: httpx.AsyncClient, anybody: httpx.AsyncClient, follower: httpx.AsyncClient
    ) -> None:
        made = await office.post(EDITIONS, json=edition_body(await add(**FORUM)), params={"lang": "en"})
        edition, path = made.json(), made.headers["location"]
        assert (edition["state"], edition["slots"], edition["version"]) == ("draft", 4, 1)
        assert edition["kinds"][1] == {"code": "investor", "name": "Investor", "may_ask": ["company"], "cap": 6}
        assert (await anybody.get(path)).json()["code"] == "forum_edition_not_found"
        assert (await anybody.get(EDITIONS)).json()["items"] == []
        assert (await office.post(f"{path}/open")).status_code == 428
        opened = await office.post(f"{path}/open", headers={"If-Match": '"1"'})
        assert (opened.json()["state"], opened.json()["version"]) == ("open", 2)
        assert (await anybody.get(path)).json()["event"]["zone"] == "Europe/Warsaw"
        assert [one["id"] for one in (await anybody.get(EDITIONS)).json()["items"]] == [edition["id"]]
        assert (await office.post(f"{path}/close", headers={"If-Match": '"1"'})).status_code == 412
        assert (await office.post(f"{path}/close", headers=MATCH)).json()["state"] == "closed"
        assert (await office.post(f"{path}/close", headers=MATCH)).json()["code"] == "wrong_forum_edition_state"
        assert (await office.post(f"{path}/open", headers=MATCH)).json()["state"] == "open"
        told = (await follower.get("/v1/events/changes?after=0")).json()["items"]
        kinds = [one["kind"] for one in told if one["collection"] == "editions"]
        assert kinds == ["created", "updated", "updated"]

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"event": str(new_id())}, "/event"),
            ({"windows": [MORNING, {"day": 3, "from": "10:00", "until": "11:00"}]}, "/windows/1"),
            ({"windows": [{"day": 1, "from": "11:00", "until": "10:00"}]}, "/windows/0/until"),
            ({"windows": [{"day": 1, "from": "25:00", "until": "26:00"}]}, "/windows/0/from"),
            ({"slot_minutes": 25}, "/slot_minutes"),
            ({"kinds": [*KINDS, KINDS[0]]}, "/kinds/2/code"),
            ({"kinds": [{**KINDS[0], "may_ask": ["bank"]}]}, "/kinds/0/may_ask/0"),
            ({"requests_until": "2026-11-27T00:00:00Z"}, "/requests_until"),
            ({"cap_per_participant": 0}, "/cap_per_participant"),
        ],
    )
    async def test_refuses_what_cannot_be_and_writes_nothing(
        self, add: Add, office: httpx.AsyncClient, wrong: dict[str, Any], pointer: str
    ) -> None:
        answer = await office.post(EDITIONS, json={**edition_body(await add(**FORUM)), **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
        assert (await office.get(EDITIONS)).json()["items"] == []

    async def test_gives_an_event_one_edition(self, add: Add, office: httpx.AsyncClient) -> None:
        body = edition_body(await add(**FORUM))
        assert (await office.post(EDITIONS, json=body)).status_code == 201
        assert (await office.post(EDITIONS, json=body)).json()["code"] == "forum_edition_exists"

    async def test_is_not_for_partners(self, add: Add, startup: httpx.AsyncClient) -> None:
        assert (await startup.post(EDITIONS, json=edition_body(await add(**FORUM)))).status_code == 403


class TestList:
    async def test_goes_page_by_page_through_what_one_sees(
        self, add: Add, open_edition: Open, office: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        paths = [await open_edition(event=await add(str(number), **FORUM)) for number in range(3)]
        await open_edition(event=await add("partners", visibility="partners", **FORUM))
        first = (await anybody.get(EDITIONS, params={"limit": 2, "count": "true"})).json()
        rest = (await anybody.get(EDITIONS, params={"limit": 2, "cursor": first["next"]})).json()
        shown = [f"{EDITIONS}/{one['id']}" for page in (first, rest) for one in page["items"]]
        assert (shown, first["total"], rest["next"]) == (paths[::-1], 3, None)
        assert (await office.get(EDITIONS, params={"count": "true", "state": "open"})).json()["total"] == 4
        assert (await office.get(EDITIONS, params={"demonstration": "true"})).json()["items"] == []


class TestChange:
    async def test_keeps_the_length_of_slots_and_the_kinds_once_it_was_opened(
        self, open_edition: Open, office: httpx.AsyncClient
    ) -> None:
        path = await open_edition()
        for change in ({"slot_minutes": 15}, {"kinds": KINDS[:1]}):
            answer = await office.patch(path, json=change, headers=MATCH)
            assert answer.json()["code"] == "wrong_forum_edition_state"
        change = {"windows": [{**MORNING, "until": "11:00"}], "cap_per_participant": 3, "requests_until": None}
        changed = await office.patch(path, json=change, headers={"If-Match": '"2"'})
        assert (changed.json()["slots"], changed.json()["version"]) == (2, 3)
        assert (await office.patch(path, json=change, headers=MATCH)).json()["version"] == 3

    async def test_follows_its_event(self, add: Add, open_edition: Open, office: httpx.AsyncClient) -> None:
        event = await add(**FORUM)
        path = await open_edition(event=event)
        later = {"starts_at": "2026-12-25T08:00:00Z", "ends_at": "2026-12-25T16:00:00Z"}
        assert (await office.patch(f"/v1/events/{event['id']}", json=later, headers=MATCH)).status_code == 200
        slots = (await office.get(f"{path}/slots")).json()["items"]
        assert slots[0]["starts_at"] == "2026-12-25T09:00:00Z"

    async def test_is_not_opened_where_nobody_could_meet(self, add: Add, office: httpx.AsyncClient, held: Add) -> None:
        for event, properties in ((await add(**FORUM), {"windows": []}), (await held("2026-11-20"), {"windows": []})):
            path = (await office.post(EDITIONS, json=edition_body(event, **properties))).headers["location"]
            assert (await office.post(f"{path}/open", headers=MATCH)).json()["code"] == "forum_edition_not_ready"
            assert (await office.delete(path, headers=MATCH)).status_code == 204

    async def test_is_not_deleted_once_it_was_open(self, open_edition: Open, office: httpx.AsyncClient) -> None:
        path = await open_edition()
        assert (await office.delete(path, headers=MATCH)).json()["code"] == "wrong_forum_edition_state"


class TestTables:
    async def test_are_added_all_or_none(self, open_edition: Open, office: httpx.AsyncClient) -> None:
        path = await open_edition("T01", "T02")
        more = {"tables": [{"code": "T03"}, {"code": "T01"}]}
        assert (await office.post(f"{path}/tables", json=more)).json()["code"] == "edition_table_taken"
        twice = {"tables": [{"code": "T03"}, {"code": "T03"}]}
        answer = await office.post(f"{path}/tables", json=twice)
        assert answer.json()["errors"][0]["pointer"] == "/tables/1/code"
        page = (await office.get(f"{path}/tables", params={"limit": 1, "count": "true"})).json()
        rest = (await office.get(f"{path}/tables", params={"limit": 1, "cursor": page["next"]})).json()
        assert ([one["code"] for part in (page, rest) for one in part["items"]], page["total"]) == (["T01", "T02"], 2)

    async def test_show_their_link_to_the_office_alone(
        self, open_edition: Open, office: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        path, url = await open_edition(), "https://meet.example.org/room"
        online = {"code": "ON1", "online": True, "online_url": url}
        [made] = (await office.post(f"{path}/tables", json={"tables": [online]})).json()["items"]
        table = f"{path}/tables/{made['id']}"
        assert (await office.get(table)).json()["online_url"] == url
        assert (await anybody.get(table)).json()["online_url"] is None
        assert url not in (await anybody.get(f"{path}/tables")).text
        assert url not in (await office.get("/v1/events/changes?after=0")).text

    async def test_are_withdrawn_and_restored(self, open_edition: Open, office: httpx.AsyncClient) -> None:
        path = await open_edition("T01", "T02")
        [first, second] = (await office.get(f"{path}/tables")).json()["items"]
        table = f"{path}/tables/{first['id']}"
        late = {"windows": [{"day": 1, "from": "11:00", "until": "13:00"}], "room": "Sala 2"}
        second_path = f"{path}/tables/{second['id']}"
        assert (await office.patch(second_path, json=late, headers=MATCH)).json()["version"] == 2
        beyond = {"windows": [{"day": 9, "from": "11:00", "until": "13:00"}]}
        answer = await office.patch(second_path, json=beyond, headers=MATCH)
        assert answer.json()["errors"][0]["pointer"] == "/windows/0"

        async def usable() -> list[int]:
            return [slot["tables"] for slot in (await office.get(f"{path}/slots")).json()["items"]]

        assert await usable() == [1, 1, 2, 2]
        gone = await office.post(f"{table}/withdraw", headers={"If-Match": '"1"'})
        assert (gone.json()["withdrawn_at"], await usable()) == ("2026-11-24T09:00:00Z", [0, 0, 1, 1])
        assert (await office.post(f"{table}/withdraw", headers=MATCH)).json()["version"] == 2
        withdrawn = (await office.get(f"{path}/tables", params={"withdrawn": "true"})).json()["items"]
        assert [one["code"] for one in withdrawn] == ["T01"]
        assert (await office.post(f"{table}/restore", headers=MATCH)).json()["withdrawn_at"] is None
        missing = await office.post(f"{path}/tables/{new_id()}/withdraw", headers=MATCH)
        assert missing.json()["code"] == "edition_table_not_found"
