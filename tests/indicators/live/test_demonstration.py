"""What rests on demonstration rows is labelled, and goes when they go."""

import httpx
import pytest
from fastapi import FastAPI

from tests.indicators.live.conftest import REGISTERED, Figure, Measure, Neighbour, Refresh, observations


class TestClearDemonstration:
    @pytest.fixture(autouse=True)
    def demonstration(self, registry: Neighbour) -> None:
        registry.figures[REGISTERED].demonstration = 70

    async def test_withdraws_what_rests_on_demonstration_rows_and_counts_anew(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient, app: FastAPI, measure: Measure
    ) -> None:
        await refresh()
        registry.figures[REGISTERED] = Figure(0)

        answer = await api.post("/v1/indicators/demonstration/clear")
        assert await app.state.jobs.run_next()

        assert (answer.status_code, answer.json()["withdrawn"]) == (202, 12)
        assert (await api.get(answer.headers["location"])).json()["state"] == "succeeded"
        latest = (await measure("B.1.1-1"))["latest"]
        assert (latest["value"], latest["demonstration"]) == (0, 0)
        withdrawn = await observations(api, "B.1.1-1", state="superseded")
        assert {item["superseded_reason"] for item in withdrawn} == {
            "usunięto dane demonstracyjne · the demonstration rows were removed"
        }

    async def test_is_labelled_on_the_scorecard_until_then(
        self, refresh: Refresh, api: httpx.AsyncClient, measure: Measure
    ) -> None:
        await refresh()

        assert (await measure("B.1.1-1"))["latest"]["demonstration"] == 70
        assert (await api.get("/v1/scorecard")).json()["coverage"]["demonstration"] == 2

    async def test_is_for_administrators(self, office: httpx.AsyncClient) -> None:
        assert (await office.post("/v1/indicators/demonstration/clear")).status_code == 403
