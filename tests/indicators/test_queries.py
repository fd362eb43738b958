"""How many statements a read takes: one a table, whatever the number of indicators."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from klaster_indicators.exports.operations import AT_ONCE

MEASURES = 80
EDITION = "/v1/strategy/editions/klsk-2022"
Count = Callable[..., Any]


@pytest.fixture
def count(api: httpx.AsyncClient, app: FastAPI) -> Iterator[Count]:
    """Reads a path and counts the statements that it takes."""
    seen: list[str] = []
    engine = app.state.database._reader.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    async def counted(path: str, **parameters: Any) -> int:
        seen.clear()
        answer = await api.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return len(seen)

    event.listen(engine, "before_cursor_execute", note)
    yield counted
    event.remove(engine, "before_cursor_execute", note)


async def recorded_before(api: httpx.AsyncClient, now: Any, app: FastAPI) -> dict[str, str]:
    """A draft, and the instant at which it said what it no longer says: it is read from its document of then."""
    assert (await api.post(f"{EDITION}/copy", json={"code": "klsk-2027"})).status_code == 201
    app.state.clock = lambda: now.replace(hour=12)
    changed = await api.patch("/v1/strategy/editions/klsk-2027", json={"vision_year": 2040}, headers={"If-Match": "*"})
    assert changed.status_code == 200
    return {"edition": "klsk-2027", "known_at": now.replace(hour=10).isoformat()}


class TestScorecard:
    @pytest.mark.parametrize("when", [{}, {"as_of": "2024-06-30"}, {"known_at": "2026-11-24T09:00:00Z"}])
    async def test_takes_as_many_for_three_measures_as_for_all(self, count: Count, when: dict[str, str]) -> None:
        whole = await count("/v1/scorecard", **when)

        assert await count("/v1/scorecard", sig="talents", **when) == whole
        assert whole <= 14

    async def test_takes_no_more_where_the_edition_was_another_one(
        self, count: Count, api: httpx.AsyncClient, app: FastAPI, now: Any
    ) -> None:
        then = await recorded_before(api, now, app)
        whole = await count("/v1/scorecard", **then)

        # One for each kind of period that is asked for: day, year, three years.
        assert whole <= 14
        assert whole - 4 <= await count("/v1/scorecard", sig="talents", **then) <= whole


class TestOthers:
    async def test_of_lists_it_does_not_depend_on_their_length(self, count: Count) -> None:
        assert await count("/v1/indicators", limit=1) == await count("/v1/indicators", limit=500) <= 10

    async def test_of_pages_of_paths_it_does_not_depend_on_the_path(self, count: Count) -> None:
        assert len({await count(f"/v1/paths/{number}") for number in range(1, 7)}) == 1
        assert await count("/v1/paths/1") <= 12

    async def test_of_one_time_line_it_does_not_depend_on_the_strategy(self, count: Count) -> None:
        assert await count("/v1/indicators/C.1.1-1/series", measure="registered") <= 12

    @pytest.mark.parametrize("path", ["/v1/quality", "/v1/strategy/report.html"])
    async def test_of_whole_pages_it_is_one_a_table(self, count: Count, path: str) -> None:
        assert await count(path) <= 15

    @pytest.mark.parametrize("form", ["csv", "sdmx-csv", "iati"])
    async def test_of_exports_it_is_one_for_several_measures(self, count: Count, form: str) -> None:
        # Read twice: first whether there is anything, then, once the answer has begun, all of it.
        assert await count("/v1/indicators/export", format=form) <= 20 + MEASURES / AT_ONCE
