"""The time line of a measure over HTTP."""

from typing import Any

import httpx
import pytest

from klaster_indicators.series.schemas import MeasureSeriesRead

REGISTERED = "/v1/indicators/C.1.1-1/series?measure=registered"


async def record(api: httpx.AsyncClient, indicator: str, **body: Any) -> None:
    answer = await api.post(
        f"/v1/indicators/{indicator}/observations", json={"source": "a count", "state": "verified", **body}
    )
    assert answer.status_code == 201, answer.text


class TestSeries:
    async def test_tells_the_way_of_a_measure(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        for value, day in ((120, "2022-12-31"), (190, "2024-06-30")):
            await record(api, "C.1.1-1", measure="registered", value=value, on=day, approximate=value == 120)
        await record(api, "C.1.1-1", measure="registered", value=7, on="2024-07-01", state="draft")

        answer = await anybody.get(REGISTERED)

        series = answer.json()
        assert (series["method"], series["reason"], series["unit"]) == ("straight_line", None, "entity")
        assert series["line"] == [{"on": "2021-12-31", "value": 73}, {"on": "2025-12-31", "value": 300}]
        assert [item["year"] for item in series["expected"]] == [2021, 2022, 2023, 2024, 2025]
        assert series["expected"][1]["value"] == pytest.approx(73 + 227 * 365 / 1461, abs=1e-6)
        assert [(item["to"], item["value"], item["approximate"]) for item in series["observations"]] == [
            ("2022-12-31", 120, True),
            ("2024-06-30", 190, False),
        ]
        unchanged = await anybody.get(REGISTERED, headers={"If-None-Match": answer.headers["etag"]})
        assert unchanged.status_code == 304

    async def test_is_cut_to_the_time_asked_for(self, api: httpx.AsyncClient) -> None:
        for year in (2022, 2023, 2024):
            await record(api, "C.1.1-1", measure="registered", value=year, on=f"{year}-06-30")

        series = (await api.get(f"{REGISTERED}&from=2023&to=2023-12&lang=pl")).json()

        assert [item["year"] for item in series["expected"]] == [2023]
        assert [item["value"] for item in series["observations"]] == [2023]

    async def test_draws_no_line_where_none_can_be_drawn(self, api: httpx.AsyncClient) -> None:
        await record(api, "B.1.1-2", value=6, year=2025)
        await record(api, "B.1.1-2", value=13, year=2022, period="window_3y")

        series = (await api.get("/v1/indicators/B.1.1-2/series")).json()

        assert (series["method"], series["line"], series["expected"], series["target"]) == (None, [], [], None)
        assert series["reason"] == "The baseline covers another period than the measure"
        assert [item["comparable"] for item in series["observations"]] == [False, True]

    @pytest.mark.parametrize(
        ("target", "status"),
        [
            ("/v1/indicators/C.1.1-1/series", 404),
            ("/v1/indicators/C.1.1-1/series?measure=no_such", 404),
            ("/v1/indicators/C.9.9-1/series", 404),
            ("/v1/indicators/C.1.1-1/series?measure=registered&from=2024&to=2023", 422),
            ("/v1/indicators/C.1.1-1/series?measure=registered&from=soon", 422),
            ("/v1/indicators/C.1.1-1/series?measure=registered&since=2024", 422),
        ],
    )
    async def test_is_refused_where_it_makes_no_sense(
        self, anybody: httpx.AsyncClient, target: str, status: int
    ) -> None:
        assert (await anybody.get(target)).status_code == status

    def test_has_an_example_that_holds(self) -> None:
        [example] = MeasureSeriesRead.model_json_schema()["examples"]
        for item in example["observations"]:
            item["from_"] = item.pop("from")

        assert MeasureSeriesRead.model_validate(example)
