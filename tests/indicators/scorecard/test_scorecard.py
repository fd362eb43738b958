"""The scorecard over HTTP: every measure, what can be said of it, what lacks, on any day."""

from collections import Counter
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event


async def record(api: httpx.AsyncClient, indicator: str, measure: str, value: float, **when: Any) -> None:
    body = {"measure": measure, "value": value, "source": "a count", "state": "verified", **when}
    answer = await api.post(f"/v1/indicators/{indicator}/observations", json=body)
    assert answer.status_code == 201, answer.text


async def read(api: httpx.AsyncClient, indicator: str, measure: str, **parameters: Any) -> dict[str, Any]:
    items = (await api.get("/v1/scorecard", params=parameters)).json()["items"]
    found: dict[str, Any] = next(
        item for item in items if (item["indicator"]["code"], item["measure"]) == (indicator, measure)
    )
    return found


class TestShape:
    async def test_has_every_measure_even_without_any_data(self, anybody: httpx.AsyncClient) -> None:
        scorecard = (await anybody.get("/v1/scorecard")).json()

        assert (scorecard["as_of"], scorecard["edition"]) == ("2026-11-24", "klsk-2022")
        assert Counter(item["level"] for item in scorecard["items"]) == {"B": 49, "C": 31}
        assert sum(scorecard["counts"].values()) == 80
        found = {status: count for status, count in scorecard["counts"].items() if count}
        assert found == {"no_data": 77, "not_comparable": 2, "not_assessed": 1}

    async def test_is_empty_before_a_strategy_is_adopted(self, empty: httpx.AsyncClient) -> None:
        scorecard = (await empty.get("/v1/scorecard")).json()

        assert (scorecard["edition"], scorecard["items"], sum(scorecard["counts"].values())) == (None, [], 0)

    async def test_says_how_much_rests_on_data(self, api: httpx.AsyncClient) -> None:
        await record(api, "B.2.4-1", "higher_education", 23100, on="2026-10-01")

        assert (await api.get("/v1/scorecard")).json()["coverage"] == {
            "measures": 80,
            "with_baseline": 61,
            "with_target": 31,
            "with_latest": 1,
            "live": 50,
            "stale": 0,
            "demonstration": 0,
        }

    async def test_says_what_lacks_and_why(self, api: httpx.AsyncClient) -> None:
        lacking = (await api.get("/v1/scorecard")).json()["lacking"]

        why = {(item["indicator"], item["measure"], item["lacks"]): item["why"] for item in lacking}
        assert why["B.5.3-1", "capital", "baseline"] == "The document: its authors did not know"
        assert why["B.4.2-1", "revenue", "baseline"] == "The document: no data"
        assert why["C.1.1-1", "cooperating", "baseline"] == "The document states no figure"
        assert why["B.1.1-1", "registered", "target"] == "No target is set"
        assert why["B.1.1-1", "registered", "latest"] == "The service that counts it has not answered yet"

    async def test_is_not_sent_twice(self, api: httpx.AsyncClient) -> None:
        etag = (await api.get("/v1/scorecard")).headers["etag"]

        assert (await api.get("/v1/scorecard", headers={"If-None-Match": etag})).status_code == 304

    async def test_speaks_polish(self, api: httpx.AsyncClient) -> None:
        item = await read(api, "C.1.1-1", "registered", lang="pl")

        assert item["reasons"]["progress"] == "Nie zapisano jeszcze żadnej wartości"
        assert item["path"]["name"] == "Podmioty i Masa Krytyczna"

    async def test_costs_the_same_number_of_queries_for_one_measure_and_for_all(
        self, api: httpx.AsyncClient, app: FastAPI
    ) -> None:
        seen: list[str] = []
        engine = app.state.database._reader.sync_engine

        @event.listens_for(engine, "before_cursor_execute")
        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        await api.get("/v1/scorecard")
        whole = len(seen)
        await api.get("/v1/scorecard", params={"sig": "talents"})

        assert whole == len(seen) - whole
        assert whole <= 14


class TestFilters:
    @pytest.mark.parametrize(
        ("parameters", "count"),
        [
            ({"level": "C"}, 31),
            ({"path": "1"}, 12),
            ({"path": ["entities", "2"]}, 29),
            ({"programme": "C.5.2"}, 4),
            ({"sig": "international"}, 3),
            ({"status": "not_comparable"}, 2),
            ({"status": ["not_comparable", "not_assessed"]}, 3),
            ({"level": "B", "sig": "talents"}, 0),
        ],
    )
    async def test_leave_the_measures_asked_for(
        self, api: httpx.AsyncClient, parameters: dict[str, Any], count: int
    ) -> None:
        scorecard = (await api.get("/v1/scorecard", params=parameters)).json()

        assert len(scorecard["items"]) == sum(scorecard["counts"].values()) == count

    @pytest.mark.parametrize(
        ("parameters", "pointer"),
        [
            ({"colour": "red"}, "query/colour"),
            ({"status": "splendid"}, "query/status/0"),
            ({"as_of": "2026-11-25"}, "query/as_of"),
            ({"as_of": "2027"}, "query/as_of"),
            ({"as_of": "2024-02-30"}, "query/as_of"),
            ({"as_of": "yesterday"}, "query/as_of"),
        ],
    )
    async def test_are_refused_where_they_make_no_sense(
        self, api: httpx.AsyncClient, parameters: dict[str, Any], pointer: str
    ) -> None:
        answer = await api.get("/v1/scorecard", params=parameters)

        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


class TestJudgement:
    async def test_calls_the_thirteen_startups_not_comparable(self, api: httpx.AsyncClient) -> None:
        """Printed as a yearly number, they are those of three years: dividing them would be invention."""
        await record(api, "B.1.1-2", "startups", 6, year=2025)

        startups = await read(api, "B.1.1-2", "startups")

        assert (startups["status"], startups["progress"], startups["change"]) == ("not_comparable", None, None)
        assert startups["reasons"]["progress"] == "The baseline covers another period than the measure"
        assert (startups["baseline"]["value"], startups["baseline"]["period"]) == (13, "window_3y")

    async def test_shows_the_race_while_it_ran(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.1.1-1", "registered", 190, on="2024-06-30")

        item = await read(api, "C.1.1-1", "registered", as_of="2024-06-30")

        assert (item["status"], item["method"]) == ("at_risk", "share_of_way")
        assert item["progress"] == pytest.approx(117 / 227, abs=1e-6)
        assert item["expected"]["on"] == "2024-06-30"
        assert item["expected"]["value"] == pytest.approx(73 + 227 * 912 / 1461, abs=1e-6)
        assert item["required_per_year"] == pytest.approx(110 / (549 / 365.25), abs=1e-6)

    async def test_says_missed_once_the_date_has_passed(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.1.1-1", "registered", 190, on="2026-11-01")

        item = await read(api, "C.1.1-1", "registered")

        assert (item["status"], item["expected"]) == ("missed", {"value": 300, "on": "2025-12-31"})
        assert item["required_per_year"] is None
        assert item["reasons"]["required_per_year"] == "The target's date has passed"

    async def test_compares_the_level_where_no_baseline_is_stated(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.1.1-1", "cooperating", 66, on="2024-06-30")

        item = await read(api, "C.1.1-1", "cooperating", as_of="2024-06-30")

        assert (item["status"], item["method"], item["progress"]) == ("no_baseline", "level", 0.33)

    async def test_keeps_four_networks(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.6.2-1", "networks", 4, on="2026-11-01")

        item = await read(api, "C.6.2-1", "networks")

        assert (item["status"], item["method"]) == ("achieved", "maintain")

    async def test_does_not_judge_the_number_of_networking_events(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.2.2-1", "events", 60, year=2025)

        item = await read(api, "C.2.2-1", "events")

        assert (item["status"], item["latest"]["value"], item["progress"]) == ("not_assessed", 60, None)

    async def test_tells_the_trend_alone_at_level_b(self, api: httpx.AsyncClient) -> None:
        await record(api, "B.2.4-1", "higher_education", 23393, on="2026-10-01")

        item = await read(api, "B.2.4-1", "higher_education")

        assert (item["status"], item["change"], item["progress"]) == ("no_target", 1000, None)

    async def test_counts_from_nothing_where_nothing_existed(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.6.1-1", "campaigns", 6, year=2023)

        item = await read(api, "C.6.1-1", "campaigns", as_of="2024-06-30")

        assert (item["baseline"]["status"], item["baseline"]["value"]) == ("none", 0)
        assert (item["status"], item["progress"]) == ("on_track", 0.5)

    async def test_prefers_a_value_of_the_measure_s_own_period(self, api: httpx.AsyncClient) -> None:
        await record(api, "B.2.4-1", "higher_education", 23393, on="2025-12-31")
        await record(api, "B.2.4-1", "higher_education", 500, year=2025, period="year")

        assert (await read(api, "B.2.4-1", "higher_education"))["latest"]["value"] == 23393


class TestAsOf:
    async def test_takes_what_was_true_then(self, api: httpx.AsyncClient) -> None:
        for year, value in ((2022, 90), (2023, 140), (2024, 210)):
            await record(api, "C.1.1-1", "registered", value, on=f"{year}-12-31")

        seen = [
            (await read(api, "C.1.1-1", "registered", as_of=day))["latest"]["value"]
            for day in ("2022-12-31", "2023-12-30", "2023-12-31", "2025-06-30")
        ]

        assert seen == [90, 90, 140, 210]

    async def test_takes_the_last_day_of_a_month_or_year(self, api: httpx.AsyncClient) -> None:
        asked = ("2024", "2024-06", "2026", "2026-11")

        days = [(await api.get("/v1/scorecard", params={"as_of": partial})).json()["as_of"] for partial in asked]

        assert days == ["2024-12-31", "2024-06-30", "2026-11-24", "2026-11-24"]

    async def test_has_nothing_before_the_first_value(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.1.1-1", "registered", 90, on="2022-12-31")

        assert (await read(api, "C.1.1-1", "registered", as_of="2022-12-30"))["status"] == "no_data"

    async def test_takes_a_year_once_it_is_over(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.2.2-1", "participants", 700, year=2023)

        assert (await read(api, "C.2.2-1", "participants", as_of="2023-12-30"))["latest"] is None
        assert (await read(api, "C.2.2-1", "participants", as_of="2023-12-31"))["latest"]["value"] == 700
