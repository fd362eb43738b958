"""The rule that every partner is in at least one special interest group, reckoned over time. No database here."""

from collections.abc import Iterable, Sequence
from datetime import date

from klaster_registry.periods import Period


def first_day_without_group(
    partnerships: Iterable[Period], memberships: Sequence[Period], *, since: date
) -> date | None:
    """The first day from `since` on that lies in a partnership and in no membership; None where there is none."""
    days = [_first_gap(Period(max(one.valid_from, since), one.valid_until), memberships) for one in partnerships]
    return min((day for day in days if day is not None), default=None)


def _first_gap(partnership: Period, memberships: Sequence[Period]) -> date | None:
    reached = partnership.valid_from
    for membership in sorted(memberships, key=lambda period: period.valid_from):
        if membership.valid_from > reached:
            break
        reached = max(reached, membership.valid_until)
    return reached if reached < partnership.valid_until else None
