"""Exports over HTTP: each format is read back by what others read it with."""

import csv
from datetime import date
from io import BytesIO, StringIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from pysdmx.io.csv.sdmx20.reader import read as read_sdmx_csv
from python_calamine import CalamineWorkbook

EXPORT = "/v1/indicators/export"


@pytest.fixture
async def filled(api: httpx.AsyncClient) -> httpx.AsyncClient:
    """A few values of each kind."""
    for indicator, body in (
        ("C.1.1-1", {"measure": "registered", "value": 190, "on": "2024-06-30", "approximate": True}),
        ("C.1.1-1", {"measure": "registered", "value": 262.5, "on": "2025-12-31", "note": "=1+1"}),
        ("B.1.1-2", {"measure": "startups", "value": 6, "year": 2024, "evidence": ["https://stat.gov.pl/"]}),
        ("B.1.3-1", {"measure": "foreign_hq", "value": 30, "year": 2024}),
        ("B.5.3-1", {"measure": "capital", "status": "unknown", "year": 2024}),
        ("B.5.3-1", {"measure": "capital", "value": 5, "year": 2023, "state": "draft"}),
    ):
        given = {"source": "a count", "state": "verified", **body}
        answer = await api.post(f"/v1/indicators/{indicator}/observations", json=given)
        assert answer.status_code == 201, answer.text
    return api


class TestCsv:
    async def test_has_every_measure_and_every_verified_value(
        self, filled: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        answer = await anybody.get(EXPORT)

        rows = list(csv.DictReader(StringIO(answer.text, newline="")))
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == 'attachment; filename="indicators-klsk-2022.csv"'
        assert answer.text.count("\r\n") == len(rows) + 1
        assert len(rows) == 81
        [first, second] = [row for row in rows if (row["Indicator"], row["Measure"]) == ("C.1.1-1", "registered")]
        assert (first["Baseline"], first["Target"], first["Value"], first["Approximate"]) == (
            "73",
            "300",
            "190",
            "true",
        )
        assert (second["Value"], second["To"], second["Note"]) == ("262.5", "2025-12-31", "'=1+1")

    async def test_is_filtered_and_speaks_polish(self, filled: httpx.AsyncClient) -> None:
        answer = await filled.get(EXPORT, params={"format": "csv", "path": "1", "level": "B", "lang": "pl"})

        rows = list(csv.DictReader(StringIO(answer.text, newline="")))
        assert {(row["Ścieżka"], row["Poziom"]) for row in rows} == {("1", "B")}
        assert rows[0]["Nazwa"] == "Liczba podmiotów zarejestrowanych w RBW LifeScience"

    async def test_is_refused_where_it_makes_no_sense(self, anybody: httpx.AsyncClient) -> None:
        targets = {f"{EXPORT}?format=pdf": 422, f"{EXPORT}?edition=none": 404, f"{EXPORT}?colour=red": 422}

        assert {target: (await anybody.get(target)).status_code for target in targets} == targets


class TestSdmxCsv:
    async def test_is_read_back_by_pysdmx(self, filled: httpx.AsyncClient) -> None:
        media = "application/vnd.sdmx.data+csv;version=2.0.0"
        answer = await filled.get(EXPORT, headers={"Accept": media})

        assert answer.headers["content-type"] == media
        [dataset] = read_sdmx_csv(answer.text)
        assert dataset.structure == "Dataflow=KLASTER:STRATEGY_INDICATORS(1.0)"
        assert dataset.action.value == "Information"
        rows = dataset.data.to_dict("records")
        kinds = [row["VALUE_KIND"] for row in rows]
        assert (kinds.count("B"), kinds.count("T"), kinds.count("O")) == (80, 31, 5)
        seen = {
            (row["INDICATOR"], row["TIME_PERIOD"], row["OBS_VALUE"], row["OBS_STATUS"])
            for row in rows
            if row["VALUE_KIND"] == "O"
        }
        assert seen == {
            ("C.1.1-1", "2024-06-30", "190", "E"),
            ("C.1.1-1", "2025-12-31", "262.5", "A"),
            ("B.1.1-2", "2024", "6", "A"),
            ("B.1.3-1", "2022-01-01/P3Y", "30", "A"),
            ("B.5.3-1", "2024", "", "L"),
        }
        keys = [tuple(row[name] for name in ("INDICATOR", "MEASURE", "VALUE_KIND", "TIME_PERIOD")) for row in rows]
        assert len(set(keys)) == len(keys)


class TestIati:
    async def test_is_results_in_the_order_that_the_standard_asks_for(self, filled: httpx.AsyncClient) -> None:
        answer = await filled.get(EXPORT, params={"format": "iati"})

        root = ElementTree.fromstring(answer.content)
        assert (answer.headers["content-type"], root.get("version")) == ("application/xml", "2.03")
        [activity] = root
        order = [child.tag for child in activity]
        known = "iati-identifier reporting-org title description participating-org activity-status activity-date"
        assert order == [*known.split(), "recipient-country", "sector", *["result"] * order.count("result")]
        results = activity.findall("result")
        assert {result.get("type") for result in results} == {"1", "2"}
        indicators = [indicator for result in results for indicator in result.findall("indicator")]
        assert len(indicators) == 80
        _assert_indicators(indicators)
        [registered] = [item for item in indicators if "C.1.1-1 registered" in (item.findtext("title/narrative") or "")]
        found = {
            period.find("period-end").get("iso-date"): [child.get("value") for child in period if child.get("value")]  # type: ignore[union-attr]
            for period in registered.findall("period")
        }
        assert found == {"2024-06-30": ["190"], "2025-12-31": ["300", "262.5"]}


def _assert_indicators(indicators: list[Any]) -> None:
    places = ["title", "description", "baseline", "period"]
    for indicator in indicators:
        tags = [places.index(child.tag) for child in indicator]
        assert all(left <= right for left, right in pairwise(tags))
        assert indicator.get("measure") in {"1", "2"}
        assert all(baseline.get("year") for baseline in indicator.findall("baseline"))
        for period in indicator.findall("period"):
            assert [child.tag for child in period][:2] == ["period-start", "period-end"]
            assert period[0].get("iso-date") <= period[1].get("iso-date")
            assert {child.tag for child in period[2:]} <= {"target", "actual"}
            assert all(child[0].tag == "dimension" for child in period[2:])


class TestSpreadsheet:
    @pytest.fixture
    def engine(self) -> str:
        """One engine is enough: what it holds comes from the same rows as the CSV."""
        return "sqlite"

    async def test_opens_with_its_types(self, filled: httpx.AsyncClient) -> None:
        answer = await filled.get(EXPORT, params={"format": "xlsx", "lang": "pl"}, timeout=60)

        assert answer.status_code == 200, answer.text
        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        assert book.sheet_names == ["Postęp", *(f"Ścieżka {number}" for number in range(1, 7))]
        head, *rows = book.get_sheet_by_name("Ścieżka 1").to_python()
        cells = [dict(zip(head, row, strict=True)) for row in rows]
        [first, second] = [row for row in cells if (row["Wskaźnik"], row["Miara"]) == ("C.1.1-1", "registered")]
        assert (first["Wartość"], first["Cel"], first["Do"]) == (190, 300, date(2024, 6, 30))
        assert (first["Przybliżona"], second["Przybliżona"], second["Uwagi"]) == (True, False, "=1+1")
        assert b"xl/charts/chart1.xml" in answer.content
        progress = book.get_sheet_by_name("Postęp").to_python()
        assert progress[1][0] == "C.1.1-1 registered"
        assert progress[1][8] == pytest.approx((262.5 - 73) / 227, abs=1e-5)
