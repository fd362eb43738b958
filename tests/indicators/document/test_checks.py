"""A document that contradicts itself is refused, with the contradiction."""

from copy import deepcopy
from typing import Any

import pytest
import yaml

from klaster_indicators.document.checks import faults_of, place
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.strategy import STRATEGY_FILE


@pytest.fixture(scope="module")
def original() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(STRATEGY_FILE.read_text(encoding="utf-8"))
    return data


@pytest.fixture
def data(original: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(original)


def complaints(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    faults = faults_of(StrategyDocument.model_validate(data))
    return [(place(fault.location), fault.code, fault.reason) for fault in faults]


def goal(data: dict[str, Any], code: str) -> dict[str, Any]:
    goals = [goal for programme in data["programmes"] for goal in programme["goals"]]
    found: dict[str, Any] = next(goal for goal in goals if goal["code"] == code)
    return found


class TestFaults:
    def test_are_none_in_the_2022_strategy(self, data: dict[str, Any]) -> None:
        assert complaints(data) == []

    def test_name_a_code_that_is_taken(self, data: dict[str, Any]) -> None:
        data["effects"][4]["code"] = "B.1.1"

        assert ("effects[4].code", "duplicate", "B.1.1 is taken already, by effects[0].code") in complaints(data)

    def test_name_a_measure_that_stands_twice(self, data: dict[str, Any]) -> None:
        goal(data, "C.1.1-1")["measures"][1]["code"] = "registered"

        assert [code for _, code, _ in complaints(data)] == ["duplicate"]

    def test_name_a_goal_under_the_code_of_an_indicator(self, data: dict[str, Any]) -> None:
        goal(data, "C.1.1-1")["code"] = "B.1.1-1"

        assert [code for _, code, _ in complaints(data)] == ["duplicate"]

    @pytest.mark.parametrize("part", ["effects", "programmes", "tasks", "special_interest_groups"])
    def test_name_a_path_that_does_not_exist(self, data: dict[str, Any], part: str) -> None:
        data[part][0]["path"] = 7

        assert (f"{part}[0].path", "unknown_path", "there is no path 7") in complaints(data)

    def test_name_an_effect_that_does_not_exist(self, data: dict[str, Any]) -> None:
        data["effect_indicators"][0]["effects"] = ["B.9.9"]

        assert complaints(data) == [
            ("effect_indicators[0].effects[0]", "unknown_effect", "there is no effect B.9.9"),
        ]

    def test_name_an_indicator_between_two_paths(self, data: dict[str, Any]) -> None:
        data["effect_indicators"][0]["effects"] = ["B.1.1", "B.2.1"]

        assert [code for _, code, _ in complaints(data)] == ["several_paths"]

    def test_name_a_level_that_is_missing(self, data: dict[str, Any]) -> None:
        del data["levels"][1]

        assert [(where, code) for where, code, _ in complaints(data)] == [("levels", "missing_level")]

    def test_name_a_group_that_does_not_exist(self, data: dict[str, Any]) -> None:
        goal(data, "C.2.1-1")["measures"][0]["sig"] = "talent"

        assert complaints(data) == [
            ("programmes[4].goals[0].measures[0].sig", "unknown_sig", "there is no special interest group talent")
        ]

    def test_name_a_resolution_that_its_arithmetic_does_not_give(self, data: dict[str, Any]) -> None:
        goal(data, "C.1.4-1")["measures"][1]["target"]["resolves_to"] = 12.2

        [(where, code, reason)] = complaints(data)
        assert (where, code) == ("programmes[3].goals[0].measures[1].target.resolves_to", "wrong_resolution")
        assert reason == "the document says 12.2; by its own arithmetic it is 12.20703125"

    def test_name_a_resolution_where_the_baseline_has_no_number(self, data: dict[str, Any]) -> None:
        goal(data, "C.1.3-1")["measures"][0]["baseline"] = {"status": "unknown"}

        assert [code for _, code, _ in complaints(data)] == ["wrong_resolution"]

    def test_name_a_sum_that_its_parts_do_not_make(self, data: dict[str, Any]) -> None:
        goal(data, "C.5.2-1")["measures"][2]["target"]["value"] = 3

        assert [(code, reason) for _, code, reason in complaints(data)] == [
            ("wrong_sum", "the parts should make 9, but they add up to 10")
        ]

    def test_name_a_part_of_a_sum_that_does_not_exist(self, data: dict[str, Any]) -> None:
        goal(data, "C.5.2-1")["measures"][0]["target"]["sum_of"] = ["funds", "all"]

        assert [code for _, code, _ in complaints(data)] == ["unknown_measure"]

    def test_name_a_direction_against_the_target(self, data: dict[str, Any]) -> None:
        goal(data, "C.2.2-1")["measures"][0]["direction"] = "increase"

        assert [(code, reason) for _, code, reason in complaints(data)] == [
            ("wrong_direction", "from 86 to 60 is: decrease")
        ]

    def test_name_a_goal_without_a_target(self, data: dict[str, Any]) -> None:
        del goal(data, "C.2.1-1")["measures"][0]["target"]

        assert [code for _, code, _ in complaints(data)] == ["missing_target"]

    def test_name_a_link_of_an_unknown_indicator(self, data: dict[str, Any]) -> None:
        data["verification_links"][0]["candidates"] = ["B.9.9-9"]

        assert [code for _, code, _ in complaints(data)] == ["unknown_indicator"]
