"""Values of bodies and queries are what they are written as: no text is a number, and no number a day."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from klaster_shared.dates import Day, Moment
from klaster_shared.plain import Real, Truth, Whole

SHAPES: dict[str, Any] = {"Truth": Truth, "Whole": Whole, "Real": Real, "Day": Day, "Moment": Moment}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Truth", value) for value in ("true", 1, 0, "yes")),
        *(("Whole", value) for value in ("5", True)),
        *(("Real", value) for value in ("5.5", False)),
        *(("Day", value) for value in (7, "0", "1e9", "-12", 1.5, "0.5")),
        *(("Moment", value) for value in (0, "1700000000", "2026-01-01T00:00:00")),
    ],
)
def test_refuses_what_only_looks_like_one(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SHAPES[name]).validate_python(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("Truth", True), ("Whole", 5), ("Whole", 5.0), ("Real", 5), ("Day", date(2026, 1, 2)), ("Day", "2026-01-02")],
)
def test_takes_what_is_one(name: str, value: object) -> None:
    TypeAdapter(SHAPES[name]).validate_python(value)
