"""Each figure agrees with the list behind its link: every link is opened, its pages followed, its rows counted."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_registry.figures.operations import COUNTABLE
from klaster_registry.figures.routes import DEFINITIONS
from klaster_shared.figure_routes import load_figures
from tests.registry.conftest import Add, Demonstration

SPANS = [
    {},
    {"as_of": "2018-12-31"},
    {"as_of": "2022-12-31"},
    {"from": "2021-03-01", "to": "2022-02-28"},
]

# What a row states of what a figure adds up.
SUMMED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "sum:area_m2": lambda row: row["area_m2"],
    "sum:carbon_footprint": lambda row: row["carbon_footprint"],
    "sum:amount_pln": lambda row: (row["value"] or {}).get("amount_pln"),
    "sum:value": lambda row: row["value"],
}


async def figures(client: httpx.AsyncClient, **parameters: Any) -> dict[str, dict[str, Any]]:
    answer = await client.get("/v1/registry/figures", params=parameters)
    assert answer.status_code == 200, answer.text
    return {item["name"]: item for item in answer.json()["items"]}


async def rows_behind(client: httpx.AsyncClient, link: str, **more: str) -> list[dict[str, Any]]:
    """Every row of a link, in small pages."""
    rows: list[dict[str, Any]] = []
    url = httpx.URL(link).copy_merge_params({"limit": "20", **more})
    while True:
        answer = await client.get(url)
        assert answer.status_code == 200, f"{url} {answer.text}"
        page = answer.json()
        rows += page["items"]
        if page["next"] is None:
            return rows
        url = url.copy_set_param("cursor", page["next"])


def check_share(figure: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    assert figure["counted"] == len(rows)
    whole = figure["counted"] + figure["without_value"]
    assert figure["value"] == (pytest.approx(100 * len(rows) / whole, abs=0.005) if whole else None)


async def check_figure(client: httpx.AsyncClient, figure: dict[str, Any]) -> None:
    """The value, the demonstration count and the rows say the same."""
    if figure["rows"] is None:
        assert figure["value"] is None
        assert figure["reason"]
        return
    rows = await rows_behind(client, figure["rows"])
    assert len({row["id"] for row in rows}) == len(rows)
    aggregate = DEFINITIONS[figure["name"]].aggregate
    if aggregate == "share":
        check_share(figure, rows)
    elif aggregate == "count":
        assert figure["value"] == len(rows), figure["rows"]
    else:
        said = [SUMMED[aggregate](row) for row in rows]
        stated = [Decimal(str(value)) for value in said if value is not None]
        assert (figure["counted"], figure["without_value"]) == (len(stated), len(rows) - len(stated))
        assert figure["value"] == (float(sum(stated)) if stated else None)
        assert (figure["reason"] is None) == bool(stated)
    marked = await rows_behind(client, figure["rows"], demonstration="true")
    assert figure["demonstration"] == len(marked), figure["rows"]


class TestFigures:
    @pytest.mark.parametrize("span", SPANS, ids=str)
    async def test_agree_with_the_rows_behind_their_links(
        self, demonstration: Demonstration, span: dict[str, str]
    ) -> None:
        found = await figures(demonstration.anybody, **span)
        assert set(found) == set(DEFINITIONS)
        for figure in found.values():
            # What single partners answered is for the office: the figure is public, its rows are not.
            personal = (figure["rows"] or "").startswith("/v1/survey-answers")
            await check_figure(demonstration.admin if personal else demonstration.anybody, figure)

    async def test_tell_the_demonstration_s_story(self, demonstration: Demonstration) -> None:
        days = ("2018-12-31", "2022-12-31", "2026-11-24")
        at = [await figures(demonstration.anybody, as_of=day) for day in days]
        # One of the registered, and of those active abroad, is the real company.
        expected = {
            "registry.entities.registered": [0, 61, 73],
            "registry.labs.area_commercial": [None, 4969.4, 4969.4],
            "registry.data_repositories": [0, 20, 20],
            "registry.networks": [0, 4, 4],
            "registry.advisory_bodies": [0, 4, 4],
            "registry.consortia": [0, 5, 6],
            "registry.projects.international": [0, 5, 6],
            "registry.projects.international_value": [None, 42670000, 56110000],
            "registry.projects.sig": [0, 9, 10],
            "registry.fields.roadmap": [0, 0, 66.67],
            "registry.fields.infrastructure_roadmap": [0, 0, 33.33],
            "registry.entities.financial_funds": [0, 2, 2],
            "registry.entities.financial_banks": [0, 0, 1],
            "registry.entities.financial_insurers": [0, 0, 1],
            "registry.labs.carbon_footprint": [None, 867.12, None],
            "registry.services.shared": [0, 28, 28],
            "registry.surveys.sales": [None, 267210000.5, None],
            "registry.surveys.people_with_degree": [None, 1162, None],
            "registry.surveys.export": [None, 197640000, None],
        }
        assert {name: [found[name]["value"] for found in at] for name in expected} == expected
        assert at[1]["registry.entities.registered"]["demonstration"] == 60
        assert at[1]["registry.networks"]["demonstration"] == 3

    @pytest.mark.parametrize(("year", "startups"), [("2020", 8), ("2021", 4), ("2022", 1)])
    async def test_count_startups_in_the_year_they_are_listed_under(
        self, demonstration: Demonstration, year: str, startups: int
    ) -> None:
        name = "registry.entities.startups_founded"
        period = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
        found = await figures(demonstration.anybody, name=name, **period)
        assert found[name]["value"] == startups

    async def test_take_today_and_the_last_complete_year_without_dates(self, anybody: httpx.AsyncClient) -> None:
        found = await figures(anybody)
        assert found["registry.entities.registered"]["as_of"] == "2026-11-24"
        startups = found["registry.entities.startups_founded"]
        assert (startups["from"], startups["to"], startups["complete"]) == ("2025-01-01", "2025-12-31", True)
        window = found["registry.foreign_hqs"]
        assert (window["from"], window["to"]) == ("2023-01-01", "2025-12-31")

    async def test_give_zero_for_an_empty_count_and_null_for_an_empty_sum(self, anybody: httpx.AsyncClient) -> None:
        found = await figures(anybody)
        assert found["registry.entities.registered"]["value"] == 0
        area = found["registry.labs.area_commercial"]
        assert (area["value"], area["counted"], area["without_value"]) == (None, 0, 0)
        assert area["reason"] == "None of the laboratories counted states its area"
        polish = await anybody.get(
            "/v1/registry/figures?name=registry.labs.area_commercial", headers={"Accept-Language": "pl"}
        )
        assert polish.json()["items"][0]["reason"].startswith("Żadne")

    async def test_count_nobody_who_is_in_no_register(self, api: httpx.AsyncClient, add: Add) -> None:
        await add(
            "Bank", kinds=[{"code": "clinical_hospital"}], markets=[{"code": "EU"}], startup=True, founded_on="2025"
        )
        found = await figures(api)
        counted = {name: item["value"] for name, item in found.items() if name.startswith("registry.entities")}
        assert set(counted.values()) == {0}

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("name=registry.nope", "query/name"),
            ("as_of=2022-12-31&from=2022-01-01&to=2022-12-31", "query/as_of"),
            ("from=2022-01-01", "query/from"),
            ("from=2022-12-31&to=2022-01-01", "query/from"),
            ("asof=2022-12-31", "query/asof"),
            ("as_of=yesterday", "query/as_of"),
        ],
    )
    async def test_refuses_what_it_does_not_know(self, anybody: httpx.AsyncClient, query: str, pointer: str) -> None:
        answer = await anybody.get(f"/v1/registry/figures?{query}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer


class TestDefinitions:
    @pytest.mark.parametrize(
        "definition",
        [
            "collection: /v1/castles",
            "collection: /v1/entities, aggregate: 'sum:area_m2'",
            "collection: /v1/entities, filter: {colour: green}",
            "collection: /v1/entities, filter: {registration: maybe}",
        ],
    )
    def test_are_refused_at_start_where_the_list_does_not_know_them(self, tmp_path: Path, definition: str) -> None:
        path = tmp_path / "figures.yaml"
        path.write_text(f"- {{name: x, definition: {{pl: x, en: x}}, unit: entity, time_form: point, {definition}}}")
        with pytest.raises(ValueError, match=r"castles|area_m2|colour|registration"):
            load_figures(path, COUNTABLE)

    def test_are_in_the_contract_of_the_service(self, app: FastAPI) -> None:
        assert "/v1/registry/figures" in app.openapi()["paths"]
