"""What all figures of a day cost: one query a figure, and the flags of a taxonomy once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from klaster_registry.figures.routes import DEFINITIONS


@contextmanager
def queries(app: FastAPI) -> Iterator[list[tuple[str, str]]]:
    """The queries that are run inside, with their parameters."""
    seen: list[tuple[str, str]] = []
    engine = app.state.database._reader.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append((statement, str(parameters)))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


class TestListFigures:
    async def test_asks_one_query_a_figure_and_the_flags_of_a_taxonomy_once(
        self, app: FastAPI, api: httpx.AsyncClient
    ) -> None:
        with queries(app) as seen:
            answer = await api.get("/v1/registry/figures", params={"as_of": "2022-12-31"})
        counted = [one for one in answer.json()["items"] if one["rows"] is not None]
        assert len(counted) == len(DEFINITIONS)
        of_terms = [query for query in seen if "FROM terms" in query[0] and "count(" not in query[0]]
        assert len(of_terms) == len(set(of_terms))
        assert len(seen) - len(of_terms) <= len(counted)
