"""The days of a project, as properties: the columns that lists are filtered by say what the state says."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.projects.models import Project
from klaster_registry.projects.records import state_on
from klaster_registry.projects.values import check_dates, run_values
from klaster_shared.errors import Invalid

FIRST = date(2020, 1, 1)
DAYS = st.none() | st.integers(0, 8).map(lambda days: FIRST + timedelta(days=days))


class TestRunValues:
    @given(DAYS, DAYS, DAYS)
    def test_cover_exactly_the_days_on_which_it_is_running(
        self, starts: date | None, ends: date | None, cancelled: date | None
    ) -> None:
        days_of: dict[str, Any] = {"starts_on": starts, "ends_on": ends, "cancelled_on": cancelled}
        made = Project(**days_of)
        try:
            check_dates(made)
        except Invalid:
            return
        runs_from, runs_until = run_values(made)
        days = [FIRST + timedelta(days=at) for at in range(-2, 12)]
        running = [day for day in days if state_on(made, day) == "running"]
        assert running == [day for day in days if runs_from <= day < runs_until]
        # A window that it shares no day with never touches it, be it begun, planned, or cancelled before it began.
        for at, first in enumerate(days):
            for last in days[at:]:
                touched = runs_from <= last and runs_until > first
                assert touched == any(first <= day <= last for day in running)
