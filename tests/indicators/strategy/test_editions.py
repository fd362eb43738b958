"""Editions are taken in whole, once, and refused with the place of what is wrong."""

from copy import deepcopy
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from klaster_indicators.database import METADATA
from klaster_indicators.document.reading import read_strategy
from klaster_indicators.strategy import STRATEGY_FILE

EDITION = "/v1/strategy/editions/klsk-2022"
STRATEGY = read_strategy(STRATEGY_FILE).model_dump(mode="json", by_alias=True, exclude_unset=True)


@pytest.fixture
def strategy() -> dict[str, Any]:
    return deepcopy(STRATEGY)


def draft(strategy: dict[str, Any], code: str = "klsk-2026") -> dict[str, Any]:
    """Next year's edition, not yet adopted."""
    strategy["edition"]["code"] = code
    del strategy["edition"]["adopted"]
    return strategy


class TestPut:
    async def test_takes_a_new_edition_in(self, empty: httpx.AsyncClient, strategy: dict[str, Any]) -> None:
        answer = await empty.put(EDITION, json=strategy)

        assert answer.status_code == 201
        assert answer.headers["location"] == EDITION
        assert answer.json()["state"] == "adopted"
        assert answer.json()["document"] == strategy

    async def test_has_live_figures_pulled_at_once(
        self, empty: httpx.AsyncClient, app: FastAPI, strategy: dict[str, Any]
    ) -> None:
        await empty.put(EDITION, json=strategy)

        jobs = METADATA.tables["jobs"]
        async with app.state.database.read() as session:
            assert (await session.execute(select(jobs.c.kind, jobs.c.state))).all() == [("refresh", "queued")]

    async def test_changes_nothing_when_the_same_comes_again(
        self, empty: httpx.AsyncClient, strategy: dict[str, Any]
    ) -> None:
        first = await empty.put(EDITION, json=strategy)
        position = (await empty.get("/v1/indicators/changes", params={"limit": 1000})).json()["next"]

        again = await empty.put(EDITION, json=dict(reversed(strategy.items())))

        assert again.status_code == 200
        assert again.json() == first.json()
        assert (await empty.get("/v1/indicators/changes", params={"after": position})).json()["items"] == []

    async def test_never_changes_an_adopted_edition(self, api: httpx.AsyncClient, strategy: dict[str, Any]) -> None:
        strategy["edition"]["vision_year"] = 2040

        answer = await api.put(EDITION, json=strategy)

        assert (answer.status_code, answer.json()["code"]) == (409, "edition_adopted")
        assert (await api.get(EDITION)).json()["document"]["edition"]["vision_year"] == 2030

    async def test_replaces_a_draft_that_the_caller_has_seen(
        self, api: httpx.AsyncClient, strategy: dict[str, Any]
    ) -> None:
        path = "/v1/strategy/editions/klsk-2026"
        first = await api.put(path, json=draft(strategy))
        strategy["effects"][0]["note"] = "looked at again"

        blind = await api.put(path, json=strategy)
        seen = await api.put(path, json=strategy, headers={"If-Match": first.headers["etag"]})
        late = await api.put(path, json=strategy | {"rules": []}, headers={"If-Match": first.headers["etag"]})

        assert (first.status_code, blind.status_code, seen.status_code, late.status_code) == (201, 428, 200, 412)
        assert seen.json()["version"] == 2
        assert (await api.get("/v1/indicators", params={"edition": "klsk-2026", "count": True})).json()["total"] == 50

    async def test_keeps_an_indicator_the_same_across_editions(
        self, api: httpx.AsyncClient, strategy: dict[str, Any]
    ) -> None:
        await api.put("/v1/strategy/editions/klsk-2026", json=draft(strategy))

        here = (await api.get("/v1/indicators/B.1.1-1")).json()
        there = (await api.get("/v1/indicators/B.1.1-1", params={"edition": "klsk-2026"})).json()

        assert (here["edition"], there["edition"]) == ("klsk-2022", "klsk-2026")
        assert here["id"] == there["id"]
        assert here["measures"][0]["id"] == there["measures"][0]["id"]

    async def test_puts_a_later_edition_in_force(self, api: httpx.AsyncClient, strategy: dict[str, Any]) -> None:
        strategy["edition"] |= {"code": "klsk-2025", "adopted": "2025-09-01"}
        await api.put("/v1/strategy/editions/klsk-2025", json=strategy)

        editions = (await api.get("/v1/strategy/editions")).json()["items"]

        assert [(edition["code"], edition["state"]) for edition in editions] == [
            ("klsk-2022", "superseded"),
            ("klsk-2025", "adopted"),
        ]
        assert (await api.get("/v1/scorecard")).json()["edition"] == "klsk-2025"

    async def test_names_the_place_of_a_value_that_cannot_be_read(
        self, empty: httpx.AsyncClient, strategy: dict[str, Any]
    ) -> None:
        strategy["effect_indicators"][3]["measures"][0]["baseline"]["value"] = "33"
        strategy["effects"][0]["colour"] = "red"

        answer = await empty.put(EDITION, json=strategy)

        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [
            "/effects/0/colour",
            "/effect_indicators/3/measures/0/baseline/value",
        ]

    async def test_names_the_place_of_a_contradiction(self, empty: httpx.AsyncClient, strategy: dict[str, Any]) -> None:
        strategy["programmes"][2]["goals"][0]["measures"][0]["target"]["resolves_to"] = 56

        answer = await empty.put(EDITION, json=strategy)

        assert (answer.status_code, answer.json()["code"]) == (422, "contradictory_strategy")
        assert answer.json()["errors"] == [
            {
                "pointer": "/programmes/2/goals/0/measures/0/target/resolves_to",
                "code": "wrong_resolution",
                "detail": "the document says 56; by its own arithmetic it is 55",
            }
        ]
        assert (await empty.get("/v1/strategy/editions")).json()["items"] == []

    async def test_refuses_a_document_under_another_code(
        self, empty: httpx.AsyncClient, strategy: dict[str, Any]
    ) -> None:
        answer = await empty.put("/v1/strategy/editions/klsk-2023", json=strategy)

        assert [error["pointer"] for error in answer.json()["errors"]] == ["/edition/code"]

    async def test_is_not_for_the_office(self, office: httpx.AsyncClient, strategy: dict[str, Any]) -> None:
        assert (await office.put(EDITION, json=strategy)).status_code == 403

    async def test_is_followed_by_the_feed(self, api: httpx.AsyncClient) -> None:
        changes = (await api.get("/v1/indicators/changes", params={"limit": 1000})).json()["items"]

        assert [change["collection"] for change in changes] == ["editions", *["indicators"] * 50]
        assert {change["kind"] for change in changes} == {"created"}
        assert changes[1]["id"] == "B.1.1-1"


class TestRead:
    async def test_answers_not_found_for_an_edition_that_is_none(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.get("/v1/strategy/editions/klsk-1999")

        assert (answer.status_code, answer.json()["code"]) == (404, "edition_not_found")

    async def test_is_not_sent_twice(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        etag = (await anybody.get(EDITION)).headers["etag"]

        assert (await anybody.get(EDITION, headers={"If-None-Match": etag})).status_code == 304

    async def test_shows_titles_in_the_language_asked_for(self, api: httpx.AsyncClient) -> None:
        polish = await api.get("/v1/strategy/editions", headers={"Accept-Language": "pl"})

        assert polish.json()["items"][0]["title"] == "Strategia Rozwoju Klastra LifeScience Kraków"
