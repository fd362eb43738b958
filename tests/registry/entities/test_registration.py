"""The rules of an entity's life, without a database: whatever steps are tried, the life stays one that can be lived."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.entities.registration import STATES, STEPS, Life, Refusal, Registration, Step, next_state

TODAY = date(2026, 11, 24)
FOUNDED = date(2018, 1, 1)
days = st.dates(date(2017, 1, 1), date(2027, 1, 1))
steps = st.tuples(st.sampled_from(STEPS), days)


class TestNextState:
    @pytest.mark.parametrize(
        ("state", "step", "following"),
        [
            ("none", "apply", "applied"),
            ("applied", "register", "registered"),
            ("applied", "reject", "rejected"),
            ("applied", "withdraw", "none"),
            ("registered", "leave", "left"),
            ("rejected", "apply", "applied"),
            ("left", "apply", "applied"),
        ],
    )
    def test_follows_the_ways_there_are(self, state: Registration, step: Step, following: Registration) -> None:
        assert next_state(Life(state=state, since=None), step, on=TODAY, today=TODAY) == following

    def test_refuses_every_other_way(self) -> None:
        ways = {
            (state, step)
            for state in STATES
            for step in STEPS
            if not isinstance(next_state(Life(state=state, since=None), step, on=TODAY, today=TODAY), Refusal)
        }
        assert len(ways) == 7

    @given(st.lists(steps, max_size=30))
    def test_never_goes_back_in_time_and_never_leaves_the_ways(self, tried: list[tuple[Step, date]]) -> None:
        life = Life(state="none", since=None, founded=FOUNDED)
        taken: list[date] = []
        for step, on in tried:
            following = next_state(life, step, on=on, today=TODAY)
            if isinstance(following, Refusal):
                continue
            taken.append(on)
            assert (following == "registered") == (step == "register")
            life = Life(state=following, since=on, founded=FOUNDED)
        assert taken == sorted(taken)
        assert all(on <= TODAY for on in taken)

    @given(st.sampled_from(STATES), st.sampled_from(STEPS), days, days)
    def test_gives_a_state_or_says_why_not(self, state: Registration, step: Step, since: date, on: date) -> None:
        found = next_state(Life(state=state, since=since, founded=FOUNDED), step, on=on, today=TODAY)
        if isinstance(found, Refusal):
            assert found.sentence
        else:
            assert since <= on <= TODAY

    @given(days)
    def test_registers_nobody_outside_its_own_life(self, on: date) -> None:
        closed = FOUNDED + timedelta(days=365)
        life = Life(state="applied", since=None, founded=FOUNDED, closed=closed)
        registered = next_state(life, "register", on=on, today=TODAY) == "registered"
        assert registered == (FOUNDED <= on <= closed)
