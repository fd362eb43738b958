"""A ratio that is worse by more than a fifth is told of."""

import pytest

from tests.benchmarks.__main__ import PAGE
from tests.benchmarks.fallen import fallen

TABLE = """# Benchmarks

## Forwarding

| connections | way | requests/s | of nginx |
|---|---|---|---|
| 16 | upstream alone | 40,000 | {upstream} |
| 16 | gateway | 8,000 | {gateway} |

## Suggestions

| engine | times the plain page |
|---|---|
| SQLite | {times} |
"""


def page(*, upstream: float = 1.0, gateway: float = 0.5, times: float = 3.0) -> str:
    return TABLE.format(upstream=upstream, gateway=gateway, times=times)


class TestFallen:
    @pytest.mark.parametrize("now", [{}, {"gateway": 0.41}, {"gateway": 2.0}, {"times": 3.7}, {"times": 1.0}])
    def test_says_nothing_of_what_is_as_good_or_nearly(self, now: dict[str, float]) -> None:
        assert fallen(page(), page(**now)) == []

    def test_names_part_row_and_column(self) -> None:
        assert fallen(page(), page(gateway=0.39)) == ["Forwarding: row 1, gateway: of nginx was 0.5, is 0.39"]

    def test_knows_where_more_is_worse(self) -> None:
        assert fallen(page(), page(times=4.0)) == ["Suggestions: row 0, SQLite: times the plain page was 3, is 4"]

    def test_is_about_us_alone(self) -> None:
        assert fallen(page(), page(upstream=0.1)) == []

    def test_says_nothing_of_what_was_not_measured_before(self) -> None:
        assert fallen("# Benchmarks\n", page()) == []

    def test_finds_the_ratios_of_the_page_that_is_kept(self) -> None:
        kept = PAGE.read_text(encoding="utf-8")
        assert len(fallen(kept, _halved(kept))) >= 8


def _halved(text: str) -> str:
    """Whatever the gateway had of nginx, half of it."""
    lines = []
    for line in text.splitlines():
        cells = line.split("|")
        if len(cells) > 5 and cells[2].strip() in {"gateway", "gateway, with a key"}:
            cells[4] = f" {float(cells[4]) / 2:.3f} "
        lines.append("|".join(cells))
    return "\n".join(lines)
