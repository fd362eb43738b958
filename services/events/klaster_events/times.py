"""Dates and times as people read them: in the event's zone, in their language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name

_DAY = "EEEE, d MMMM y"


def day_and_time(moment: datetime, *, zone: str, language: str) -> str:
    """`środa, 25 listopada 2026, 17:00 (CET)`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_day(local, language)}, {_time(local, language)} ({_zone(local, language)})"


def span(begin: datetime, end: datetime, *, zone: str, language: str) -> str:
    """From when to when; the day is said once where it is one."""
    first, last = begin.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    until = _time(last, language) if first.date() == last.date() else f"{_day(last, language)}, {_time(last, language)}"
    return f"{_day(first, language)}, {_time(first, language)} – {until} ({_zone(first, language)})"


def hours(begin: datetime, end: datetime, *, zone: str, language: str, day: bool) -> str:
    """`17:30 – 18:30`, of what is part of something whose day and zone are known; `day`: with its own day."""
    first, last = begin.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    times = f"{_time(first, language)} – {_time(last, language)}"
    return f"{_day(first, language)}, {times}" if day else times


def _day(local: datetime, language: str) -> str:
    return format_date(local, _DAY, locale=language)


def _time(local: datetime, language: str) -> str:
    return format_time(local, "HH:mm", locale=language)


def _zone(local: datetime, language: str) -> str:
    """`CET` where a zone has such a name, else in words: CLDR's own short names differ from language to language."""
    short = local.tzname() or ""
    return short if short.isalpha() else get_timezone_name(local, locale=language)
