"""A source in trouble leaves its last values, marked; what makes no sense is not believed, what lacks is said."""

from collections.abc import Callable

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from klaster_indicators.database import METADATA
from tests.indicators.live.conftest import REGISTERED, Figure, Measure, Neighbour, Refresh, observations

AWAY = "registry answers 503 (asked for 2021-12-31)"


class TestSourceInTrouble:
    async def test_leaves_the_last_value_marked_stale(
        self, refresh: Refresh, registry: Neighbour, measure: Measure, api: httpx.AsyncClient, app: FastAPI
    ) -> None:
        await refresh()
        later = app.state.clock().replace(hour=11)
        app.state.clock = lambda: later
        registry.away = True

        result = await refresh()

        assert result["sources"] == {"events": "ok", "registry": AWAY}
        latest = (await measure("B.1.1-1"))["latest"]
        assert latest["value"] == 73
        assert latest["stale"] == {
            "since": "2026-11-24T09:00:00Z",
            "problem": "registry answers 503 (asked for 2021-12-31)",
        }
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

    async def test_is_suspected_where_nobody_has_asked_for_a_day(
        self, refresh: Refresh, measure: Measure, app: FastAPI, next_day: Callable[[], None]
    ) -> None:
        await refresh()
        next_day()
        assert (await measure("B.1.1-1"))["latest"]["stale"] is None
        next_day()

        assert (await measure("B.1.1-1"))["latest"]["stale"] == {
            "since": "2026-11-24T09:00:00Z",
            "problem": "it has not been refreshed for more than a day",
        }

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

        assert result["sources"]["registry"] == "registry gave an answer that cannot be read (asked for 2021-12-31)"
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
        assert reasons == {
            f"{REGISTERED} nie da się już policzyć · {REGISTERED} cannot be counted any more: The list is gone"
        }


class TestUnits:
    async def test_of_another_kind_are_shown_and_not_compared(
        self, refresh: Refresh, registry: Neighbour, measure: Measure
    ) -> None:
        registry.figures["registry.gin_partners"] = Figure(38, unit="thousand")
        await refresh()

        clusters = await measure("C.6.3-1")

        assert (clusters["latest"]["value"], clusters["status"], clusters["progress"]) == (38, "not_comparable", None)
