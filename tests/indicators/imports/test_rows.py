"""Cells as people write them."""

from datetime import date
from typing import Any

import pytest

from klaster_indicators.imports.rows import observation_of
from klaster_indicators.observations.schemas import ObservationCreate
from klaster_shared.errors import Invalid
from klaster_shared.tables import TableRow


def read(own_period: str = "point", **cells: str) -> ObservationCreate:
    row = TableRow(None, 2, {"on": "2024-06-30", "value": "1", "source": "RBW", **cells})
    return observation_of(row, period=own_period, state="verified", reason=None)


class TestObservationOf:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1234", 1234),
            ("1 234,5", 1234.5),
            ("1\u00a0234", 1234),
            ("1,5", 1.5),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1,234,567", 1234567),
            ("-3", -3),
        ],
    )
    def test_reads_numbers_of_both_languages(self, text: str, value: float) -> None:
        assert read(value=text).value == value

    def test_reads_days_flags_and_words(self) -> None:
        given = read(on="30.6.2024", approximate="TAK", evidence="https://a.example  https://b.example")

        assert (given.on, given.approximate) == (date(2024, 6, 30), True)
        assert given.evidence == ["https://a.example", "https://b.example"]
        assert read("year", on="2024-12-31", since="2024-01-01", period="w roku").year == 2024

    @pytest.mark.parametrize(
        ("cells", "pointer"),
        [
            ({"value": "1,234"}, "/value"),
            ({"value": "many"}, "/value"),
            ({"value": "NaN"}, "/value"),
            ({"value": "1e400"}, "/value"),
            ({"on": "30/06/2024"}, "/on"),
            ({"approximate": "perhaps"}, "/approximate"),
            ({"period": "decade"}, "/period"),
            ({"status": "lost"}, "/status"),
            ({"evidence": "javascript:alert(1)"}, "/evidence/0"),
            ({"source": "\x07"}, "/source"),
        ],
    )
    def test_names_the_wrong_cell(self, cells: dict[str, Any], pointer: str) -> None:
        with pytest.raises(Invalid) as refused:
            read(**cells)

        assert [error["pointer"] for error in refused.value.errors] == [pointer]
