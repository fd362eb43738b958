"""How targets come to their numbers is said in both languages, whatever way they are stated."""

from decimal import Decimal
from typing import Any

import pytest

from klaster_indicators.document.reckoning import said
from klaster_indicators.document.targets import bounded, resolve_target


class TestSaid:
    @pytest.mark.parametrize(
        ("stated", "baseline", "polish"),
        [
            ({"value": Decimal(60)}, Decimal(44), "jak podano"),
            ({"change_percent": Decimal(25)}, Decimal(44), "44 + 25 %"),
            ({"change_percent": Decimal(25)}, None, "+25 % wartości bazowej, która nie jest liczbą"),
            ({"growth_percent_per_year": Decimal(25)}, Decimal(5), "5 x 1.25^4 (+ 25 % rocznie, lata: 4)"),
            (
                {"growth_percent_per_year": Decimal(25)},
                None,
                "+25 % rocznie od wartości bazowej, która nie jest liczbą",
            ),
        ],
    )
    def test_has_no_english_left(self, stated: dict[str, Any], baseline: Decimal | None, polish: str) -> None:
        how = resolve_target(**stated, baseline=baseline, years=4).how

        assert (said(how).pl, said(how).en) == (polish, how)

    def test_names_the_bound(self) -> None:
        bounds = ("at_least", "at_most", "exactly")
        words = [said(bounded("as stated", bound)).pl for bound in bounds]

        assert words == ["co najmniej: jak podano", "co najwyżej: jak podano", "dokładnie: jak podano"]
