"""The demonstration's bookings and results on show: few rows, the same on every run, on what the registry invented."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from klaster_events.demonstration.people import Invented
from klaster_events.demonstration.plan import YEARS, ZONE, programme
from klaster_shared.seeding import Gateway, by_key, for_each

SOURCE = "demonstration"
_WAIT, _LOOKS = 1.0, 60  # seconds between two looks for what the registry has told lately, and how many
_FRIDAY = 5
Ids = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A booking: the number of its laboratory, of the partner that books and of the person who comes; an hour."""

    lab: int
    partner: int
    person: int
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        """An hour later."""
        return self.starts_at + timedelta(hours=1)


@cache
def _said() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sharing.yaml").read_text(encoding="utf-8"))
    return found


def plan_visits(years: range) -> list[Visit]:
    """The visits of these years: each person comes twice at most."""
    return [visit for year in years if year in YEARS for visit in _year(year)]


def _year(year: int) -> Iterator[Visit]:
    count = _said()["visits"][year - YEARS[0]]
    for number in range(count):
        day = date(year, 1, 15) + timedelta(days=number * 300 // count)
        yield Visit(lab=number, partner=number + year, person=year % 7 + number // 2 * 3, starts_at=_at(day, 10))


def _at(day: date, hour: int) -> datetime:
    """On that day, or on the Monday after where it is a weekend."""
    weekend = max(0, day.isoweekday() - _FRIDAY)
    working = day + timedelta(days=8 - day.isoweekday()) if weekend else day
    return datetime.combine(working, time(hour), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


async def load_sharing(gateway: Gateway, *, ids: Ids, people: Sequence[Invented], now: datetime, years: range) -> None:
    """Have laboratories take bookings, book them, and put results on show: what is missing of it."""
    await _load_results(gateway, ids, people, now, years)
    labs = await _bookable(gateway)
    if labs:
        await _load_bookings(gateway, labs, ids, people, now, years)


async def clear_sharing(gateway: Gateway) -> None:
    """Delete the bookings and the results; how a laboratory is booked goes with the laboratory."""
    await _clear(gateway, "/v1/lsos/bookings", "bookings deleted")
    await _clear(gateway, "/v1/lsos/showcase", "results deleted")


async def _clear(gateway: Gateway, path: str, what: str) -> None:
    rows = await gateway.every(path, demonstration="true")
    await for_each(rows, lambda row: gateway.delete(f"{path}/{row['id']}", counted=what))


async def _bookable(gateway: Gateway) -> list[str]:
    """The laboratories that take bookings, by id, once their copies are here; those that the registry has."""
    known = by_key(await gateway.every("/v1/labs", demonstration="true"))
    wanted = [row["id"] for (_, key), row in known.items() if key in _said()["labs"]]
    for _ in range(_LOOKS):
        here = {row["id"]: row for row in await gateway.every("/v1/lsos/resources", kind="lab")}
        if here.keys() >= set(wanted):
            break
        await asyncio.sleep(_WAIT)
    found = [lab for lab in wanted if lab in here]
    for lab in found:
        if here[lab]["booking"] is None:
            await gateway.put(f"/v1/lsos/resources/{lab}/booking-rules", _rules(), counted="laboratories opened")
    return found


def _rules() -> dict[str, Any]:
    hours = [{"weekday": day, **_said()["hours"]} for day in range(1, _FRIDAY + 1)]
    return {"hours": hours, "slot_minutes": 60, "most_slots": 4, "terms": _said()["terms"]}


async def _load_bookings(
    gateway: Gateway, labs: Sequence[str], ids: Ids, people: Sequence[Invented], now: datetime, years: range
) -> None:
    rows = await gateway.every("/v1/lsos/bookings", demonstration="true")
    known = {(row["resource"]["id"], datetime.fromisoformat(row["starts_at"])) for row in rows}

    async def book(visit: Visit, **more: Any) -> dict[str, Any]:
        body = _body(visit, labs, ids, people) | more
        return await gateway.post("/v1/lsos/bookings", body, counted="bookings added")

    for visit in plan_visits(years):
        if visit.ends_at <= now and (labs[visit.lab % len(labs)], visit.starts_at) not in known:
            await book(visit, state="used")
    if years[-1] != YEARS[-1] or any(row["state"] in {"requested", "approved"} for row in rows):
        return
    for number in range(_said()["ahead"]):
        starts_at = _at((now + timedelta(days=3 + number)).date(), 9 + number)
        made = await book(Visit(lab=number, partner=number, person=number, starts_at=starts_at), accepts_terms=1)
        if number % 2:
            path = f"/v1/lsos/bookings/{made['id']}/approve"
            await gateway.take_step(path, counted="bookings approved")


def _body(visit: Visit, labs: Sequence[str], ids: Ids, people: Sequence[Invented]) -> dict[str, Any]:
    partners, person = programme()["partners"], people[visit.person % len(people)]
    # The first of the partners own no laboratory that takes bookings here.
    return {
        "resource": labs[visit.lab % len(labs)],
        "entity": ids[partners[visit.partner % 4]],
        "person": {"name": person.name, "email": person.email},
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "purpose": _said()["purpose"],
        "demonstration": True,
    }


async def _load_results(gateway: Gateway, ids: Ids, people: Sequence[Invented], now: datetime, years: range) -> None:
    projects = {
        key: row["id"] for (_, key), row in by_key(await gateway.every("/v1/projects", demonstration="true")).items()
    }
    known = by_key(await gateway.every("/v1/lsos/showcase", source=SOURCE))
    for number, one in enumerate(_said()["results"]):
        begins, ends = one["shown"]
        missing = (SOURCE, one["project"]) not in known and one["project"] in projects and one["entity"] in ids
        if not missing or begins.year not in years or begins > now.date():
            continue
        person = people[number]
        body = {
            "entity": ids[one["entity"]],
            "project": projects[one["project"]],
            "contact": {"name": person.name, "email": person.email},
            "title": one["title"],
            "text": one["text"],
            "shown_from": begins.isoformat(),
            "shown_until": ends.isoformat() if ends else None,
            "state": "published",
            "demonstration": True,
            "source": SOURCE,
            "source_key": one["project"],
        }
        await gateway.post("/v1/lsos/showcase", body, counted="results shown")
