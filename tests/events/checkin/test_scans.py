"""Scans at the door: let in, refused with a reason, repeated, forced, undone."""

import asyncio
from datetime import datetime
from hashlib import sha256
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_shared.testing.servers import calling
from tests.events.checkin.conftest import KEYS, Give, Open, Place, at
from tests.events.conftest import FOUNDATION, ada


class TestScan:
    async def test_lets_a_registered_person_in_once(self, place: Place, tablet: httpx.AsyncClient) -> None:
        first = await place.send(tablet, 0, "a")
        assert (first["accepted"], first["reason"], first["registration_id"]) == (True, None, place.registrations[0])
        assert first["person"] == {"name": "Ada Ćwiklińska 0", "entity": "Cardiomatics"}
        second = await place.send(tablet, 0, "b", datetime=at(5))
        assert (second["accepted"], second["reason"]) == (False, "already_redeemed")
        assert second["first_at"] == first["datetime"]
        assert await place.numbers() == (1, 1, 1)
        assert (await place.office.get(place.path)).json()["present"] == 1

    async def test_says_in_both_languages_what_to_do(self, place: Place, tablet: httpx.AsyncClient) -> None:
        path = f"{place.path}/checkin/scans"
        said = (await tablet.post(path, json=place.scan("NOSUCHCODE", "a"), params={"lang": "all"})).json()
        assert set(said["message"]) == set(said["advice"]) == {"pl", "en"}
        polish = await tablet.post(path, json=place.scan("NOSUCHCODE", "a"), headers={"Accept-Language": "pl"})
        assert polish.json()["message"] == said["message"]["pl"]

    async def test_never_shows_an_address(self, place: Place, tablet: httpx.AsyncClient) -> None:
        await place.send(tablet, 0, "a")
        paths = ["scans", f"lists/{place.own}/people", f"lists/{place.own}/search?q=ada", "count"]
        for path in paths[1:]:
            assert "@" not in (await tablet.get(f"{place.path}/checkin/{path}")).text
        assert "@" not in (await tablet.post(f"{place.path}/checkin/scans", json=place.scan(0, "a"))).text

    async def test_reads_a_code_typed_by_hand(self, place: Place, tablet: httpx.AsyncClient) -> None:
        code = place.codes[0]
        typed = f" {code[:4]}-{code[4:]} ".lower().replace("0", "o").replace("1", "l")
        assert (await place.send(tablet, typed, "a"))["accepted"]

    async def test_checks_in_whom_a_search_found(self, place: Place, tablet: httpx.AsyncClient) -> None:
        found = (await tablet.get(f"{place.lists}/{place.own}/search", params={"q": "cwiklinska 1"})).json()
        [person] = found["items"]
        scan = place.scan(0, "a", registration_id=person["registration_id"])
        del scan["secret"]
        answer = (await tablet.post(f"{place.path}/checkin/scans", json=scan)).json()
        assert (answer["accepted"], answer["registration_id"]) == (True, place.registrations[1])
        assert await place.numbers() == (1, 1, 1)

    async def test_takes_two_devices_at_the_same_second(self, place: Place, give: Give) -> None:
        devices = await give(place, 6)
        verdicts = await asyncio.gather(
            *(place.send(device, 0, f"tablet-{number}") for number, device in enumerate(devices))
        )
        reasons = [verdict["reason"] for verdict in verdicts]
        assert (reasons.count(None), reasons.count("already_redeemed")) == (1, 5)
        assert await place.numbers() == (1, 1, 1)

    async def test_counts_everybody_however_many_devices_scan_at_once(self, open_door: Open, give: Give) -> None:
        place = await open_door(12)
        devices = await give(place, 4)
        await asyncio.gather(
            *(
                place.send(device, who, f"{number}-{who}")
                for number, device in enumerate(devices)
                for who in range(12)
                if who % 4 in {number, (number + 1) % 4}
            )
        )
        assert await place.numbers() == (12, 12, 12)


class TestRefusal:
    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            ("requested", "unapproved"),
            ("waiting", "blocked"),
            ("pending", "blocked"),
            ("offered", "blocked"),
            ("declined", "blocked"),
            ("cancelled", "canceled"),
        ],
    )
    async def test_follows_the_registration(
        self, place: Place, tablet: httpx.AsyncClient, state: str, reason: str
    ) -> None:
        await place.let(state)
        assert (await place.send(tablet, 0, "a"))["reason"] == reason
        assert await place.numbers() == (0, 0, 0)

    async def test_of_an_unknown_code_is_invalid_even_when_forced(
        self, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        for force in (False, True):
            verdict = await place.send(tablet, "NOSUCHCODE", f"n{force}", force=force)
            assert (verdict["reason"], verdict["person"], verdict["stored"]) == ("invalid", None, True)

    async def test_of_another_event_s_code_is_invalid(
        self, place: Place, open_door: Open, tablet: httpx.AsyncClient
    ) -> None:
        other = await open_door(1)
        assert (await place.send(tablet, other.codes[0], "a"))["reason"] == "invalid"

    async def test_outside_the_hours_goes_by_when_it_happened(self, place: Place, tablet: httpx.AsyncClient) -> None:
        early = await place.send(tablet, 0, "a", datetime="2026-11-23T19:59:59Z")
        assert early["reason"] == "invalid_time"
        await place.change_list(closes_at=at(10))
        assert (await place.send(tablet, 0, "b", datetime=at(11)))["reason"] == "invalid_time"
        assert (await place.send(tablet, 0, "c", datetime=at(9)))["accepted"]

    async def test_of_a_cancelled_event_says_so(
        self, place: Place, tablet: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        assert (await office.post(f"{place.path}/cancel", json={})).status_code == 200
        assert (await place.send(tablet, 0, "a"))["reason"] == "canceled"

    async def test_of_an_exit_where_none_are_scanned(self, place: Place, tablet: httpx.AsyncClient) -> None:
        assert (await place.send(tablet, 0, "a", type="exit"))["reason"] == "rules"
        await place.change_list(exits=True)
        assert (await place.send(tablet, 0, "b", type="exit"))["accepted"]

    async def test_of_a_code_that_was_replaced_is_revoked(
        self, place: Place, tablet: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        path = f"{place.path}/registrations/{place.registrations[0]}/revoke-code"
        assert (await office.post(path)).status_code == 200
        assert (await place.send(tablet, 0, "a"))["reason"] == "revoked"
        forced = await place.send(tablet, 0, "b", force=True)
        assert (forced["accepted"], forced["registration_id"]) == (True, place.registrations[0])
        assert await place.numbers() == (1, 1, 1)
        await place.let("cancelled", 1)
        other = f"{place.path}/registrations/{place.registrations[1]}/revoke-code"
        assert (await office.post(other)).json()["code"] == "nothing_to_revoke"
        assert (await office.post(path.replace(place.registrations[0], place.id))).status_code == 404

    @pytest.mark.parametrize(
        "wrong",
        [
            {"secret": None},
            {"registration_id": "01900000-0000-7000-8000-000000000001"},
            {"datetime": "2026-11-24T09:00:00"},
            {"nonce": ""},
            {"nonce": "a\nb"},
            {"type": "jump"},
            {"list": "x"},
            {"more": 1},
        ],
    )
    async def test_of_what_is_no_scan_names_the_place(
        self, place: Place, tablet: httpx.AsyncClient, wrong: dict[str, Any]
    ) -> None:
        answer = await tablet.post(f"{place.path}/checkin/scans", json={**place.scan(0, "a"), **wrong})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("/")
        batch = {"scans": [place.scan(0, "b"), {**place.scan(0, "a"), **wrong}]}
        answer = await tablet.post(f"{place.path}/checkin/scans/batch", json=batch)
        assert answer.json()["errors"][0]["pointer"].startswith("/scans/1/")
        assert await place.numbers() == (0, 0, 0)


class TestForce:
    async def test_records_what_happened_whatever_the_rules_say_now(
        self, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        await place.let("cancelled")
        refused = await place.send(tablet, 0, "a", datetime="2026-11-23T10:00:00Z")
        forced = await place.send(tablet, 0, "b", datetime="2026-11-23T10:00:00Z", force=True)
        assert (refused["reason"], forced["reason"], forced["forced"]) == ("invalid_time", None, True)
        again = await place.send(tablet, 0, "c", force=True)
        assert again["accepted"]
        assert await place.numbers() == (1, 1, 1)


class TestNonce:
    async def test_sent_twice_is_one_scan_with_one_answer(self, place: Place, tablet: httpx.AsyncClient) -> None:
        first = await place.send(tablet, 0, "a")
        assert await place.send(tablet, 0, "a") == first
        twice = await place.batch(tablet, [place.scan(0, "a"), place.scan(0, "a")])
        assert twice == [first, first]
        history = (await place.office.get(f"{place.path}/checkin/scans")).json()["items"]
        assert [scan["nonce"] for scan in history] == ["a"]

    async def test_of_a_refusal_keeps_it_when_the_scan_would_succeed_by_now(
        self, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        await place.let("requested")
        assert (await place.send(tablet, 0, "a"))["reason"] == "unapproved"
        await place.let("confirmed")
        assert (await place.send(tablet, 0, "a"))["reason"] == "unapproved"
        assert (await place.send(tablet, 0, "b"))["accepted"]

    @pytest.mark.parametrize("other", [{"type": "exit"}, {"datetime": at(1)}, {"force": True}, {"secret": "OTHER"}])
    async def test_with_another_payload_is_refused(
        self, place: Place, tablet: httpx.AsyncClient, other: dict[str, Any]
    ) -> None:
        first = await place.send(tablet, 0, "a")
        changed = {**place.scan(0, "a"), **other}
        answer = await tablet.post(f"{place.path}/checkin/scans", json=changed)
        assert (answer.status_code, answer.json()["code"]) == (409, "nonce_reused")
        [verdict, fine] = await place.batch(tablet, [changed, place.scan(1, "b")])
        assert (verdict["reason"], verdict["problem"], verdict["stored"]) == ("error", "nonce_reused", False)
        assert fine["accepted"]
        assert await place.send(tablet, 0, "a") == first

    async def test_is_each_list_s_own(self, place: Place, office: httpx.AsyncClient) -> None:
        given = {"name": {"pl": "Bankiet", "en": "Banquet"}}
        other = (await office.post(place.lists, json=given)).json()["id"]
        assert (await place.send(office, 0, "a"))["accepted"]
        assert (await place.send(office, 1, "a", list=other))["accepted"]
        assert (await place.send(office, 0, "b", list=other))["accepted"]
        counts = {one["id"]: one["entered"] for one in (await place.count())["lists"]}
        assert counts == {place.own: 1, other: 2}
        assert (await place.count())["present"] == 2


class TestExit:
    async def test_lets_people_leave_and_come_back(self, place: Place, tablet: httpx.AsyncClient) -> None:
        await place.change_list(exits=True)
        steps = [("entry", True), ("exit", True), ("exit", False), ("entry", True), ("entry", False)]
        for number, (kind, accepted) in enumerate(steps):
            verdict = await place.send(tablet, 0, f"n{number}", type=kind, datetime=at(number))
            assert verdict["accepted"] is accepted, number
        assert await place.numbers() == (1, 1, 1)
        await place.send(tablet, 0, "out", type="exit", datetime=at(9))
        assert await place.numbers() == (1, 1, 0)

    async def test_that_arrives_before_its_entry_counts(self, place: Place, tablet: httpx.AsyncClient) -> None:
        await place.change_list(exits=True)
        assert (await place.send(tablet, 0, "out", type="exit", datetime=at(30)))["accepted"]
        assert await place.numbers() == (1, 1, 0)
        assert (await place.send(tablet, 0, "in", datetime=at(0)))["accepted"]
        assert await place.numbers() == (1, 1, 0)


class TestWalkIn:
    def scan(self, place: Place, nonce: str, number: int = 9, **more: Any) -> dict[str, Any]:
        scan = place.scan(0, nonce, person=ada(number), **more)
        del scan["secret"]
        return scan

    async def test_is_let_in_only_where_the_list_allows_it(
        self, app: FastAPI, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        [refused] = await place.batch(tablet, [self.scan(place, "a")])
        assert (refused["reason"], refused["person"]) == ("rules", None)
        async with app.state.database.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM people WHERE email = 'ada9@example.org'")) == 0
        await place.change_list(walk_ins=True)
        [accepted] = await place.batch(tablet, [self.scan(place, "b")])
        assert (accepted["accepted"], accepted["registration_id"]) == (True, None)
        assert accepted["person"] == {"name": "Ada Przykładowa", "entity": None}
        assert await place.numbers() == (1, 1, 1)

    async def test_counts_once_however_often_the_person_comes(self, place: Place, tablet: httpx.AsyncClient) -> None:
        await place.change_list(walk_ins=True)
        verdicts = await place.batch(tablet, [self.scan(place, "a"), self.scan(place, "b"), self.scan(place, "c", 0)])
        assert [verdict["reason"] for verdict in verdicts] == [None, "already_redeemed", None]
        assert verdicts[2]["registration_id"] == place.registrations[0]
        assert (await place.send(tablet, 0, "d"))["reason"] == "already_redeemed"
        assert await place.numbers() == (2, 2, 2)

    async def test_under_a_nonce_of_somebody_else_is_refused(self, place: Place, tablet: httpx.AsyncClient) -> None:
        await place.change_list(walk_ins=True)
        await place.batch(tablet, [self.scan(place, "a", 8), self.scan(place, "b", 9)])
        [verdict] = await place.batch(tablet, [self.scan(place, "a", 9)])
        assert verdict["problem"] == "nonce_reused"

    async def test_sent_again_after_erasure_brings_nobody_back(
        self, app: FastAPI, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        await place.change_list(walk_ins=True)
        [first] = await place.batch(tablet, [self.scan(place, "a")])
        async with app.state.database.write() as session:
            await session.execute(text("DELETE FROM people WHERE email = 'ada9@example.org'"))
        [again] = await place.batch(tablet, [self.scan(place, "a")])
        assert again == {**first, "person": again["person"], "first_at": again["first_at"]}
        async with app.state.database.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM people WHERE email = 'ada9@example.org'")) == 0
        assert await place.numbers() == (1, 1, 1)


class TestUndo:
    async def test_takes_a_scan_back_for_good(self, place: Place, tablet: httpx.AsyncClient) -> None:
        await place.send(tablet, 0, "a")
        undone = await place.undo(tablet, "a")
        assert undone.status_code == 200
        assert undone.json()["undone_at"] is not None
        assert await place.numbers() == (0, 0, 0)
        assert (await place.undo(tablet, "a")).json()["undone_at"] == undone.json()["undone_at"]
        assert (await place.send(tablet, 0, "a"))["undone_at"] is not None
        assert await place.numbers() == (0, 0, 0)
        assert (await place.send(tablet, 0, "b"))["accepted"]
        history = (await place.office.get(f"{place.path}/checkin/scans")).json()["items"]
        assert [bool(scan["undone_at"]) for scan in history] == [True, False]

    async def test_leaves_what_another_scan_says(self, place: Place, give: Give) -> None:
        one, other = await give(place, 2)
        await place.send(one, 0, "a")
        assert (await place.send(other, 0, "b"))["reason"] == "already_redeemed"
        await place.undo(one, "a")
        assert await place.numbers() == (1, 1, 1)

    async def test_is_for_the_device_that_scanned_and_the_office(
        self, place: Place, give: Give, office: httpx.AsyncClient
    ) -> None:
        one, other = await give(place, 2)
        await place.send(one, 0, "a")
        refused = await place.undo(other, "a")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_scan")
        assert (await place.undo(other, "z")).json()["code"] == "scan_not_found"
        assert (await place.undo(office, "a")).status_code == 200


class TestBatch:
    async def test_takes_five_hundred_and_no_more(self, open_door: Open, give: Give) -> None:
        place = await open_door(2)
        [tablet] = await give(place, 1)
        scans = [place.scan(number % 2, f"n{number}", datetime=at(number / 100)) for number in range(500)]
        verdicts = await place.batch(tablet, scans)
        assert [verdict["accepted"] for verdict in verdicts].count(True) == 2
        too_many = await tablet.post(
            f"{place.path}/checkin/scans/batch", json={"scans": [*scans, place.scan(0, "more")]}
        )
        assert too_many.status_code == 422
        assert await place.numbers() == (2, 2, 2)

    async def test_of_a_device_that_comes_back_after_two_days(
        self, app: FastAPI, place: Place, tablet: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        await place.send(tablet, 0, "online")
        app.state.clock = lambda: datetime.fromisoformat("2026-11-26T09:00:00Z")
        assert (await office.post(f"{place.path}/complete", json={})).status_code == 200
        before = (await office.get(place.path)).json()
        scans = [place.scan(0, "online"), place.scan(1, "late", force=True), place.scan(2, "later", datetime=at(3))]
        verdicts = await place.batch(tablet, scans)
        assert [verdict["accepted"] for verdict in verdicts] == [True, True, True]
        event = (await office.get(place.path)).json()
        assert (event["present"], event["version"]) == (3, before["version"] + 1)
        history = (await office.get(f"{place.path}/checkin/scans")).json()["items"]
        late = next(scan for scan in history if scan["nonce"] == "late")
        assert (late["datetime"][:10], late["received_at"][:10]) == ("2026-11-24", "2026-11-26")


class TestDevice:
    async def test_scans_at_the_lists_that_it_was_given_alone(
        self, place: Place, tablet: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        other = (await office.post(place.lists, json={"name": {"pl": "Bankiet", "en": "Banquet"}})).json()["id"]
        answer = await tablet.post(f"{place.path}/checkin/scans", json=place.scan(0, "a", list=other))
        assert (answer.status_code, answer.json()["code"]) == (403, "checkin_list_not_given")
        nowhere = await office.post(
            f"{place.path}/checkin/scans", json=place.scan(0, "a", list="01900000-0000-7000-8000-000000000009")
        )
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "checkin_list_not_found")
        [wrong, right] = await place.batch(tablet, [place.scan(0, "a", list=other), place.scan(0, "a")])
        assert (wrong["problem"], right["accepted"]) == ("checkin_list_not_given", True)
        for path in (f"lists/{other}/people", f"lists/{other}/search?q=ada"):
            assert (await tablet.get(f"{place.path}/checkin/{path}")).json()["code"] == "checkin_list_not_given"
        assert {one["id"] for one in (await place.count(tablet))["lists"]} == {place.own}
        given = (await tablet.get("/v1/checkin/lists")).json()["items"]
        assert [one["id"] for one in given] == [place.own]

    async def test_can_do_nothing_once_its_list_is_taken_away(
        self, place: Place, tablet: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        path = f"{place.lists}/{place.own}/devices"
        assert [one["name"] for one in (await office.get(path)).json()["items"]] == ["Tablet"]
        assert (await office.delete(f"{path}/{KEYS[0]}")).status_code == 204
        assert (await office.delete(f"{path}/{KEYS[0]}")).json()["code"] == "checkin_device_not_found"
        answer = await tablet.post(f"{place.path}/checkin/scans", json=place.scan(0, "a"))
        assert answer.json()["code"] == "checkin_list_not_given"
        assert (await tablet.get(f"{place.path}/checkin/count")).status_code == 403
        assert (await tablet.get("/v1/checkin/lists")).json()["items"] == []

    async def test_is_refused_everything_else(self, app: FastAPI, place: Place, tablet: httpx.AsyncClient) -> None:
        for method, path in [
            ("GET", "/v1/events"),
            ("GET", place.path),
            ("GET", f"{place.path}/registrations"),
            ("GET", f"{place.path}/attendance"),
            ("POST", f"{place.path}/attendance"),
            ("GET", place.lists),
            ("POST", place.lists),
            ("GET", f"{place.path}/checkin/scans"),
            ("GET", "/v1/participations"),
            ("GET", "/v1/events/changes"),
        ]:
            answer = await tablet.request(method, path, json={} if method == "POST" else None)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path


class TestOffline:
    async def test_set_names_those_alone_who_may_come_in(
        self, app: FastAPI, place: Place, tablet: httpx.AsyncClient
    ) -> None:
        await place.let("cancelled", 1)
        await place.send(tablet, 2, "a")
        path = f"{place.lists}/{place.own}/people"
        first = (await tablet.get(path, params={"limit": 2, "count": "true"})).json()
        rest = (await tablet.get(path, params={"limit": 2, "cursor": first["next"]})).json()
        assert (first["total"], rest["next"]) == (3, None)
        people = {one["registration_id"]: one for one in [*first["items"], *rest["items"]]}
        shown = [people[one] for one in place.registrations]
        assert [one["reason"] for one in shown] == [None, "canceled", None]
        assert [bool(one["person"]) for one in shown] == [True, False, True]
        assert [one["inside"] for one in shown] == [False, False, True]
        digest = sha256(place.codes[0].encode()).hexdigest()
        assert shown[0]["digest"] == digest
        assert not any(code in str(people) for code in place.codes)
        async with app.state.database.read() as session:
            looks = await session.execute(text("SELECT actor, list_name FROM personal_data_reads"))
            assert {tuple(row) for row in looks} == {(f"key:{KEYS[0]}", "checkin_offline")}

    async def test_search_is_recorded_and_bounded(self, app: FastAPI, open_door: Open, give: Give) -> None:
        place = await open_door(22)
        [tablet] = await give(place, 1)
        path = f"{place.lists}/{place.own}/search"
        found = (await tablet.get(path, params={"q": "ćwik"})).json()
        assert (len(found["items"]), found["more"]) == (20, True)
        assert (await tablet.get(path, params={"q": "nobody"})).json() == {"items": [], "more": False}
        assert (await tablet.get(path, params={"q": "a"})).status_code == 422
        async with app.state.database.read() as session:
            statement = text("SELECT count(*) FROM personal_data_reads WHERE list_name = 'checkin_search'")
            assert await session.scalar(statement) == 2


class TestCount:
    async def test_is_conditional(self, place: Place, tablet: httpx.AsyncClient) -> None:
        path = f"{place.path}/checkin/count"
        first = await tablet.get(path)
        assert first.json()["registered"] == 3
        same = await tablet.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (same.status_code, same.headers["cache-control"]) == (304, "private, no-cache")
        await place.send(tablet, 0, "a")
        other = await tablet.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (other.status_code, other.json()["present"]) == (200, 1)


class TestOrganiser:
    async def test_sees_history_and_lists_of_its_own_event(self, base_url: str, app: FastAPI, place: Place) -> None:
        await place.send(place.office, 0, "a")
        async with calling(base_url, app, "partner", entity=FOUNDATION) as organiser:
            assert (await organiser.get(place.lists)).status_code == 200
            history = (await organiser.get(f"{place.path}/checkin/scans", params={"count": "true"})).json()
            assert (history["total"], len(history["items"])) == (1, 1)
            assert "name" not in str(history["items"])
        async with calling(base_url, app, "partner", entity=KEYS[0]) as other:
            answer = await other.get(place.lists)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_your_event")
