"""Targets that say what counts as met, and targets set year by year: from the draft to every reading of them."""

from typing import Any

import httpx
import pytest

EDITIONS = "/v1/strategy/editions"
NEW = f"{EDITIONS}/klsk-2023"
SEEN = {"If-Match": "*"}
GOAL = f"{NEW}/goals/C.1.1-1"
BY_YEAR = {"value": 300, "by_year": {"2023": 100, "2024": 250}}


async def begin(api: httpx.AsyncClient, target: dict[str, Any], **measure: Any) -> httpx.Response:
    """A draft in which `registered`, that stood at 73, has another target."""
    await api.post(f"{EDITIONS}/klsk-2022/copy", json={"code": "klsk-2023"})
    goal = (await api.get(GOAL)).json()
    goal["measures"][0] = {**goal["measures"][0], **measure, "target": target}
    return await api.put(GOAL, json=goal, headers=SEEN)


async def adopt(api: httpx.AsyncClient) -> None:
    adopted = await api.post(f"{NEW}/adopt", json={"on": "2022-10-01"}, headers=SEEN)
    assert adopted.status_code == 200, adopted.text


async def record(api: httpx.AsyncClient, value: float, on: str) -> None:
    body = {"measure": "registered", "value": value, "on": on, "source": "a count", "state": "verified"}
    assert (await api.post("/v1/indicators/C.1.1-1/observations", json=body)).status_code == 201


async def score(api: httpx.AsyncClient, as_of: str) -> dict[str, Any]:
    items = (await api.get("/v1/scorecard", params={"as_of": as_of, "programme": "C.1.1"})).json()["items"]
    found: dict[str, Any] = next(item for item in items if item["measure"] == "registered")
    return found


class TestByYear:
    async def test_judges_by_the_target_of_the_period_that_the_day_lies_in(self, api: httpx.AsyncClient) -> None:
        assert (await begin(api, BY_YEAR)).status_code == 200
        await adopt(api)
        await record(api, 110, "2023-06-30")
        await record(api, 180, "2024-06-30")
        await record(api, 190, "2025-06-30")

        seen = [await score(api, day) for day in ("2023-12-31", "2024-06-30", "2025-06-30", "2026-01-01")]

        assert [(one["target"]["year"], one["target"]["resolves_to"]) for one in seen] == [
            (2023, 100),
            (2024, 250),
            (2025, 300),
            (2025, 300),
        ]
        assert [one["status"] for one in seen] == ["achieved", "on_track", "off_track", "missed"]
        assert seen[1]["expected"] == {"value": pytest.approx(100 + 150 * 182 / 366, abs=1e-6), "on": "2024-06-30"}
        assert seen[1]["progress"] == pytest.approx(107 / 177, abs=1e-6)

    async def test_shows_each_with_what_it_resolves_to_and_how(self, api: httpx.AsyncClient) -> None:
        await begin(api, BY_YEAR)
        await adopt(api)
        where = {"measure": "registered"}

        [stated, _] = (await api.get("/v1/indicators/C.1.1-1/targets")).json()["items"]
        series = (await api.get("/v1/indicators/C.1.1-1/series", params=where)).json()
        chart = await api.get("/v1/indicators/C.1.1-1/chart.svg", params={**where, "lang": "en"}, timeout=60)
        sdmx = (await api.get("/v1/indicators/export", params={"format": "sdmx-csv"})).text
        iati = (await api.get("/v1/indicators/export", params={"format": "iati"})).text

        assert [(one["year"], one["resolves_to"], one["how"]) for one in stated["interim"]] == [
            (2023, 100, "as stated"),
            (2024, 250, "as stated"),
        ]
        assert [point["value"] for point in series["line"]] == [73, 100, 250, 300]
        assert [round(one["value"]) for one in series["expected"]] == [73, 86, 100, 250, 300]
        assert [one["value"] for one in series["interim"]] == [100, 250]
        assert "Targets of the years before: 100 (2023-12-31), 250 (2024-12-31)." in chart.text
        rows = [line.split(",") for line in sdmx.splitlines() if ",C.1.1-1,registered,T," in line]
        assert [(row[8], row[9]) for row in rows] == [
            ("2023-12-31", "100"),
            ("2024-12-31", "250"),
            ("2025-12-31", "300"),
        ]
        assert 'target value="250"' in iati

    async def test_is_a_retargeting_in_the_diff(self, api: httpx.AsyncClient) -> None:
        await begin(api, BY_YEAR)

        found = (await api.get(f"{EDITIONS}/diff", params={"from": "klsk-2022", "to": "klsk-2023"})).json()

        [item] = [one for one in found["items"] if one["change"] == "retargeted"]
        assert item["fields"][0]["after"]["by_year"] == {"2023": 100, "2024": 250}

    @pytest.mark.parametrize(
        ("target", "pointer"),
        [
            ({"value": 300, "by_year": {"2025": 100}}, "/measures/0/target/by_year/2025"),
            ({"value": 300, "by_year": {"2021": 100}}, "/measures/0/target/by_year/2021"),
            ({"value": 300, "by_year": {"soon": 100}}, "/measures/0/target/by_year/soon"),
            ({"value": 300, "by_year": {}}, "/measures/0/target/by_year"),
            ({"value": 300, "bound": "about"}, "/measures/0/target/bound"),
        ],
    )
    async def test_is_refused_with_the_place(
        self, api: httpx.AsyncClient, target: dict[str, Any], pointer: str
    ) -> None:
        refused = await begin(api, target)

        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["pointer"].startswith(pointer)


class TestBound:
    @pytest.mark.parametrize(
        ("target", "value", "status"),
        [
            ({"value": 300, "bound": "exactly"}, 300, "achieved"),
            ({"value": 300, "bound": "exactly"}, 301, "on_track"),
            ({"value": 300, "bound": "at_least"}, 301, "achieved"),
            ({"value": 80, "bound": "at_most"}, 79, "achieved"),
            ({"value": 80, "bound": "at_most"}, 81, "off_track"),
            ({"change_percent": -10, "bound": "at_most"}, 60, "achieved"),
            ({"value": 73, "bound": "at_least"}, 72, "off_track"),
        ],
    )
    async def test_says_what_counts_as_met(
        self, api: httpx.AsyncClient, target: dict[str, Any], value: float, status: str
    ) -> None:
        direction = "decrease" if "change_percent" in target else "maintain" if target["value"] < 100 else "increase"
        begun = await begin(api, target, direction=direction)
        assert begun.status_code == 200, begun.text
        await adopt(api)
        await record(api, value, "2024-06-30")

        found = await score(api, "2024-06-30")

        assert (found["status"], found["target"]["bound"]) == (status, target["bound"])
        assert found["target"]["how"].startswith(target["bound"].replace("_", " ") + ": ")
