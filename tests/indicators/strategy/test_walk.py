"""The whole 2022 strategy, read back through the API: every value as printed and as number, every word around it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from klaster_indicators.strategy import STRATEGY_FILE
from klaster_shared.testing.servers import calling, serving
from tests.indicators.conftest import NOWHERE_URLS, bring_in, prepared_database, service

DOCUMENT: dict[str, Any] = yaml.safe_load(STRATEGY_FILE.read_text(encoding="utf-8"))
Pair = tuple[dict[str, Any], dict[str, Any]]


def indicators() -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Every indicator of the file, with the programme where it is a goal."""
    for indicator in DOCUMENT["effect_indicators"]:
        yield indicator, None
    for programme in DOCUMENT["programmes"]:
        for goal in programme["goals"]:
            yield goal, programme


Answers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What the API answers about the strategy, in both languages, read once on each engine."""
    templates, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("walk")
    paths = ["/v1/indicators", "/v1/scorecard", "/v1/strategy/editions/klsk-2022"]
    paths += [f"/v1/paths/{path['code']}" for path in DOCUMENT["paths"]]
    paths += [f"/v1/indicators/{code}/targets" for code in ("C.1.3-1", "C.1.4-1", "C.5.2-1")]
    read = {}
    async with prepared_database(request, request.param, bring_in, templates=templates, folder=folder) as url:
        app = service(url, **NOWHERE_URLS)
        async with serving(app) as base_url, calling(base_url, app, "anonymous") as client:
            for path in paths:
                parameters = {} if path.endswith("/targets") else {"lang": "all"}
                if path == "/v1/indicators":
                    parameters |= {"limit": "500"}
                read[path] = (await client.get(path, params=parameters)).json()
    return read


@pytest.fixture
def read(answers: Answers) -> dict[str, dict[str, Any]]:
    """Every indicator of the API by its code."""
    return {indicator["code"]: indicator for indicator in answers["/v1/indicators"]["items"]}


@pytest.fixture
def measures(read: dict[str, dict[str, Any]]) -> list[Pair]:
    """Every measure as the file states it, beside what the API says of it."""
    return [
        (stated, found)
        for indicator, _ in indicators()
        for stated, found in zip(indicator["measures"], read[indicator["code"]]["measures"], strict=True)
    ]


class TestIndicators:
    def test_are_all_there_in_the_order_of_the_file(self, read: dict[str, dict[str, Any]]) -> None:
        assert list(read) == [indicator["code"] for indicator, _ in indicators()]

    def test_say_what_the_file_says(self, read: dict[str, dict[str, Any]]) -> None:
        for stated, _ in indicators():
            found = read[stated["code"]]
            assert found["name"] == stated["name"]
            assert found["note"] == stated.get("note")
            assert found["source"] == stated.get("source")
            assert found["links"] == stated.get("links", [])
            assert found["context"] == stated.get("context", [])
            assert found["ambiguous"] == stated.get("ambiguous", False)
            evidence = [item if isinstance(item, dict) else {"name": item} for item in stated.get("evidence", [])]
            assert found["evidence"] == evidence

    def test_stand_in_their_place_of_the_framework(self, read: dict[str, dict[str, Any]]) -> None:
        path_of = {effect["code"]: effect["path"] for effect in DOCUMENT["effects"]}
        for stated, programme in indicators():
            found = read[stated["code"]]
            assert found["level"] == ("C" if programme else "B")
            assert found["path"]["number"] == (programme["path"] if programme else path_of[stated["effects"][0]])
            assert [effect["code"] for effect in found["effects"]] == stated.get("effects", [])
            assert (found["programme"] or {}).get("code") == (programme["code"] if programme else None)

    def test_show_the_cells_of_goals_to_the_letter(self, read: dict[str, dict[str, Any]]) -> None:
        for stated, programme in indicators():
            printed = {"note": None, **stated["printed"]} if programme else None
            assert read[stated["code"]]["printed"] == printed


class TestMeasures:
    def test_are_80(self, measures: list[Pair]) -> None:
        assert len(measures) == 80

    def test_say_what_the_file_says(self, measures: list[Pair]) -> None:
        for stated, found in measures:
            for key in ("code", "unit", "period"):
                assert found[key] == stated[key]
            for key in ("direction", "scope", "rule", "sig", "note"):
                assert found[key] == stated.get(key)
            assert found["assessed"] == stated.get("assessed", True)
            assert found["ambiguous"] == stated.get("ambiguous", False)

    def test_are_bound_to_the_figures_that_the_file_names(self, read: dict[str, dict[str, Any]]) -> None:
        for stated, _ in indicators():
            found = read[stated["code"]]["measures"]
            names = [measure.get("live") for measure in stated["measures"]]
            names[0] = names[0] or stated.get("live")
            assert [measure["live"] for measure in found] == names


class TestBaselines:
    def test_read_as_the_file_reads_them(self, measures: list[Pair]) -> None:
        for stated, found in measures:
            baseline, read = stated["baseline"], found["baseline"]
            counts_as = 0 if baseline.get("status") == "none" else baseline.get("value")
            assert read["value"] == counts_as
            for key in ("status", "since", "by", "by_year", "note"):
                assert read[key] == baseline.get(key)
            for key in ("approximate", "ambiguous"):
                assert read[key] == baseline.get(key, False)
            assert read["period"] == baseline.get("period", stated["period"])

    def test_are_of_their_columns_year_where_they_state_none(self, read: dict[str, dict[str, Any]]) -> None:
        for stated, programme in indicators():
            for measure, found in zip(stated["measures"], read[stated["code"]]["measures"], strict=True):
                year = measure["baseline"].get("year", 2021 if programme else 2022)
                day = date(2022, 9, 7) if year == 2022 else date(year, 12, 31)
                assert (found["baseline"]["year"], found["baseline"]["on"]) == (year, day.isoformat())

    def test_stand_as_printed(self, read: dict[str, dict[str, Any]]) -> None:
        for stated, programme in indicators():
            cell = stated["printed"]["baseline"] if programme else None
            for measure, found in zip(stated["measures"], read[stated["code"]]["measures"], strict=True):
                assert found["baseline"]["printed"] == measure["baseline"].get("printed", cell)


class TestTargets:
    def test_read_as_the_file_reads_them(self, measures: list[Pair]) -> None:
        for stated, found in measures:
            if "target" not in stated:
                assert found["target"] is None
                continue
            target, read = stated["target"], found["target"]
            for key in ("value", "change_percent", "growth_percent_per_year", "sum_of"):
                assert read[key] == target.get(key)
            assert read["resolves_to"] == target.get("resolves_to", target.get("value"))
            assert (read["year"], read["on"]) == (2025, "2025-12-31")

    def test_stand_as_printed(self, read: dict[str, dict[str, Any]]) -> None:
        for stated, programme in indicators():
            for found in read[stated["code"]]["measures"]:
                if programme:
                    assert found["target"]["printed"] == stated["printed"]["target"]

    def test_tell_how_they_resolve(self, answers: Answers) -> None:
        told = {}
        for code in ("C.1.3-1", "C.1.4-1", "C.5.2-1"):
            for item in answers[f"/v1/indicators/{code}/targets"]["items"]:
                told[code, item["measure"]] = item["target"]["how"]

        assert told["C.1.3-1", "abroad"] == "44 + 25 %"
        assert told["C.1.4-1", "starting"] == "5 x 1.25^4 (+ 25 % a year for 4 years)"
        assert told["C.5.2-1", "all"] == "5 (funds) + 2 (banks) + 2 (insurers)"


class TestScorecard:
    def test_holds_the_same_baselines_and_targets(self, answers: Answers, read: Answers) -> None:
        items = answers["/v1/scorecard"]["items"]

        assert len(items) == 80
        for item in items:
            [measure] = [
                found for found in read[item["indicator"]["code"]]["measures"] if found["code"] == item["measure"]
            ]
            assert (item["baseline"], item["target"]) == (measure["baseline"], measure["target"])


class TestPaths:
    def test_hold_everything_of_the_framework(self, answers: Answers) -> None:
        for path in DOCUMENT["paths"]:
            page = answers[f"/v1/paths/{path['code']}"]
            vision = path["vision"]
            assert (page["number"], page["name"]) == (path["n"], path["name"])
            assert page["vision"] == {"code": vision["code"], "text": {"pl": vision["pl"], "en": vision["en"]}}
            for part, keys in {"effects": ("name",), "programmes": ("name",)}.items():
                stated = [item for item in DOCUMENT[part] if item["path"] == path["n"]]
                assert [item["code"] for item in page[part]] == [item["code"] for item in stated]
                for found, item in zip(page[part], stated, strict=True):
                    assert [found[key] for key in keys] == [item[key] for key in keys]
            tasks = [task for task in DOCUMENT["tasks"] if task["path"] == path["n"]]
            assert page["tasks"] == [
                {
                    "code": task["code"],
                    "kind": task["kind"],
                    "name": {"pl": task["pl"], "en": task["en"]},
                    "path_is_reading": "column" in task,
                }
                for task in tasks
            ]

    def test_show_the_numbers_that_the_document_prints(self, answers: Answers) -> None:
        printed = {}
        for path in DOCUMENT["paths"]:
            for effect in answers[f"/v1/paths/{path['code']}"]["effects"]:
                printed[effect["code"]] = effect["printed_code"]

        expected = {
            effect["code"]: effect.get("printed_code", effect["code"].removeprefix("B."))
            for effect in DOCUMENT["effects"]
        }
        assert printed == expected


class TestDocument:
    def test_is_kept_whole(self, answers: Answers) -> None:
        """What has no list of its own (rules, networks, organisation ...) is read with its edition."""
        kept = answers["/v1/strategy/editions/klsk-2022"]["document"]

        assert set(kept) == set(DOCUMENT)
        for part in set(DOCUMENT) - {"effect_indicators"}:
            assert kept[part] == _as_json(DOCUMENT[part]), part


def _as_json(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _as_json(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_as_json(item) for item in part]
    return part.isoformat() if isinstance(part, date) else part
