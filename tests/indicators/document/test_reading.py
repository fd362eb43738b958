"""A strategy file is read whole or refused with place, line and reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from klaster_indicators.document.reading import MalformedStrategy, parse_strategy, read_strategy
from klaster_indicators.strategy import STRATEGY_FILE

Complaint = Callable[[str, str], str]


@pytest.fixture(scope="module")
def text() -> str:
    return STRATEGY_FILE.read_text(encoding="utf-8")


@pytest.fixture
def complaint(text: str) -> Complaint:
    """What is said of the strategy with one passage replaced."""

    def of(passage: str, replacement: str) -> str:
        assert passage in text
        with pytest.raises(MalformedStrategy) as refused:
            parse_strategy(text.replace(passage, replacement, 1), name="strategy.yaml")
        return str(refused.value)

    return of


class TestReadStrategy:
    def test_reads_the_2022_strategy_whole(self) -> None:
        strategy = read_strategy(STRATEGY_FILE)

        goals = [goal for programme in strategy.programmes for goal in programme.goals]
        assert len(strategy.effect_indicators) == 32
        assert sum(len(indicator.measures) for indicator in strategy.effect_indicators) == 49
        assert len(goals) == 18
        assert sum(len(goal.measures) for goal in goals) == 31

    def test_names_the_place_and_the_item_of_a_quoted_number(self, complaint: Complaint) -> None:
        said = complaint('{value: 33, printed: "33", by:', '{value: "33", printed: "33", by:')

        assert "effect_indicators[3].measures[0].baseline.value (B.1.2-1, international): a number" in said

    def test_names_the_line(self, complaint: Complaint, text: str) -> None:
        line = text[: text.index("resolves_to: 55")].count("\n") + 1

        assert f"line {line}: " in complaint("resolves_to: 55", "resolves_to: 56")

    def test_names_line_and_column_of_broken_yaml(self, complaint: Complaint) -> None:
        assert "line 29, column 8: this is not YAML" in complaint("edition:\n", "edition: [\n")

    def test_refuses_a_key_that_nobody_knows(self, complaint: Complaint) -> None:
        assert "measures[0].colour (B.1.1-1, registered): Extra" in complaint(
            "unit: entity,", "unit: entity, colour: red,"
        )

    def test_refuses_a_key_that_stands_twice(self, complaint: Complaint) -> None:
        said = complaint("  target_year: 2025", "  target_year: 2025\n  target_year: 2026")

        assert "edition.target_year (klsk-2022): this key stands here twice" in said

    def test_refuses_a_value_beside_a_status(self, complaint: Complaint) -> None:
        said = complaint('{value: 73, printed: "73"}', '{value: 73, status: no_data, printed: "73"}')

        assert "effect_indicators[0].measures[0].baseline (B.1.1-1, registered): a value and a status" in said

    def test_refuses_a_date_that_no_calendar_has(self, complaint: Complaint) -> None:
        assert "this is not YAML" in complaint("adopted: 2022-09-07", "adopted: 2022-09-31")

    @pytest.mark.parametrize("content", ["", "[]", "edition: 3"])
    def test_refuses_what_is_no_strategy_at_all(self, content: str) -> None:
        with pytest.raises(MalformedStrategy, match="line 1: "):
            parse_strategy(content)

    def test_refuses_a_file_in_another_encoding(self, tmp_path: Path) -> None:
        file = tmp_path / "strategy.yaml"
        file.write_bytes("title: Kraków".encode("iso-8859-2"))

        with pytest.raises(MalformedStrategy, match="not UTF-8"):
            read_strategy(file)
