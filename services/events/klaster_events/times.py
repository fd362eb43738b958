"""Dates and times as people read them: in the event's zone, in their language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name

_DAY = {"pl": "EEEE, d MMMM y", "en": "EEEE, d MMMM y"}


def day_and_time(moment: datetime, *, zone: str, language: str) -> str:
    """`środa, 25 listopada 2026, 17:00 (czas środkowoeuropejski standardowy)`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_day(local, language)}, {_time(local, language)} ({_zone(local, language)})"


def span(begin: datetime, end: datetime, *, zone: str, language: str) -> str:
    """From when to when; the day is said once where it is one."""
    first, last = begin.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    until = _time(last, language) if first.date() == last.date() else f"{_day(last, language)}, {_time(last, language)}"
    return f"{_day(first, language)}, {_time(first, language)} – {until} ({_zone(first, language)})"


def _day(local: datetime, language: str) -> str:
    return format_date(local, _DAY[language], locale=language)


def _time(local: datetime, language: str) -> str:
    return format_time(local, "HH:mm", locale=language)


def _zone(local: datetime, language: str) -> str:
    return get_timezone_name(local, locale=language)
