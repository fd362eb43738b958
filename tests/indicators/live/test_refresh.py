"""Live figures are pulled, stored with where they come from, restated with a reason, and kept when a source is away."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from klaster_indicators.database import METADATA
from tests.indicators.live.conftest import Figure, Measure, Neighbour, Refresh

YEAR_ENDS = ["2021-12-31", "2022-12-31", "2023-12-31", "2024-12-31", "2025-12-31"]
REGISTERED = "registry.entities.registered"


async def observations(api: httpx.AsyncClient, indicator: str, **filters: Any) -> list[dict[str, Any]]:
    answer = await api.get(f"/v1/indicators/{indicator}/observations", params={"limit": 500, **filters})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


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
        assert (await api.get("/v1/indicators/changes", params={"after": position})).json()["items"] == []

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
        assert new["reason"] == "counted anew: 74, 73 before"
        assert (old["value"], old["state"]) == (73, "superseded")
        assert old["superseded_reason"] == "counted anew: 74, 73 before"

    async def test_says_when_a_figure_changed_its_definition(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        await refresh()
        registry.figures[REGISTERED].definition = "What is counted since the rules changed"
        await refresh()

        new, old = (await observations(api, "B.1.1-1", since="2026-01-01"))[:2]

        assert new["reason"] == f"{REGISTERED} changed its definition"
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


class TestSourceInTrouble:
    async def test_leaves_the_last_value_marked_stale(
        self, refresh: Refresh, registry: Neighbour, measure: Measure, api: httpx.AsyncClient, app: FastAPI
    ) -> None:
        await refresh()
        later = app.state.clock().replace(hour=11)
        app.state.clock = lambda: later
        registry.away = True

        result = await refresh()

        assert result["sources"] == {"events": "ok", "registry": "2021-12-31: registry answers 503"}
        latest = (await measure("B.1.1-1"))["latest"]
        assert latest["value"] == 73
        assert latest["stale"] == {"since": "2026-11-24T09:00:00Z", "problem": "2021-12-31: registry answers 503"}
        assert (await measure("C.2.2-1", "participants"))["latest"]["stale"] is None
        assert (await api.get("/v1/scorecard")).json()["coverage"]["stale"] == 3

    async def test_is_forgotten_once_it_answers_again(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        registry.away = True
        await refresh()
        registry.away = False
        await refresh()

        assert (await measure("B.1.1-1"))["latest"]["stale"] is None

    async def test_is_asked_again_soon(self, refresh: Refresh, registry: Neighbour, app: FastAPI) -> None:
        registry.away = True
        await refresh()

        jobs = METADATA.tables["jobs"]
        async with app.state.database.read() as session:
            waiting = (await session.execute(select(jobs.c.key).where(jobs.c.state == "queued"))).scalars().all()

        assert [key.rsplit(":", 1)[0][:13] for key in sorted(waiting)] == ["refresh:again", "schedule"]

    async def test_does_not_believe_a_garbled_answer(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        await refresh()
        registry.garbled = True

        result = await refresh()

        assert result["sources"]["registry"] == "2021-12-31: registry gave an answer that cannot be read"
        latest = (await measure("B.1.1-1"))["latest"]
        assert (latest["value"], latest["stale"]["problem"]) == (73, result["sources"]["registry"])

    async def test_does_not_believe_figures_of_another_service(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        registry.figures["events.networking.attendance"] = Figure(7, form="period", unit="person")

        result = await refresh()

        assert "what was not asked" in result["sources"]["registry"]
        assert (await measure("C.2.2-1", "participants"))["latest"]["value"] == 1300

    async def test_does_not_spoil_a_day_that_was_read_before(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        async def fall_over() -> None:
            registry.away = len(registry.asked) > 2

        registry.meanwhile = fall_over

        await refresh()

        assert (await measure("B.1.1-1", as_of="2022-12-31"))["latest"]["value"] == 73

    async def test_shows_a_figure_that_nobody_knows(self, refresh: Refresh, api: httpx.AsyncClient) -> None:
        await refresh()

        lacking = (await api.get("/v1/scorecard")).json()["lacking"]

        why = {(item["indicator"], item["lacks"]): item["why"] for item in lacking}
        assert why["B.6.3-1", "latest"] == "registry knows no figure of this name"
        assert why["B.2.4-1", "latest"] == "No service counts it, and nobody has recorded it yet"


class TestUncountable:
    async def test_gives_the_source_s_reason(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient
    ) -> None:
        registry.figures["registry.advisory_bodies"] = Figure(None, reason="There is no list of bodies yet")
        await refresh()

        lacking = (await api.get("/v1/scorecard")).json()["lacking"]

        assert {
            "indicator": "B.6.3-1",
            "measure": "bodies",
            "lacks": "latest",
            "why": "There is no list of bodies yet",
        } in (lacking)
        assert await observations(api, "B.6.3-1") == []

    async def test_withdraws_what_was_counted_before(
        self, refresh: Refresh, registry: Neighbour, api: httpx.AsyncClient, measure: Measure
    ) -> None:
        await refresh()
        registry.figures[REGISTERED] = Figure(None, reason="The list is gone")

        result = await refresh()

        assert result["withdrawn"] == 12
        assert (await measure("B.1.1-1"))["latest"] is None
        reasons = {item["superseded_reason"] for item in await observations(api, "B.1.1-1")}
        assert reasons == {f"{REGISTERED} cannot be counted any more: The list is gone"}


class TestByHand:
    async def test_a_verified_value_is_never_replaced_by_a_counted_one(
        self, refresh: Refresh, api: httpx.AsyncClient, measure: Measure
    ) -> None:
        body = {"value": 71, "on": "2026-11-24", "source": "counted by hand", "state": "verified"}
        await api.post("/v1/indicators/B.1.1-1/observations", json=body)

        result = await refresh()

        assert result["kept_by_hand"] == 1
        assert (await measure("B.1.1-1"))["latest"]["value"] == 71


class TestUnits:
    async def test_of_another_kind_are_shown_and_not_compared(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        registry.figures["registry.gin_partners"] = Figure(38, unit="thousand")
        await refresh()

        clusters = await measure("C.6.3-1")

        assert (clusters["latest"]["value"], clusters["status"], clusters["progress"]) == (38, "not_comparable", None)


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
        assert {item["superseded_reason"] for item in withdrawn} == {"the demonstration rows were removed"}

    async def test_is_labelled_on_the_scorecard_until_then(
        self, refresh: Refresh, api: httpx.AsyncClient, measure: Measure
    ) -> None:
        await refresh()

        assert (await measure("B.1.1-1"))["latest"]["demonstration"] == 70
        assert (await api.get("/v1/scorecard")).json()["coverage"]["demonstration"] == 2

    async def test_is_for_administrators(self, office: httpx.AsyncClient) -> None:
        assert (await office.post("/v1/indicators/demonstration/clear")).status_code == 403
