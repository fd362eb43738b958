"""The demonstration's calendar and people: the same on every run, plausible, and nobody's."""

import re
from random import Random

from klaster_events.demonstration.people import invent_people
from klaster_events.demonstration.plan import YEARS, Planner, programme
from klaster_events.people.addresses import address_key


class TestPlan:
    def test_is_the_same_on_every_run(self) -> None:
        assert Planner(startups=13).plan() == Planner(startups=13).plan()

    def test_has_events_in_every_year_on_working_days_with_keys_of_their_own(self) -> None:
        plan = Planner(startups=13).plan()
        assert {event.starts_at.year for event in plan} == set(YEARS)
        assert {event.ends_at.year for event in plan} == set(YEARS)
        assert max(event.starts_at.weekday() for event in plan) < 5
        assert len({event.key for event in plan}) == len(plan)

    def test_needs_no_startups(self) -> None:
        assert all(event.people == () for event in Planner(startups=0).plan() if event.series == "accelerator")

    def test_names_series_types_and_organisers_that_there_are(self) -> None:
        known = programme()
        types = {event_type["code"] for event_type in known["types"]}
        series = {one["code"] for one in known["series"]} | {None}
        for event in Planner(startups=13).plan():
            assert event.type in types
            assert event.series in series
            assert event.organiser in {known["coordinator"], *known["partners"]}


class TestPeople:
    def test_are_nobody_and_enough(self) -> None:
        known = programme()
        people = invent_people(
            given=known["given_names"],
            family=known["family_names"],
            startups=["one", "two"],
            others=["three"],
            random=Random(1),
        )
        assert len(people) >= max(known["people"])
        assert len({address_key(person.email) for person in people}) == len(people)
        assert all(re.fullmatch(r"[a-z.]+@example\.(org|com|net)", person.email) for person in people)
        assert [person.entity for person in people[:6]] == ["one", "two"] * 3
