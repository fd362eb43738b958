"""Exact decimals: SQLite would keep them as floats, so they are stored as scaled integers on both engines."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any

from pydantic import PlainSerializer
from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_MAX = 2**63 - 1


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, stored as an integer: sums and comparisons stay exact in SQL.

    `sum()` over such a column comes back as a decimal of the same scale. A value with more places than the
    column keeps is refused: rounding is a decision of the caller, not of the storage.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value() or abs(scaled) > _MAX:
            raise ValueError(f"{value} does not fit a decimal with {self.places} places")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half to even, the rule of statistics, and drop trailing zeros."""
    result = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN).normalize()
    return result if result.as_tuple().exponent <= 0 else result.quantize(Decimal(1))  # type: ignore[operator]


def as_number(value: Decimal) -> int | float:
    """A decimal as a JSON number: an integer where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal, PlainSerializer(as_number, return_type=int | float)]
"""An exact decimal inside, a JSON number outside."""
