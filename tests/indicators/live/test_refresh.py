"""Live figures are pulled, stored with where they come from, restated with a reason, and kept when a source is away."""

from collections.abc import Callable
from typing import Any

import httpx
from fastapi import FastAPI

from tests.indicators.live.conftest import REGISTERED, Measure, Neighbour, Refresh, observations

YEAR_ENDS = ["2021-12-31", "2022-12-31", "2023-12-31", "2024-12-31", "2025-12-31"]


class TestRefresh:
    async def test_asks_each_source_once_a_day_that_counts(
        self, refresh: Refresh, registry: Neighbour, events: Neighbour
    ) -> None:
        await refresh()

        assert registry.asked == events.asked == [*YEAR_ENDS, "2026-11-24"]

    async def test_stores_points_of_each_year_s_end_and_of_today(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        registry.figures[REGISTERED].on["2023-12-31"] = 61
        await refresh()

        found = await observations(api, "B.1.1-1")

        assert [item["to"] for item in found] == ["2026-11-24", *reversed(YEAR_ENDS)]
        assert [item["value"] for item in found] == [73, 73, 73, 61, 73, 73]

    async def test_stores_where_a_value_comes_from(self, refresh: Refresh, registry: Neighbour, api: Any) -> None:
        registry.figures[REGISTERED].demonstration = 70
        await refresh()

        newest = (await observations(api, "B.1.1-1"))[0]

        assert newest["source"] == "registry"
        assert newest["figure"] == REGISTERED
        assert newest["definition"] == {"pl": "What is counted (po polsku)", "en": "What is counted"}
        assert newest["rows"] == "/v1/things?as_of=2026-11-24"
        assert newest["demonstration"] == 70
        assert newest["pulled_at"] == newest["checked_at"] == "2026-11-24T09:00:00Z"
        assert newest["recorded_by"] == "system"

    async def test_keeps_a_running_year_apart_from_complete_ones(self, refresh: Refresh, measure: Measure) -> None:
        await refresh()

        participants = await measure("C.2.2-1", "participants")

        assert (participants["latest"]["value"], participants["latest"]["year"]) == (1300, 2025)
        assert (participants["to_date"]["value"], participants["to_date"]["year"]) == (40, 2026)
        assert participants["to_date"]["complete"] is False
        assert (participants["status"], participants["progress"]) == ("achieved", 1.125)

    async def test_feeds_every_measure_that_names_the_figure(self, refresh: Refresh, measure: Measure) -> None:
        await refresh()

        assert (await measure("B.1.1-1"))["latest"]["value"] == 73
        assert (await measure("C.1.1-1", "registered"))["latest"]["value"] == 73

    async def test_counts_nothing_twice(self, refresh: Refresh, api: httpx.AsyncClient) -> None:
        first = await refresh()
        before = await observations(api, "B.1.1-1")
        position = (await api.get("/v1/indicators/changes", params={"limit": 1000})).json()["next"]

        again = await refresh()

        assert (first["created"], first["restated"]) == (24, 0)
        assert (again["created"], again["restated"], again["unchanged"]) == (0, 0, 24)
        assert await observations(api, "B.1.1-1") == before
        told = (await api.get("/v1/indicators/changes", params={"after": position})).json()["items"]
        assert {one["collection"] for one in told} == {"jobs"}  # that it was refreshed, and nothing else

    async def test_notes_that_a_source_still_says_the_same(
        self, refresh: Refresh, api: httpx.AsyncClient, app: FastAPI
    ) -> None:
        await refresh()
        later = app.state.clock().replace(hour=11)
        app.state.clock = lambda: later
        await refresh()

        newest = (await observations(api, "B.1.1-1"))[0]

        assert (newest["pulled_at"], newest["checked_at"]) == ("2026-11-24T09:00:00Z", "2026-11-24T11:00:00Z")

    async def test_restates_a_changed_value_with_a_reason(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        await refresh()
        registry.figures[REGISTERED].on["2026-11-24"] = 74

        result = await refresh()

        new, old = (await observations(api, "B.1.1-1"))[:2]
        assert result["restated"] == 2  # of both measures that name the figure
        assert (new["value"], new["state"], new["supersedes"]) == (74, "verified", old["id"])
        assert new["reason"] == "policzono ponownie: 74, wcześniej 73 · counted anew: 74, 73 before"
        assert (old["value"], old["state"]) == (73, "superseded")
        assert old["superseded_reason"] == "policzono ponownie: 74, wcześniej 73 · counted anew: 74, 73 before"

    async def test_says_when_a_figure_changed_its_definition(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        await refresh()
        registry.figures[REGISTERED].definition = "What is counted since the rules changed"
        await refresh()

        new, old = (await observations(api, "B.1.1-1", since="2026-01-01"))[:2]

        assert new["reason"] == f"zmieniła się definicja {REGISTERED} · {REGISTERED} changed its definition"
        assert (old["definition"]["en"], new["definition"]["en"]) == (
            "What is counted",
            "What is counted since the rules changed",
        )

    async def test_moves_today_and_leaves_yesterday(
        self, refresh: Refresh, registry: Neighbour, measure: Measure, next_day: Callable[[], None]
    ) -> None:
        await refresh()
        next_day()
        registry.figures[REGISTERED].on["2026-11-25"] = 74
        await refresh()

        assert (await measure("B.1.1-1"))["latest"]["value"] == 74
        assert (await measure("B.1.1-1", as_of="2026-11-24"))["latest"]["value"] == 73

    async def test_replays_a_past_day_exactly(
        self,
        refresh: Refresh,
        registry: Neighbour,
        events: Neighbour,
        api: httpx.AsyncClient,
        next_day: Callable[[], None],
    ) -> None:
        await refresh()
        next_day()
        before = (await api.get("/v1/scorecard", params={"as_of": "2026-11-24"})).json()
        next_day()
        registry.figures[REGISTERED].on["2026-11-25"] = 999
        registry.figures["registry.entities.startups_founded"].on["2026"] = 999
        events.away = True
        await refresh()

        after = (await api.get("/v1/scorecard", params={"as_of": "2026-11-24"})).json()

        assert after == before

    async def test_pulls_one_day_where_it_is_named(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        registry.figures[REGISTERED].on["2024-06-30"] = 180

        result = await refresh(as_of="2024-06-30")

        assert (registry.asked, result["days"]) == (["2024-06-30"], ["2024-06-30"])
        running = await measure("C.1.1-1", "registered", as_of="2024-06-30")
        assert (running["latest"]["value"], running["status"]) == (180, "at_risk")

    async def test_refuses_a_day_that_has_not_come(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/indicators/refresh", json={"as_of": "2026-11-25"})

        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")

    async def test_is_the_one_that_waits_when_asked_for_twice(self, api: httpx.AsyncClient) -> None:
        first, second = [await api.post("/v1/indicators/refresh") for _ in range(2)]

        assert first.headers["location"] == second.headers["location"]

    async def test_is_another_where_one_is_running_already(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        """The one that runs has perhaps asked before the caller changed anything."""
        asked: list[str] = []

        async def ask() -> None:
            asked.append((await api.post("/v1/indicators/refresh")).headers["location"])

        registry.meanwhile = ask
        await refresh()

        states = [(await api.get(location)).json()["state"] for location in dict.fromkeys(asked)]
        assert states == ["queued"]

    async def test_holds_no_transaction_while_it_asks(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        recorded: list[int] = []

        async def record() -> None:
            body = {"value": 5, "on": "2026-11-01", "source": "a letter", "measure": "projects"}
            recorded.append((await api.post("/v1/indicators/B.6.1-1/observations", json=body)).status_code)

        registry.meanwhile = record

        await refresh()

        assert recorded == [201] * 6

    async def test_is_not_for_everybody(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.post("/v1/indicators/refresh")).status_code == 403


class TestByHand:
    async def test_a_verified_value_is_never_replaced_by_a_counted_one(
        self, refresh: Refresh, api: httpx.AsyncClient, measure: Measure
    ) -> None:
        body = {"value": 71, "on": "2026-11-24", "source": "counted by hand", "state": "verified"}
        await api.post("/v1/indicators/B.1.1-1/observations", json=body)

        result = await refresh()

        assert result["kept_by_hand"] == 1
        assert (await measure("B.1.1-1"))["latest"]["value"] == 71
