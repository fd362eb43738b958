"""Calendars as files: whatever an event says, icalendar reads back what was meant."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from klaster_events.calendars.building import AgendaLine, Particulars, calendar_of, entry_of, uid_of
from klaster_events.events.models import Event
from tests.examples import examples

WRITTEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ZONES = (
    "Europe/Warsaw",
    "Europe/London",
    "Europe/Dublin",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
)


def event(**properties: Any) -> Event:
    """An event of tomorrow."""
    said: dict[str, Any] = {
        "id": UUID("01900000-0000-7000-8000-0000000000aa"),
        "type": "networking",
        "organiser_id": UUID("01900000-0000-7000-8000-000000000001"),
        "title_pl": "Śniadanie",
        "title_en": "Breakfast",
        "starts_at": datetime(2026, 11, 25, 16, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 25, 19, 0, tzinfo=UTC),
        "zone": "Europe/Warsaw",
        "online": False,
        "visibility": "public",
        "state": "published",
        "sequence": 0,
        "created_at": WRITTEN,
        "updated_at": WRITTEN,
    }
    return Event(**{**said, **properties})


def read(*events: Event, **more: Any) -> Any:
    """The calendar of these events, written and read back."""
    entries = [entry_of(one, language="pl", now=one.updated_at, **more) for one in events]
    return Calendar.from_ical(calendar_of(entries, method=None, name="Wydarzenia"))


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=200)
moments = st.datetimes(datetime(2021, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


class TestEntry:
    @settings(max_examples=examples(200))
    @given(
        title=words,
        description=st.none() | words.map(lambda text: f"{text}\n{text}"),
        place=st.none() | words,
        starts_at=moments,
        lasts=st.integers(1, 60 * 24 * 9),
        zone=st.sampled_from(ZONES),
        sequence=st.integers(0, 50),
    )
    def test_reads_back_as_the_event_it_was(
        self,
        title: str,
        description: str | None,
        place: str | None,
        starts_at: datetime,
        lasts: int,
        zone: str,
        sequence: int,
    ) -> None:
        ends_at = starts_at + timedelta(minutes=lasts)
        one = event(
            title_pl=title,
            description_pl=description,
            description_en=description,
            place=place,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=zone,
            sequence=sequence,
        )
        [found] = read(one).events
        assert (found.start, found.end) == (starts_at, ends_at)
        assert (found["uid"], found.sequence) == (uid_of(one), sequence)
        assert (found["summary"], found.get("description"), found.get("location")) == (title, description, place)

    @settings(max_examples=examples(100))
    @given(starts_at=moments, zone=st.sampled_from(ZONES))
    @example(starts_at=datetime(2027, 2, 6, tzinfo=UTC), zone="Africa/Casablanca")  # a month of fasting begins
    def test_needs_no_knowledge_of_zones_to_be_read(self, starts_at: datetime, zone: str) -> None:
        """The definitions in the file alone say the offset of every time that is written in a zone."""
        calendar = read(event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=30), zone=zone))
        [found] = calendar.events
        described = {one.tz_name: one for one in calendar.timezones}
        for moment in (found["dtstart"], found["dtend"]):
            if "TZID" not in moment.params:
                assert moment.dt.utcoffset() == timedelta()
                continue
            defined = described[moment.params["TZID"]].to_tz(lookup_tzid=False)
            wall = moment.dt.replace(tzinfo=None)
            assert wall.replace(tzinfo=defined).utcoffset() == moment.dt.utcoffset()

    def test_keeps_lines_short_and_ends_them_as_the_standard_says(self) -> None:
        one = event(title_pl="Bardzo długie śniadanie naukowe " * 20)
        written = calendar_of([entry_of(one, language="pl", now=WRITTEN)])
        lines = written.split(b"\r\n")
        assert b"\n" not in b"".join(lines)
        assert max(map(len, lines)) <= 75

    def test_says_what_became_of_an_event(self) -> None:
        states = {state: read(event(state=state)).events[0] for state in ("published", "postponed", "cancelled")}
        assert {state: found["status"] for state, found in states.items()} == {
            "published": "CONFIRMED",
            "postponed": "TENTATIVE",
            "cancelled": "CANCELLED",
        }
        assert states["postponed"]["description"].startswith("Przełożone")

    def test_shows_the_agenda_on_the_event_s_clocks(self) -> None:
        line = AgendaLine(
            starts_at=datetime(2026, 11, 25, 16, 30, tzinfo=UTC),
            ends_at=datetime(2026, 11, 25, 17, 0, tzinfo=UTC),
            title="Otwarcie",
            room="Sala A",
        )
        [found] = read(event(), particulars=Particulars(agenda=[line])).events
        assert "17:30-18:00 Otwarcie (Sala A)" in found["description"]

    def test_names_its_series_and_what_it_is(self) -> None:
        particulars = Particulars(organiser="Fundacja", categories=["Szkolenie, duże", "Akcelerator"])
        [found] = read(event(series="accelerator"), particulars=particulars).events
        assert [str(one) for one in found.categories] == ["Szkolenie, duże", "Akcelerator"]
        assert (found["related-to"], found["related-to"].params["reltype"]) == ("series:accelerator", "PARENT")
        assert found["contact"] == "Fundacja"

    def test_tells_the_link_to_those_alone_who_are_given_it(self) -> None:
        one, link = event(online=True, online_url="https://meet.example.org/s?a=1;b=2"), "https://meet.example.org"
        assert link not in str(read(one).to_ical())
        [found] = read(one, online_url=one.online_url).events
        assert found["conference"] == one.online_url


class TestSeries:
    def test_keeps_its_hour_over_the_end_of_summer_time(self) -> None:
        warsaw = ZoneInfo("Europe/Warsaw")
        evenings = [datetime(2026, 10, day, 18, 0, tzinfo=warsaw) for day in (18, 25)]
        series = [
            event(series="school", starts_at=one.astimezone(UTC), ends_at=one.astimezone(UTC) + timedelta(hours=2))
            for one in evenings
        ]
        found = read(*series).events
        assert [one["dtstart"].dt.strftime("%H:%M %z") for one in found] == ["18:00 +0200", "18:00 +0100"]

    def test_that_moves_to_another_zone_reads_right_on_both_sides(self) -> None:
        before = event(series="school", starts_at=datetime(2027, 3, 20, 17, tzinfo=UTC), zone="Europe/Warsaw")
        after = event(series="school", starts_at=datetime(2027, 4, 3, 17, tzinfo=UTC), zone="Europe/London")
        for one in (before, after):
            one.ends_at = one.starts_at + timedelta(hours=2)
        calendar = read(before, after)
        assert {zone.tz_name for zone in calendar.timezones} == {"Europe/Warsaw", "Europe/London"}
        assert [one["dtstart"].dt.strftime("%H:%M %z") for one in calendar.events] == ["18:00 +0100", "18:00 +0100"]
        assert [one.start for one in calendar.events] == [before.starts_at, after.starts_at]

    def test_without_events_is_an_empty_calendar(self) -> None:
        assert read().events == []
