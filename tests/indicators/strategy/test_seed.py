"""The seed is a client like any other: it sends the strategy, waits for refreshes, and says what it did."""

from argparse import Namespace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from klaster_indicators.document.reading import MalformedStrategy
from klaster_indicators.seed import bring_in, clear, refresh, run
from klaster_indicators.strategy import STRATEGY_FILE
from klaster_shared.seeding import SeedError
from tests.indicators.conftest import Worker


class TestBringIn:
    async def test_takes_the_strategy_in_once(self, empty: httpx.AsyncClient) -> None:
        said = [await bring_in(empty, STRATEGY_FILE) for _ in range(2)]

        assert said == ["klsk-2022 taken in", "klsk-2022 unchanged"]
        assert (await empty.get("/v1/indicators", params={"count": True})).json()["total"] == 50

    async def test_sends_nothing_of_a_malformed_file(self, empty: httpx.AsyncClient, tmp_path: Path) -> None:
        file = tmp_path / "strategy.yaml"
        file.write_text(STRATEGY_FILE.read_text(encoding="utf-8").replace("resolves_to: 55", "resolves_to: 56"))

        with pytest.raises(MalformedStrategy, match=r"\(C.1.3, C.1.3-1, abroad\): the document says 56"):
            await bring_in(empty, file)
        assert (await empty.get("/v1/strategy/editions")).json()["items"] == []

    async def test_says_what_the_api_refused(self, api: httpx.AsyncClient, tmp_path: Path) -> None:
        file = tmp_path / "strategy.yaml"
        file.write_text(STRATEGY_FILE.read_text(encoding="utf-8").replace("vision_year: 2030", "vision_year: 2031"))

        with pytest.raises(SeedError, match="409: klsk-2022 was adopted on 2022-09-07"):
            await bring_in(api, file)

    async def test_is_what_the_command_does_by_default(self, empty: httpx.AsyncClient) -> None:
        given = Namespace(clear=False, refresh_only=False, file=STRATEGY_FILE, demo=False)

        assert await run(empty, given) == "klsk-2022 taken in"


class TestDemonstration:
    async def test_is_added_once_and_leaves_nothing_behind(self, empty: httpx.AsyncClient, worker: Worker) -> None:
        given = Namespace(clear=False, refresh_only=False, file=STRATEGY_FILE, demo=True)

        assert await run(empty, given) == "klsk-2022 taken in; 2 plans, 30 items of plans, 1 reviews"
        assert await run(empty, given) == "klsk-2022 unchanged; no demonstration rows to do"
        sums = (await empty.get("/v1/plans/2025/sums")).json()["items"]
        assert [one["done"] for one in sums if one["task"]["code"] == "D.6.1"] == [1]
        assert all(one["demonstration"] == one["items"] + one["cancelled"] for one in sums)

        async with worker():
            with pytest.raises(SeedError, match="cannot be reached"):
                await clear(empty)
        for path in ("/v1/plans", "/v1/plan-items", "/v1/reviews"):
            assert (await empty.get(path)).json()["items"] == []


class TestRefresh:
    async def test_says_which_source_is_away(self, api: httpx.AsyncClient, worker: Worker) -> None:
        async with worker():
            with pytest.raises(SeedError, match=r"events: .* cannot be reached .*; registry: .* cannot be reached"):
                await refresh(api)

    async def test_follows_the_clearing_of_the_demonstration(
        self, api: httpx.AsyncClient, app: FastAPI, worker: Worker
    ) -> None:
        async with worker():
            with pytest.raises(SeedError, match="cannot be reached"):
                await clear(api)
