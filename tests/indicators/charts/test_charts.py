"""Charts and sparklines over HTTP: pictures that say in words what they show."""

import sys
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI

CHART = "/v1/indicators/C.1.1-1/chart.svg?measure=registered"
SPARKLINE = "/v1/indicators/C.1.1-1/sparkline.svg?measure=registered"


@pytest.fixture
def engine() -> str:
    """One engine is enough: what a chart shows comes from the series, which both are tested with."""
    return "sqlite"


async def record(api: httpx.AsyncClient, **body: Any) -> None:
    given = {"measure": "registered", "source": "a count", "state": "verified", **body}
    answer = await api.post("/v1/indicators/C.1.1-1/observations", json=given)
    assert answer.status_code == 201, answer.text


def words_of(svg: str) -> tuple[str, str]:
    root = ElementTree.fromstring(svg)  # our own
    title, description = (root.find(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
    assert title is not None
    assert description is not None
    return title.text or "", description.text or ""


class TestChart:
    async def test_is_drawn_by_another_process_and_kept(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient, app: FastAPI
    ) -> None:
        await record(api, value=190, on="2024-06-30", approximate=True)

        first = await anybody.get(f"{CHART}&lang=pl", timeout=60)
        pid = app.state.gallery._artist.pid
        again = await anybody.get(f"{CHART}&lang=pl")
        unchanged = await anybody.get(f"{CHART}&lang=pl", headers={"If-None-Match": first.headers["etag"]})

        assert (first.status_code, first.headers["content-type"]) == (200, "image/svg+xml")
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert pid is not None
        assert "matplotlib" not in sys.modules
        title, description = words_of(first.text)
        assert title.startswith("Zwiększenie liczby podmiotów zarejestrowanych w RBW")
        assert title.endswith("(C.1.1-1 · registered)")
        assert description == (
            "Jednostka: podmioty. Wartość bazowa: 73 (2021-12-31). Cel: 300 (2025-12-31)."
            " Liczba obserwacji: 1, od ≈\u00a0190 (2024-06-30) do ≈\u00a0190 (2024-06-30)."
        )

        await record(api, value=262, on="2025-12-31")
        changed = await anybody.get(f"{CHART}&lang=pl", headers={"If-None-Match": first.headers["etag"]})
        assert (changed.status_code, app.state.gallery._artist.pid) == (200, pid)
        assert changed.headers["etag"] != first.headers["etag"]

    async def test_says_where_there_is_no_number(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.get("/v1/indicators/B.5.3-1/chart.svg?measure=capital&width=480&height=300", timeout=60)

        assert (answer.status_code, 'width="480"' in answer.text) == (200, True)
        assert words_of(answer.text)[1].startswith("Unit: PLN. The baseline has no number. The target has no number.")

    async def test_is_refused_where_it_makes_no_sense(self, anybody: httpx.AsyncClient) -> None:
        targets = {
            "/v1/indicators/C.1.1-1/chart.svg": 404,
            f"{CHART}&width=10": 422,
            f"{CHART}&height=100000": 422,
            f"{CHART}&colour=red": 422,
        }

        assert {target: (await anybody.get(target)).status_code for target in targets} == targets


class TestSparkline:
    async def test_is_a_few_lines(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        empty = await anybody.get("/v1/indicators/B.5.3-1/sparkline.svg?measure=capital")
        before = await anybody.get(SPARKLINE)
        for year in range(2022, 2026):
            await record(api, value=60 * (year - 2020), on=f"{year}-12-31")
        after = await anybody.get(SPARKLINE)

        assert "There is no number yet." in words_of(empty.text)[1]
        assert "stroke-dasharray" in before.text
        assert len(after.content) < 1500
        assert "Number of observations: 4, from 120 (2022-12-31) to 300 (2025-12-31)." in words_of(after.text)[1]
        unchanged = await anybody.get(SPARKLINE, headers={"If-None-Match": after.headers["etag"]})
        assert unchanged.status_code == 304
