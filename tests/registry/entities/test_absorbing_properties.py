"""After a merge the survivor holds on every day what either held, and no partner lacks a group."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klaster_registry.entities.absorbing import Merge, join_periods
from klaster_registry.entities.documents import Aspect, Whole, period_of
from klaster_registry.entities.models import Entity
from klaster_registry.entities.partnership import first_day_without_group
from klaster_registry.entities.parts import validity
from klaster_registry.periods import BEGINNING, END, Period, united
from klaster_shared.identifiers import new_id
from tests.examples import examples

FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 40).map(lambda offset: FIRST + timedelta(days=offset))
PERIODS = st.tuples(DAYS, st.one_of(DAYS, st.just(END))).map(lambda days: Period(min(days), max(days)))
HELD = st.dictionaries(
    st.tuples(st.sampled_from(["group", "partnership", "market"]), st.sampled_from(["a", "b"])),
    st.lists(PERIODS, max_size=3).map(united),
)


def whole(held: dict[tuple[Aspect, str], list[Period]]) -> Whole:
    """An entity that held these; of what comes from its record nothing matters here."""
    now = datetime(2026, 1, 1)  # noqa: DTZ001 # never read
    told: dict[str, Any] = {"number_order": 0, "name": "", "sort_name": "", "search_text": "", "version": 1}
    told |= dict.fromkeys(("founded_first", "founded_last", "started_first", "started_last"), END)
    told |= {"existence": "active", "registration": "registered", "startup": False, "document": "{}"}
    told |= {"source": "office", "source_key": "", "demonstration": False, "has_conflict": False}
    entity = Entity(id=new_id(), **told, created_at=now, updated_at=now)
    rows = [
        validity(entity.id, aspect, value, period) for (aspect, value), periods in held.items() for period in periods
    ]
    return Whole(entity, validities=rows)


def days_of(one: Whole, aspect: Aspect, value: str) -> list[Period]:
    return [period_of(row) for row in one.of(aspect) if row.value == value]


class TestJoinPeriods:
    @settings(max_examples=examples(150))
    @given(old=HELD, new=HELD, day=st.none() | DAYS)
    def test_holds_on_every_day_what_either_held(
        self, old: dict[Any, list[Period]], new: dict[Any, list[Period]], day: date | None
    ) -> None:
        gone, kept = whole(old), whole(new)
        since = day or BEGINNING
        join_periods(gone, kept, Merge(day=day))
        for aspect, value in {*old, *new}:
            after = days_of(kept, aspect, value)
            assert after == united(after)  # in order, and none touches another
            for offset in range(-1, 45):
                asked = FIRST + timedelta(days=offset)
                mine = any(period.covers(asked) for period in new.get((aspect, value), ()))
                theirs = asked >= since and any(period.covers(asked) for period in old.get((aspect, value), ()))
                assert any(period.covers(asked) for period in after) == (mine or theirs), asked

    @settings(max_examples=examples(150))
    @given(groups=st.tuples(HELD, HELD), day=st.none() | DAYS)
    def test_never_leaves_a_partner_without_a_group(
        self, groups: tuple[dict[Any, list[Period]], dict[Any, list[Period]]], day: date | None
    ) -> None:
        sides = []
        for held in groups:
            covered = united(period for (aspect, _), periods in held.items() if aspect == "group" for period in periods)
            sides.append(whole({**held, ("partnership", "yes"): covered}))
        gone, kept = sides
        for side in sides:
            side.validities = [row for row in side.validities if (row.aspect, row.value) != ("partnership", "a")]
            side.validities = [row for row in side.validities if (row.aspect, row.value) != ("partnership", "b")]
        join_periods(gone, kept, Merge(day=day))
        memberships = [period_of(row) for row in kept.of("group")]
        partnerships = [period_of(row) for row in kept.of("partnership")]
        assert first_day_without_group(partnerships, memberships, since=BEGINNING) is None
