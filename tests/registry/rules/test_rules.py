"""Rules: each says how it is kept, and lists exactly the rows that break it."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_registry.entities.models import EntityValidity
from klaster_registry.periods import END
from klaster_registry.rules.definitions import load_rules
from klaster_registry.rules.operations import COUNTABLE, RULES
from klaster_registry.rules.schemas import RulesRead
from klaster_shared.identifiers import new_id
from tests.registry.conftest import Add, Demonstration, contract

STRATEGY = {
    "interest_group",
    "partner_in_sig",
    "project_per_sig",
    "active_sig",
    "aggregate_only",
    "verifiable_sources",
    "effect_for_all",
    "services_for_partners",
}
# What a list must never be ordered by: results of single partners.
RESULTS = ("value", "values", "area_m2", "carbon_footprint", "amount_pln", "sales", "export", "score", "rank")


async def rules(client: httpx.AsyncClient, **parameters: Any) -> dict[str, dict[str, Any]]:
    answer = await client.get("/v1/registry/rules", params=parameters)
    assert answer.status_code == 200, answer.text
    RulesRead.model_validate(answer.json())
    return {item["code"]: item for item in answer.json()["items"]}


async def rows_of(client: httpx.AsyncClient, link: str) -> list[dict[str, Any]]:
    answer = await client.get(f"{link}&limit=500")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


class TestReport:
    def test_holds_every_rule_of_the_strategy(self) -> None:
        assert {code for code, rule in RULES.items() if rule.origin == "strategy"} == STRATEGY

    async def test_counts_exactly_the_rows_of_its_links(self, demonstration: Demonstration) -> None:
        for day in ("2019-12-31", "2022-12-31", "2026-11-24"):
            for rule in (await rules(demonstration.anybody, as_of=day)).values():
                if rule["breaking"] is not None:
                    assert len(await rows_of(demonstration.anybody, rule["rows"])) == rule["breaking"], rule
                for group in rule["groups"] or ():
                    assert len(await rows_of(demonstration.anybody, group["members_rows"])) == group["members"]
                    assert len(await rows_of(demonstration.anybody, group["projects_rows"])) == group["projects"]
                for link in rule["see"]:
                    assert (await demonstration.anybody.get(link)).status_code == 200, link
                assert (rule["breaking"] is None) == (rule["rows"] is None)

    async def test_lists_who_breaks_a_rule_on_a_day(
        self, app: FastAPI, api: httpx.AsyncClient, add: Add, registered: Add
    ) -> None:
        grouped = await registered("Uniwersytet", interest_group="EDU")
        lonely = await registered("Spółka bez grupy", on="2021-01-01")
        nip = {"scheme": "nip", "value": "6762464304"}
        wrong = await add("Z obcego źródła", source="elsewhere", identifiers=[{"scheme": "nip", "value": "1"}])
        twins = [await add(name, identifiers=[nip]) for name in ("Bliźniak", "Drugi bliźniak")]
        await api.post("/v1/groups/talents/members", json={"entity": grouped["id"], "from": "2020-01-01"})
        body = {
            "title": {"pl": "Staże", "en": "Internships"},
            "group": "talents",
            "starts_on": "2021-06-01",
            "ends_on": "2021-06-30",
        }
        created = await api.post("/v1/projects", json=body)
        assert created.status_code == 201, created.text

        async with app.state.database.write() as session:  # the API refuses it: as it stands in data from elsewhere
            held = {"aspect": "partnership", "value": "", "valid_from": date(2021, 2, 1), "valid_until": END}
            session.add(EntityValidity(id=new_id(), entity_id=UUID(lonely["id"]), **held))

        async def breaking(code: str, day: str) -> list[str]:
            found = (await rules(api, code=code, as_of=day))[code]
            rows = await rows_of(api, found["rows"])
            assert len(rows) == found["breaking"]
            return [row.get("code") or row.get("name") or row["title"] for row in rows]

        assert await breaking("interest_group", "2020-12-31") == []
        assert await breaking("interest_group", "2021-01-01") == [lonely["name"]]
        assert await breaking("partner_in_sig", "2021-01-31") == []
        assert await breaking("partner_in_sig", "2021-02-01") == [lonely["name"]]
        assert await breaking("identifier_conflict", "2021-01-01") == [one["name"] for one in twins]
        assert await breaking("valid_identifier", "2021-01-01") == [wrong["name"]]
        early = {
            "title": {"pl": "Za wcześnie", "en": "Too early"},
            "source": "elsewhere",
            "starts_on": "2001-01-01",
            "partners": [{"entity": (await add("Młoda", founded_on="2020"))["id"], "from": "2001-01-01"}],
        }
        assert (await api.post("/v1/projects", json=early)).status_code == 201
        assert await breaking("partner_before_founded", "2021-01-01") == ["Too early"]
        # A project that ran in the year is enough, on whichever day of the year one asks.
        assert await breaking("project_per_sig", "2021-12-31") == ["funding"]
        assert await breaking("project_per_sig", "2022-01-01") == ["talents", "funding"]
        [talents, funding] = (await rules(api, code="active_sig", as_of="2021-06-15"))["active_sig"]["groups"]
        assert (talents["members"], talents["projects"], funding["members"], funding["projects"]) == (1, 1, 0, 0)

    async def test_speaks_both_languages_and_is_not_sent_twice(
        self, api: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        polish = await anybody.get("/v1/registry/rules?code=active_sig", headers={"Accept-Language": "pl"})
        assert polish.json()["items"][0]["rule"].startswith("Definicja aktywnej grupy")
        both = await rules(anybody, lang="all", code=["partner_in_sig"])
        assert set(both["partner_in_sig"]["explanation"]) == {"pl", "en"}
        again = {"If-None-Match": polish.headers["etag"], "Accept-Language": "pl"}
        assert (await anybody.get("/v1/registry/rules?code=active_sig", headers=again)).status_code == 304
        unknown = await anybody.get("/v1/registry/rules?code=nothing")
        assert unknown.json()["errors"][0]["code"] == "unknown_rule"


class TestDefinitions:
    @pytest.mark.parametrize("wrong", ["{collection: /v1/entities, filter: {nonsense: x}}", "{}"])
    def test_are_refused_where_the_list_does_not_know_them(self, tmp_path: Path, wrong: str) -> None:
        text = "{pl: Reguła, en: Rule}"
        entry = f"- {{code: one, origin: register, how: reported, rule: {text}, explanation: {text}, "
        path = tmp_path / "rules.yaml"
        path.write_text(entry + wrong.removeprefix("{").removesuffix("}") + "}", encoding="utf-8")
        with pytest.raises(ValueError, match=r"nonsense|reported nowhere"):
            load_rules(path, COUNTABLE)


class TestAggregateOnly:
    async def test_no_list_can_be_ordered_by_results(self, api: httpx.AsyncClient) -> None:
        """The programme looks at the whole cluster: whatever ranks single partners is not offered."""
        reads = {path: item["get"] for path, item in contract()["paths"].items() if "{" not in path and "get" in item}
        # Reconciliation passes over what it does not know, as its protocol asks; its order is the score alone.
        lists = [path for path, read in reads.items() if read.get("x-klaster-bucket") != "reconciliation"]
        assert len(lists) > 10
        for path in lists:
            for name in RESULTS:
                answer = await api.get(path, params={"sort": f"-{name}"})
                assert answer.status_code == 422, f"{path} by {name}"
                assert {error["pointer"] for error in answer.json()["errors"]} >= {"query/sort"}
