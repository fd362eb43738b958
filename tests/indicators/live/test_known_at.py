"""Today's scorecard, asked for again later by what was known, answers as it did: values, running periods, marks."""

from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from tests.indicators.live.conftest import REGISTERED, Figure, Neighbour, Refresh


class TestKnownAt:
    async def test_replays_how_sources_were(
        self, refresh: Refresh, registry: Neighbour, events: Neighbour, api: httpx.AsyncClient, app: FastAPI
    ) -> None:
        start = app.state.clock()

        def at(hours: int) -> str:
            moment = start + timedelta(hours=hours)
            app.state.clock = lambda: moment
            registry.today = events.today = moment.date()
            return str(moment.isoformat())

        async def card(**parameters: Any) -> dict[str, Any]:
            found: dict[str, Any] = (await api.get("/v1/scorecard", params=parameters)).json()
            return found

        first, before_anything = at(1), await card()
        at(2)
        await refresh()
        second, while_well = at(3), await card()
        at(4)
        registry.away = True
        await refresh()
        third, while_away = at(5), await card()
        at(6)
        registry.away = False
        registry.figures[REGISTERED] = Figure(80)
        await refresh()
        fourth, while_back = at(7), await card()
        at(40)
        registry.figures[REGISTERED] = Figure(90)
        await refresh()
        at(80)

        assert [one["coverage"]["stale"] for one in (while_well, while_away, while_back)] == [0, 3, 0]
        assert while_away["items"][0]["latest"]["stale"]["since"] == (start + timedelta(hours=2)).isoformat().replace(
            "+00:00", "Z"
        )
        assert await card(known_at=first) == before_anything
        assert await card(known_at=second) == while_well
        assert await card(known_at=third) == while_away
        assert await card(known_at=fourth) == while_back
        assert await card() != while_back
