"""What we had recorded then: a scorecard asked for again answers as it did, whatever has come since."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

EDITIONS = "/v1/strategy/editions"
OLD, NEW = f"{EDITIONS}/klsk-2022", f"{EDITIONS}/klsk-2026"
SEEN = {"If-Match": "*"}
Clock = Callable[[int], str]


@pytest.fixture
def at(app: FastAPI, now: datetime) -> Clock:
    """Moves the clock to so many hours from the start; the instant, as a query takes it."""

    def move(hours: int) -> str:
        moment = now + timedelta(hours=hours)
        app.state.clock = lambda: moment
        return moment.isoformat()

    return move


async def record(api: httpx.AsyncClient, indicator: str, **body: Any) -> httpx.Response:
    given = {"source": "a count", "state": "verified", **body}
    answer = await api.post(f"/v1/indicators/{indicator}/observations", json=given)
    assert answer.status_code == 201, answer.text
    return answer


async def scorecard(api: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    answer = await api.get("/v1/scorecard", params={"lang": "all", **parameters})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def value(card: dict[str, Any], indicator: str, measure: str) -> Any:
    [item] = [one for one in card["items"] if (one["indicator"]["code"], one["measure"]) == (indicator, measure)]
    return item["latest"] and item["latest"]["value"]


class TestScorecard:
    async def test_replays_exactly_after_the_world_has_changed(self, api: httpx.AsyncClient, at: Clock) -> None:
        at(0)
        await record(api, "C.1.1-1", measure="registered", value=90, on="2022-12-31")
        await record(api, "C.1.1-1", measure="registered", value=140, on="2023-12-31")
        await record(api, "C.2.2-1", measure="participants", value=700, year=2023)
        drafted = await record(api, "B.2.4-1", measure="higher_education", value=23000, on="2023-12-31", state="draft")
        then = at(1)
        asked = [{"as_of": "2024-06-30"}, {"as_of": "2023-06-30", "path": "entities"}, {"as_of": "2024", "level": "C"}]
        before = [await scorecard(api, **one) for one in asked]

        at(2)
        await record(api, "C.1.1-1", measure="registered", value=150, on="2023-12-31", reason="two were missed")
        await record(api, "C.1.1-1", measure="registered", value=160, on="2024-03-31")
        late = {"state": "verified"}
        assert (await api.patch(drafted.headers["location"], json=late, headers=SEEN)).status_code == 200
        at(3)
        restated = await record(api, "C.2.2-1", measure="participants", value=650, year=2023, reason="counted twice")
        gone = {"state": "superseded", "reason": "not ours"}
        assert (await api.patch(restated.headers["location"], json=gone, headers=SEEN)).status_code == 200
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        await api.delete(f"{NEW}/indicators/B.1.1-1", headers=SEEN)
        adopted = await api.post(f"{NEW}/adopt", json={"on": "2024-01-01"}, headers=SEEN)
        assert adopted.status_code == 200
        later = at(30)

        after = [await scorecard(api, **one, known_at=then) for one in asked]
        assert after == before
        now = await scorecard(api, as_of="2024-06-30")
        assert (now["edition"], value(now, "C.1.1-1", "registered")) == ("klsk-2026", 160)
        assert (value(now, "C.2.2-1", "participants"), value(now, "B.2.4-1", "higher_education")) == (None, 23000)
        assert await scorecard(api, as_of="2024-06-30", known_at=later) == now

    async def test_takes_the_day_of_that_instant_for_today(self, api: httpx.AsyncClient, at: Clock) -> None:
        await record(api, "B.2.4-1", measure="higher_education", value=23000, on="2026-10-01")
        before = await scorecard(api)
        at(48)
        await record(api, "B.2.4-1", measure="higher_education", value=24000, on="2026-11-25")

        then = (datetime.fromisoformat(at(48)) - timedelta(hours=47)).isoformat()
        after = await scorecard(api, known_at=then)
        future = await api.get("/v1/scorecard", params={"known_at": then, "as_of": "2026-11-25"})
        nowhen = await api.get("/v1/scorecard", params={"known_at": "2026-11-25T10:00:00"})

        assert (after["as_of"], after["items"], after["counts"]) == ("2026-11-24", before["items"], before["counts"])
        assert (future.status_code, nowhen.status_code) == (422, 422)
        assert value(await scorecard(api), "B.2.4-1", "higher_education") == 24000

    async def test_reads_a_draft_as_it_was_before_it_was_edited_or_given_up(
        self, api: httpx.AsyncClient, at: Clock
    ) -> None:
        at(1)
        await record(api, "C.1.3-1", measure="abroad", value=50, on="2026-11-01")
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        first, asked = at(2), {"edition": "klsk-2026", "as_of": "2026-11-01"}
        listed: dict[str, Any] = {"edition": "klsk-2026", "limit": 7, "lang": "all", "count": True}
        before = await scorecard(api, **asked)
        indicators = (await api.get("/v1/indicators", params=listed)).json()
        following = (await api.get("/v1/indicators", params={**listed, "cursor": indicators["next"]})).json()
        at(3)
        goal = (await api.get(f"{NEW}/goals/C.1.3-1")).json()
        goal["measures"][0]["target"] = {"value": 60}
        assert (await api.put(f"{NEW}/goals/C.1.3-1", json=goal, headers=SEEN)).status_code == 200
        assert (await api.delete(f"{NEW}/indicators/B.1.1-1", headers=SEEN)).status_code == 200
        second = at(4)
        at(5)
        assert (await api.delete(NEW, headers=SEEN)).status_code == 204
        third = at(6)

        assert await scorecard(api, **asked, known_at=first) == before
        page = await api.get("/v1/indicators", params={**listed, "known_at": first})
        assert page.json() == indicators
        more = await api.get("/v1/indicators", params={**listed, "known_at": first, "cursor": indicators["next"]})
        assert more.json() == following
        one = {"edition": "klsk-2026", "known_at": second}
        target = (await api.get("/v1/indicators/C.1.3-1/targets", params=one)).json()["items"][0]["target"]
        assert (target["value"], target["how"]) == (60, "as stated")
        assert (await api.get("/v1/indicators/B.1.1-1", params=one)).status_code == 404
        assert (await api.get("/v1/indicators/B.1.1-1", params={**one, "known_at": first})).status_code == 200
        gone = await api.get("/v1/scorecard", params={**asked, "known_at": third})
        assert (gone.status_code, gone.json()["code"]) == (404, "edition_not_found")


class TestOtherReads:
    READS = (
        ("/v1/indicators/C.1.1-1/series", {"measure": "registered"}),
        ("/v1/indicators/C.1.1-1/sparkline.svg", {"measure": "registered"}),
        ("/v1/indicators/export", {"format": "csv"}),
        ("/v1/indicators/export", {"format": "sdmx-csv"}),
        ("/v1/quality", {"kind": "never_measured"}),
        ("/v1/strategy/report.html", {"as_of": "2026-11-01"}),
    )

    async def test_replay_as_the_scorecard_does(self, api: httpx.AsyncClient, at: Clock) -> None:
        at(0)
        await record(api, "C.1.1-1", measure="registered", value=90, on="2023-12-31")
        then = at(1)
        before = [(await api.get(path, params=asked)).text for path, asked in self.READS]
        at(2)
        await record(api, "C.1.1-1", measure="registered", value=95, on="2023-12-31", reason="counted anew")
        await record(api, "B.2.4-1", measure="higher_education", value=23000, on="2023-12-31")
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        assert (await api.delete(f"{NEW}/indicators/B.1.1-1", headers=SEEN)).status_code == 200
        assert (await api.post(f"{NEW}/adopt", json={"on": "2024-01-01"}, headers=SEEN)).status_code == 200
        at(3)

        now = [(await api.get(path, params=asked)).text for path, asked in self.READS]
        after = [(await api.get(path, params={**asked, "known_at": then})).text for path, asked in self.READS]
        assert [one == other for one, other in zip(now, before, strict=True)] == [False] * len(self.READS)
        assert after == before

    async def test_of_a_draft_are_those_of_its_document_of_then(self, api: httpx.AsyncClient, at: Clock) -> None:
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        then = {"edition": "klsk-2026", "known_at": at(1)}
        at(2)
        assert (await api.delete(f"{NEW}/programmes/C.1.3", headers=SEEN)).status_code == 200

        series = await api.get("/v1/indicators/C.1.3-1/series", params=then)
        assert (series.status_code, series.json()["target"]["value"]) == (200, 55)
        assert (await api.get("/v1/quality", params=then)).json()["counts"]["contradicting_figures"] == 1
        for form in ("csv", "sdmx-csv", "iati", "xlsx"):
            answer = await api.get("/v1/indicators/export", params={**then, "format": form})
            assert answer.status_code == 200
            assert form == "xlsx" or "C.1.3-1" in answer.text

    async def test_refuse_an_instant_that_is_none(self, api: httpx.AsyncClient) -> None:
        for path, asked in self.READS:
            answer = await api.get(path, params={**asked, "known_at": "2026-11-24T10:00:00"})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/known_at")


class TestEditionInForce:
    async def test_is_that_of_the_day_asked_for(self, api: httpx.AsyncClient) -> None:
        await api.post(f"{OLD}/copy", json={"code": "klsk-2026"})
        title = {"pl": "Nowa", "en": "New"}
        await api.patch(f"{NEW}/paths/entities", json={"name": title}, headers=SEEN)
        await api.post(f"{NEW}/adopt", json={"on": "2026-09-01"}, headers=SEEN)

        async def edition(path: str, **parameters: Any) -> Any:
            found = (await api.get(path, params=parameters)).json()
            return found.get("edition") or found["items"][0].get("edition")

        for path in ("/v1/scorecard", "/v1/indicators", "/v1/indicators/C.1.1-1", "/v1/paths/entities"):
            days = ["2026-09-01", "2026-08-31", "2022-09-07"]
            seen = [await edition(path, as_of=day) for day in days]
            assert (await edition(path), seen) == ("klsk-2026", ["klsk-2026", "klsk-2022", "klsk-2022"])
            assert await edition(path, as_of="2026-08-31", edition="klsk-2026") == "klsk-2026"
        names = [
            (await api.get("/v1/paths", params={"as_of": day})).json()["items"][0]["name"]
            for day in ("2026-09-01", "2026-08-31")
        ]
        assert names == ["New", "Entities and critical mass"]

    async def test_is_none_before_the_first_was_adopted(self, api: httpx.AsyncClient) -> None:
        early = {"as_of": date(2022, 9, 6).isoformat()}

        assert (await scorecard(api, **early))["edition"] is None
        assert (await api.get("/v1/indicators", params=early)).json()["items"] == []
        assert (await api.get("/v1/paths/entities", params=early)).status_code == 404
