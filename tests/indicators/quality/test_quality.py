"""The report on the framework: what is wrong with the strategy, each with its place."""

from copy import deepcopy
from typing import Any

import httpx

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.quality.document import findings_of
from tests.indicators.conftest import strategy

QUALITY = "/v1/quality"


async def found(api: httpx.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    answer = await api.get(QUALITY, params=parameters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


class TestReport:
    async def test_says_that_44_and_33_disagree(self, anybody: httpx.AsyncClient) -> None:
        [finding] = await found(anybody, kind="contradicting_figures")

        assert finding["sentence"] == (
            "B.1.2-1/international gives 33, C.1.3-1/abroad gives 44: both stand in the document"
        )
        assert (finding["severity"], finding["level"], finding["path"]["number"]) == ("high", "B", 1)
        assert finding["place"]["printed"] == "33"
        document = (await anybody.get("/v1/strategy/editions/klsk-2022")).json()["document"]
        part: Any = document
        for step in finding["place"]["pointer"].split("/")[1:]:
            part = part[int(step)] if step.isdigit() else part[step]
        assert part["value"] == 33

    async def test_names_slips_readings_and_gaps_in_both_languages(self, anybody: httpx.AsyncClient) -> None:
        everything = await found(anybody, lang="all")
        by_kind: dict[str, set[str]] = {}
        for one in everything:
            by_kind.setdefault(one["kind"], set()).add(one["code"])
            assert all(one["sentence"][language] and one["label"][language] for language in ("pl", "en"))
            assert "{" not in one["sentence"]["pl"] + one["sentence"]["en"]

        assert by_kind["numbering_slip"] == {"B.2.4"}
        assert by_kind["not_numbered"] == {"B.6.1", "B.6.2", "B.6.3", "B.6.4"}
        assert by_kind["another_period"] == {"B.1.1-2", "B.2.3-1"}
        assert {"C.1.4-1", "C.2.2-1", "C.3.2-1", "B.2.2-1"} <= by_kind["ambiguous"]
        assert {"D.2.1", "D.1.2"} <= by_kind["placed_by_reading"]
        assert {"BIZ", "RD", "SCANBALT"} == by_kind["spelled_differently"]
        assert "B.5.5-1" in by_kind["no_baseline"]
        assert "C.1.3-1" not in by_kind["no_target"] | by_kind["no_baseline"]
        counts = (await anybody.get(QUALITY)).json()["counts"]
        assert sum(counts.values()) == len(everything)
        weights = [one["severity"] for one in everything]
        assert weights == sorted(weights, key=["high", "medium", "low"].index)

    async def test_counts_only_what_is_asked_for(self, api: httpx.AsyncClient) -> None:
        of_path = await found(api, path="1", level="C")
        assert of_path
        assert all((one["path"]["code"], one["level"]) == ("entities", "C") for one in of_path)
        assert {one["severity"] for one in await found(api, severity="high")} == {"high"}
        assert (await api.get(QUALITY, params={"as_of": "2020"})).json()["edition"] is None
        refused = [{"kind": "nonsense"}, {"as_of": "2030-01-01"}, {"weight": "high"}]
        assert [(await api.get(QUALITY, params=asked)).status_code for asked in refused] == [422, 422, 422]
        assert (await api.get(QUALITY, params={"edition": "none"})).status_code == 404

    async def test_forgets_what_was_measured_since(self, api: httpx.AsyncClient) -> None:
        body = {"measure": "registered", "value": 90, "on": "2025-12-31", "source": "a count", "state": "verified"}
        assert (await api.post("/v1/indicators/C.1.1-1/observations", json=body)).status_code == 201

        today = {f"{one['code']}/{one['measure']}" for one in await found(api, kind="never_measured")}
        before = {
            f"{one['code']}/{one['measure']}" for one in await found(api, kind="never_measured", as_of="2025-12-30")
        }
        assert before - today == {"C.1.1-1/registered"}


class TestFindings:
    def test_reckon_parts_against_their_whole(self) -> None:
        document = strategy().model_dump(mode="json", by_alias=True, exclude_unset=True)
        mended = deepcopy(document)
        indicator = next(one for one in mended["effect_indicators"] if one["code"] == "B.1.2-1")
        indicator["measures"][0]["baseline"]["value"] = 44
        kinds = {one.kind: one for one in findings_of(StrategyDocument.model_validate(mended))}

        assert "contradicting_figures" not in kinds
        assert kinds["parts_do_not_add_up"].said == {"parts": "33", "whole": "44"}
        assert "parts_do_not_add_up" not in {one.kind for one in findings_of(strategy())}

    def test_name_each_of_many_that_disagree_once(self) -> None:
        document = strategy().model_dump(mode="json", by_alias=True, exclude_unset=True)
        figure, goals = "registry.entities.registered", document["programmes"][0]["goals"]
        pattern = deepcopy(next(one for one in document["effect_indicators"] if one["code"] == "B.1.1-1"))
        for number in range(300):
            goal = {**deepcopy(goals[0]), "code": f"C.1.1-{number + 50}", "live": figure, "note": "one of many"}
            goal["measures"] = [{**pattern["measures"][0], "baseline": {"value": number}, "target": {"value": 1000}}]
            goals.append(goal)
        found = [
            one
            for one in findings_of(StrategyDocument.model_validate(document))
            if one.kind == "contradicting_figures" and one.note == "one of many"
        ]

        # 73 of them says what the document says elsewhere.
        assert len(found) <= 300
        named = {one.code for one in found} | {one.said["indicator"] for one in found}
        assert len({code for code in named if code.startswith("C.1.1-")}) >= 299
