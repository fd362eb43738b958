"""Two editions side by side: exactly what changed, and nothing where nothing did."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.strategy.differences import differences
from tests.examples import examples
from tests.indicators.conftest import strategy

STRATEGY = strategy().model_dump(mode="json", by_alias=True, exclude_unset=True)
DIFF = "/v1/strategy/editions/diff"
NEW = "/v1/strategy/editions/klsk-2026"
SEEN = {"If-Match": "*"}
Told = set[tuple[str, str, str]]
Edit = Callable[[dict[str, Any], int], tuple[str, str, str]]


def reword_effect(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    effect = document["effects"][which % len(document["effects"])]
    effect["name"]["en"] += ", in other words"
    return "reworded", "effect", effect["code"]


def move_task(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    task = document["tasks"][which % len(document["tasks"])]
    task["path"] = task["path"] % 6 + 1
    return "moved", "task", task["code"]


def retarget_goal(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    goals = [goal for programme in document["programmes"] for goal in programme["goals"] if len(goal["measures"]) == 1]
    goal = goals[which % len(goals)]
    goal["measures"][0]["target"] = {"value": 1234567}
    return "retargeted", "measure", f"{goal['code']}/{goal['measures'][0]['code']}"


def redefine_measure(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    indicator = document["effect_indicators"][which % len(document["effect_indicators"])]
    indicator["measures"][0]["unit"] = "furlong"
    return "redefined", "measure", f"{indicator['code']}/{indicator['measures'][0]['code']}"


def drop_rule(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    return "gone", "rule", document["rules"].pop(which % len(document["rules"]))["code"]


def add_level(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    code = f"X{which}"
    document["levels"].insert(which % 4, {**document["levels"][0], "code": code})
    return "appeared", "level", code


def put_last_first(document: dict[str, Any], which: int) -> tuple[str, str, str]:
    groups = document["interest_groups"]
    groups.insert(which % (len(groups) - 2), groups.pop())
    return "moved", "interest_group", groups[which % (len(groups) - 2)]["code"]


EDITS: list[Edit] = [
    reword_effect,
    move_task,
    retarget_goal,
    redefine_measure,
    drop_rule,
    add_level,
    put_last_first,
]


def told(old: dict[str, Any], new: dict[str, Any]) -> Told:
    found = differences(StrategyDocument.model_validate(old), StrategyDocument.model_validate(new))
    assert len({(one.change, one.part, one.code) for one in found}) == len(found)
    return {(one.change, one.part, one.code) for one in found}


class TestDifferences:
    def test_of_an_edition_with_itself_are_none(self) -> None:
        assert differences(strategy(), StrategyDocument.model_validate(deepcopy(STRATEGY))) == []

    @settings(max_examples=examples(25))
    @given(st.lists(st.sampled_from(EDITS), unique=True), st.integers(0, 200))
    def test_are_exactly_the_edits(self, edits: list[Edit], which: int) -> None:
        edited = deepcopy(STRATEGY)
        expected = {edit(edited, which) for edit in edits}

        assert told(STRATEGY, edited) == expected
        opposite = {"gone": "appeared", "appeared": "gone"}
        assert told(edited, STRATEGY) >= {
            (opposite.get(change, change), part, code) for change, part, code in expected if change != "moved"
        }

    def test_name_what_a_change_elsewhere_makes_of_a_target(self) -> None:
        """A year more to grow in, or another baseline to grow from, is another target."""
        edited = deepcopy(STRATEGY)
        edited["edition"]["target_year"] = 2026
        found = differences(StrategyDocument.model_validate(STRATEGY), StrategyDocument.model_validate(edited))

        assert {one.change for one in found} == {"redefined", "retargeted"}
        targets = {one.code: one.fields[0] for one in found if one.change == "retargeted"}
        assert len(targets) == 31
        _, before, after = targets["C.1.4-1/starting"]
        assert (before["year"], after["year"]) == (2025, 2026)
        assert (before["resolves_to"], after["resolves_to"]) == (12.20703125, 15.2587890625)
        assert after["how"] == "5 x 1.25^5 (+ 25 % a year for 5 years)"


class TestDiff:
    async def test_tells_what_was_edited_in_the_draft(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        body = {"measure": "registered", "value": 90, "on": "2025-12-31", "source": "a count", "state": "verified"}
        await api.post("/v1/indicators/B.1.1-1/observations", json=body)
        await api.post("/v1/strategy/editions/klsk-2022/copy", json={"code": "klsk-2026"})
        asked = {"from": "klsk-2022", "to": "klsk-2026"}
        nothing = (await anybody.get(DIFF, params=asked)).json()
        goal = (await api.get(f"{NEW}/goals/C.1.3-1")).json()
        goal["measures"][0]["target"] = {"value": 60}
        await api.put(f"{NEW}/goals/C.1.3-1", json=goal, headers=SEEN)
        await api.delete(f"{NEW}/indicators/B.1.1-1", headers=SEEN)
        found = (await anybody.get(DIFF, params=asked)).json()

        assert (nothing["items"], nothing["counts"]) == ([], {})
        items = {(one["change"], one["part"], one["code"]): one for one in found["items"]}
        target = items["retargeted", "measure", "C.1.3-1/abroad"]["fields"]
        assert target == [
            {
                "field": "target",
                "before": {"change_percent": 25, "resolves_to": 55, "how": "44 + 25 %", "year": 2025},
                "after": {"value": 60, "resolves_to": 60, "how": "as stated", "year": 2025},
            }
        ]
        assert items["gone", "indicator", "B.1.1-1"]["observations"] == 1
        assert (await anybody.get(DIFF, params={**asked, "to": "klsk-1999"})).status_code == 404
        assert (await anybody.get(DIFF, params={"from": "klsk-2022"})).status_code == 422
