"""The steps of an edition: begun as a copy, changed, adopted, superseded; or given up."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from klaster_indicators.database import METADATA

EDITIONS = "/v1/strategy/editions"
OLD, NEW = f"{EDITIONS}/klsk-2022", f"{EDITIONS}/klsk-2026"


async def begin(api: httpx.AsyncClient, code: str = "klsk-2026", source: str = OLD) -> httpx.Response:
    answer = await api.post(f"{source}/copy", json={"code": code})
    assert answer.status_code == 201, answer.text
    return answer


async def adopt(api: httpx.AsyncClient, url: str, on: str) -> httpx.Response:
    return await api.post(f"{url}/adopt", json={"on": on}, headers={"If-Match": "*"})


class TestCopy:
    async def test_begins_a_draft_that_says_the_same(self, api: httpx.AsyncClient, office: httpx.AsyncClient) -> None:
        title = {"pl": "Strategia 2026", "en": "Strategy 2026"}
        answer = await office.post(f"{OLD}/copy", json={"code": "klsk-2026", "title": title})

        assert (answer.status_code, answer.headers["location"]) == (201, NEW)
        copied, source = answer.json(), (await api.get(OLD)).json()
        assert (copied["state"], copied["adopted"], copied["copied_from"]) == ("draft", None, "klsk-2022")
        assert copied["document"]["edition"]["title"] == title
        left = {"code", "title", "adopted", "collected_on"}
        heads = [{k: v for k, v in one["document"]["edition"].items() if k not in left} for one in (copied, source)]
        assert heads[0] == heads[1]
        assert copied["document"] | {"edition": None} == source["document"] | {"edition": None}
        assert (await api.get("/v1/scorecard")).json()["edition"] == "klsk-2022"

    async def test_keeps_observations_with_the_indicator(self, api: httpx.AsyncClient) -> None:
        body = {"measure": "registered", "value": 90, "on": "2025-12-31", "source": "a count", "state": "verified"}
        assert (await api.post("/v1/indicators/C.1.1-1/observations", json=body)).status_code == 201
        await begin(api)

        items = (await api.get("/v1/scorecard", params={"edition": "klsk-2026"})).json()["items"]
        [score] = [one for one in items if (one["indicator"]["code"], one["measure"]) == ("C.1.1-1", "registered")]
        assert score["latest"]["value"] == 90

    async def test_leaves_figures_on_the_day_by_which_they_were_printed(self, api: httpx.AsyncClient) -> None:
        await begin(api)
        await adopt(api, NEW, "2025-09-01")
        third = (await begin(api, "klsk-2027", NEW)).json()

        days = [
            (await api.get("/v1/indicators/B.1.1-1/baselines", params={"edition": code})).json()["items"]
            for code in ("klsk-2022", "klsk-2026", "klsk-2027")
        ]
        assert {one["baseline"]["on"] for items in days for one in items} == {"2022-09-07"}
        assert third["document"]["edition"]["collected_on"] == ["2022-09-07", "2025-09-01"]

    async def test_refuses_codes_that_are_taken_or_mean_something_else(self, api: httpx.AsyncClient) -> None:
        taken = await api.post(f"{OLD}/copy", json={"code": "klsk-2022"})
        reserved = await api.post(f"{OLD}/copy", json={"code": "diff"})
        nowhere = await api.post(f"{EDITIONS}/klsk-1999/copy", json={"code": "klsk-2026"})

        assert (taken.status_code, taken.json()["code"]) == (409, "edition_exists")
        assert (reserved.status_code, reserved.json()["errors"][0]["pointer"]) == (422, "/code")
        assert nowhere.status_code == 404


class TestUpdate:
    async def test_changes_what_the_draft_says_of_itself(
        self, api: httpx.AsyncClient, office: httpx.AsyncClient
    ) -> None:
        etag = (await begin(api)).headers["etag"]
        changes = {"target_year": 2025, "vision_year": 2035, "method": None}

        blind = await office.patch(NEW, json=changes)
        seen = await office.patch(NEW, json=changes, headers={"If-Match": etag})

        assert (blind.status_code, seen.status_code) == (428, 200)
        head = seen.json()["document"]["edition"]
        assert (head["vision_year"], head["target_year"], "method" in head) == (2035, 2025, False)

    async def test_refuses_what_contradicts_the_document_and_half_a_label(self, api: httpx.AsyncClient) -> None:
        await begin(api)

        moved = await api.patch(NEW, json={"target_year": 2030}, headers={"If-Match": "*"})
        half = await api.patch(NEW, json={"title": {"pl": "Strategia"}}, headers={"If-Match": "*"})
        adopted = await api.patch(OLD, json={"vision_year": 2040}, headers={"If-Match": "*"})

        assert (moved.status_code, moved.json()["code"]) == (422, "contradictory_strategy")
        assert moved.json()["errors"][0]["pointer"] == ""
        assert moved.json()["errors"][0]["detail"].startswith("programmes[")
        assert (half.status_code, half.json()["errors"][0]["pointer"]) == (422, "/title/en")
        assert (adopted.status_code, adopted.json()["code"]) == (409, "edition_adopted")


class TestAdopt:
    async def test_supersedes_the_one_before_from_its_day_on(self, api: httpx.AsyncClient, app: FastAPI) -> None:
        await begin(api)
        answer = await adopt(api, NEW, "2025-09-01")

        assert (answer.status_code, answer.json()["state"], answer.json()["adopted"]) == (200, "adopted", "2025-09-01")
        days: list[Any] = [
            (one["code"], one["state"], one["adopted"], one["superseded"])
            for one in (await api.get(EDITIONS)).json()["items"]
        ]
        assert days == [
            ("klsk-2022", "superseded", "2022-09-07", "2025-09-01"),
            ("klsk-2026", "adopted", "2025-09-01", None),
        ]
        assert (await api.get(OLD)).json()["superseded"] == "2025-09-01"
        again = await api.patch(NEW, json={"vision_year": 2040}, headers={"If-Match": "*"})
        assert (again.status_code, again.json()["code"]) == (409, "edition_adopted")
        jobs = METADATA.tables["jobs"]
        async with app.state.database.read() as session:
            assert (await session.execute(select(jobs.c.kind))).all() == [("refresh",)]

    async def test_refuses_days_on_which_it_cannot_begin_to_hold(self, api: httpx.AsyncClient) -> None:
        await begin(api)

        future = await adopt(api, NEW, "2026-11-25")
        before = await adopt(api, NEW, "2022-09-07")
        twice = await adopt(api, OLD, "2026-11-24")

        assert (future.status_code, future.json()["errors"][0]["code"]) == (422, "future")
        assert (before.status_code, before.json()["errors"][0]["code"]) == (422, "not_later")
        assert (twice.status_code, twice.json()["code"]) == (409, "edition_adopted")

    async def test_is_for_administrators(self, api: httpx.AsyncClient, office: httpx.AsyncClient) -> None:
        await begin(api)

        assert (await adopt(office, NEW, "2026-11-24")).status_code == 403


class TestDelete:
    async def test_gives_up_a_draft_and_keeps_indicators(
        self, api: httpx.AsyncClient, app: FastAPI, now: datetime
    ) -> None:
        first = (await api.get("/v1/indicators/B.1.1-1")).json()["id"]
        await begin(api)
        app.state.clock = lambda: now + timedelta(hours=1)

        blind = await api.delete(NEW)
        gone = await api.delete(NEW, headers={"If-Match": "*"})

        assert (blind.status_code, gone.status_code) == (428, 204)
        assert (await api.get(NEW)).status_code == 404
        assert (await api.get("/v1/indicators/B.1.1-1")).json()["id"] == first
        assert (await begin(api)).json()["version"] == 1

    async def test_never_deletes_an_adopted_edition(self, api: httpx.AsyncClient) -> None:
        answer = await api.delete(OLD, headers={"If-Match": "*"})

        assert (answer.status_code, answer.json()["code"]) == (409, "edition_adopted")
