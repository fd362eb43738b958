"""The demonstration's calendar, made from a fixed seed: the same events on every run, whatever the day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from klaster_events.demonstration.people import PER_STARTUP

YEARS = range(2021, 2027)
ZONE = "Europe/Warsaw"
_SEED = 20220907
_REGULARS = 0.55  # this part of those who come is drawn from the first third, who come again and again
_SATURDAY = 5
_PARTNER_EVENT = {"pl": "Dzień otwarty Partnera", "en": "Partner's open day"}
_MISSIONS = {
    "mission_out": {"pl": "Misja do partnerów", "en": "Mission to partners"},
    "mission_in": {"pl": "Wizyta gości", "en": "Visit of guests"},
}


_WITH_AGENDA = frozenset({"conference", "lsos"})
_TOGETHER = 4  # one networking event in four is organised together with a partner


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session of an event's agenda."""

    title: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    room: str | None
    capacity: int | None
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An event of the demonstration, what happens there, and who comes: numbers of people."""

    key: str
    type: str
    title: dict[str, str]
    organiser: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    people: tuple[int, ...]
    series: str | None = None
    sig: str | None = None
    path: str | None = None
    place: str | None = None
    online: bool = False
    online_url: str | None = None
    visibility: str = "public"
    co_organisers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("pl",)
    agenda: tuple[PlannedSession, ...] = ()


@cache
def programme() -> dict[str, Any]:
    """What the demonstration is made of."""
    text = Path(__file__).with_name("programme.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


class Planner:
    """Draws days, places and people; the order of the calls is fixed, and with it the calendar."""

    def __init__(self, *, startups: int) -> None:
        self.random = Random(_SEED)  # noqa: S311 # the same calendar on every run is the point
        self.startups = startups
        self.programme = programme()

    def plan(self) -> list[Planned]:
        """Every event of all years."""
        return [event for year in YEARS for event in self._year(year)]

    def _year(self, year: int) -> Iterator[Planned]:
        yield from self._networking(year)
        yield from self._partner_events(year)
        for series in self.programme["series"]:
            if series["since"] <= year <= series.get("until", year):
                yield from self._series(year, series)
        if year >= self.programme["told_in_full_since"]:
            yield from self._meetings(year)

    def _networking(self, year: int) -> Iterator[Planned]:
        asked, topics = self.programme["networking"], self.programme["topics"]
        count, people = asked["events"][year - YEARS[0]], asked["people"][year - YEARS[0]]
        for number, day in enumerate(self._days(year, count)):
            title = _numbered(topics[number % len(topics)], f"{number + 1}/{year}")
            crowd = self._crowd(year, people)
            key, together = f"networking-{year}-{number + 1:02}", self._together(number)
            yield self._event(key, "networking", title, day, crowd, path="community", co_organisers=together)

    def _together(self, number: int) -> tuple[str, ...]:
        partners = self.programme["partners"]
        return () if number % _TOGETHER else (partners[number // _TOGETHER % len(partners)],)

    def _partner_events(self, year: int) -> Iterator[Planned]:
        asked, partners = self.programme["partner_event"], self.programme["partners"]
        count, people = asked["events"][year - YEARS[0]], asked["people"][year - YEARS[0]]
        for number, day in enumerate(self._days(year, count)):
            title = {
                "pl": f"Dzień otwarty Partnera {number + 1}/{year}",
                "en": f"Partner's open day {number + 1}/{year}",
            }
            key, organiser = f"partner-{year}-{number + 1:02}", partners[number % len(partners)]
            crowd = self._crowd(year, people)
            yield self._event(key, "partner_event", title, day, crowd, organiser=organiser, path="community")

    def _series(self, year: int, series: dict[str, Any]) -> Iterator[Planned]:
        kind = series["counts_as"][0]
        types, path, people = {
            "training": (("seminar", "training", "workshop"), "community", 17),
            "education": (("workshop",), "community", 16),
            "startup_support": (("workshop", "workshop"), "entities", 0),
            "campaign": (("conference",), "entities", 14),
            "lsos": (("lsos",), "community", 160),
        }[kind]
        if year < self.programme["told_in_full_since"]:
            types = types[-1:]
        for number, day in enumerate(self._days(year, len(types))):
            title = _numbered(series["name"], f"{number + 1}/{year}")
            crowd = self._startup_people(year) if kind == "startup_support" else self._crowd(year, people)
            key = f"{series['code']}-{year}-{number + 1}"
            yield self._event(key, types[number], title, day, crowd, series=series["code"], path=path)

    def _meetings(self, year: int) -> Iterator[Planned]:
        for group in self.programme["groups"]:
            for number, day in enumerate(self._days(year, 2)):
                which = f"{group} {number + 1}/{year}"
                title = {"pl": f"Spotkanie grupy {which}", "en": f"Meeting of the group {which}"}
                key, crowd = f"sig-{group}-{year}-{number + 1}", self._crowd(year, 12)
                # The first meeting of a year is the group's own, the second is open to everybody.
                seen_by = "public" if number else "sig"
                yield self._event(key, "sig_meeting", title, day, crowd, sig=group, visibility=seen_by)
        for kind, label in _MISSIONS.items():
            for number, day in enumerate(self._days(year, 2)):
                crowd = self._crowd(year, 8)
                title = _numbered(label, f"{number + 1}/{year}")
                yield self._event(f"{kind}-{year}-{number + 1}", kind, title, day, crowd, sig="international")

    def _event(
        self, key: str, kind: str, title: dict[str, str], day: date, people: Sequence[int], **more: Any
    ) -> Planned:
        hour = self.random.choice((9, 10, 16, 17))
        starts_at = datetime.combine(day, time(hour), ZoneInfo(ZONE))
        online = self.random.random() < 0.2
        given = {"organiser": self.programme["coordinator"], **more}
        in_full = kind in _WITH_AGENDA
        return Planned(
            key=key,
            type=kind,
            title=title,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=self.random.choice((2, 3))),
            capacity=len(people) // 10 * 10 + 10,
            people=tuple(people),
            place=None if online else self.random.choice(self.programme["places"]),
            online=online,
            online_url=f"https://meet.example.org/{key}" if online else None,  # a domain that belongs to nobody
            languages=("pl", "en") if in_full else ("pl",),
            agenda=self._agenda(starts_at, online=online) if in_full else (),
            **given,
        )

    def _agenda(self, starts_at: datetime, *, online: bool) -> tuple[PlannedSession, ...]:
        given, family = self.programme["given_names"], self.programme["family_names"]
        return tuple(
            PlannedSession(
                title=one["title"],
                starts_at=starts_at + timedelta(minutes=one["from"]),
                ends_at=starts_at + timedelta(minutes=one["to"]),
                room=None if online else one["room"],
                capacity=one.get("capacity"),
                speaker=f"{given[number]} {family[number]}",
            )
            for number, one in enumerate(self.programme["agenda"])
        )

    def _days(self, year: int, count: int) -> list[date]:
        """Working days, spread over the year from the middle of January to the middle of December."""
        step = 330 / count
        days = []
        for number in range(count):
            day = date(year, 1, 15) + timedelta(days=int(number * step + self.random.random() * step))
            days.append(day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day)
        return days

    def _crowd(self, year: int, about: int) -> list[int]:
        """Different people of those who are there in that year; regulars first."""
        there = self.programme["people"][year - YEARS[0]]
        count = min(there, max(3, round(about * self.random.uniform(0.7, 1.3))))
        crowd: dict[int, None] = {}
        while len(crowd) < count:
            upper = there // 3 if self.random.random() < _REGULARS else there
            crowd[self.random.randrange(upper)] = None
        return list(crowd)

    def _startup_people(self, year: int) -> list[int]:
        startups = min(self.startups, self.programme["startups"][year - YEARS[0]])
        coming = self.random.sample(range(startups), k=max(0, startups - 1)) if startups else []
        return [number + self.startups * self.random.randrange(PER_STARTUP) for number in coming]


def _numbered(title: dict[str, str], number: str) -> dict[str, str]:
    return {language: f"{text} {number}" for language, text in title.items()}
