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

    def test_shows_what_an_event_can_be(self) -> None:
        plan = Planner(startups=13).plan()
        known = programme()
        assert {event.visibility for event in plan} == {"public", "sig"}
        assert all(event.sig in known["groups"] for event in plan if event.visibility == "sig")
        assert all(bool(event.online_url) == event.online for event in plan)
        assert {partner for event in plan for partner in event.co_organisers} == set(known["partners"])
        assert {event.type for event in plan if event.agenda} == {"conference", "lsos"}
        inside = [
            event.starts_at <= one.starts_at < one.ends_at <= event.ends_at for event in plan for one in event.agenda
        ]
        assert inside
        assert all(inside)


class TestTypes:
    def test_are_all_that_a_cluster_holds_each_with_what_it_counts_as(self) -> None:
        counts = {event_type["code"]: event_type["counts_as"] for event_type in programme()["types"]}
        wanted = "networking seminar training workshop conference mission_out mission_in sig_meeting partner_event lsos"
        assert counts == {code: [code] for code in wanted.split()}


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
