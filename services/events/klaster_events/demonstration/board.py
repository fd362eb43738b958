"""The demonstration's board: offers and needs made from a few patterns, the same on every run, whatever the day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from klaster_events.demonstration.plan import YEARS, programme

_HOLDS = timedelta(days=270)
_CONTACTS = 40  # so many people answer for all posts


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPost:
    """A post of the demonstration: whose it is, when it was published, and the number of its contact person."""

    key: str
    owner: str
    person: int
    posted_at: datetime
    valid_until: date
    said: Mapping[str, Any]


@cache
def _patterns() -> dict[str, Any]:
    text = Path(__file__).with_name("board.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def plan_board() -> list[PlannedPost]:
    """Every post of all years: offers abroad as many as the strategy counts, needs and home offers beside them."""
    owners = [programme()["coordinator"], *programme()["partners"]]
    return [post for year in YEARS for post in _year(year, owners)]


def interest_message() -> str:
    """What everybody writes who is interested."""
    return str(_patterns()["message"])


def _year(year: int, owners: Sequence[str]) -> Iterator[PlannedPost]:
    asked = _patterns()
    for what, counts in asked["per_year"].items():
        count, patterns = counts[year - YEARS[0]], asked[what]
        for number in range(count):
            posted_at = datetime(year, 1, 10, 9, tzinfo=UTC) + timedelta(days=int(number * 340 / count))
            yield PlannedPost(
                key=f"{what}-{year}-{number + 1:02}",
                owner=owners[(number + year) % len(owners)],
                person=(number * 7 + year) % _CONTACTS,
                posted_at=posted_at,
                valid_until=(posted_at + _HOLDS).date(),
                said=_said(patterns[number % len(patterns)], f"{number + 1}/{year}"),
            )


def _said(pattern: Mapping[str, Any], number: str) -> dict[str, Any]:
    title = {language: f"{text} {number}" for language, text in pattern["title"].items()}
    return {**pattern, "title": title}
