"""A row of texts as an observation; every wrong cell is named."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from pydantic import ValidationError

from klaster_indicators.document.values import Period, Status
from klaster_indicators.observations.schemas import ObservationCreate
from klaster_indicators.scorecard import names
from klaster_shared.errors import FieldError, Invalid, invalid_values
from klaster_shared.tables import TableRow

_YES, _NO = {"true", "yes", "tak", "1", "x", "prawda"}, {"false", "no", "nie", "0", "fałsz"}
_POLISH_DAY = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_TWO_READINGS = re.compile(r"^-?[1-9]\d{0,2},\d{3}$")  # 1,234: a thousand to some, one and a bit to others
_SPACES = re.compile(r"[\s\u00a0\u202f]")


def observation_of(row: TableRow, *, period: str, state: Any, reason: str | None) -> ObservationCreate:
    """What a row says; `period` is its measure's own. Raises Invalid with pointers like `/value`."""
    cells = dict(row.cells)
    cells.pop("indicator", None)
    given: dict[str, Any] = {"state": state, "reason": reason}
    for field, text in cells.items():
        given[field] = _READERS.get(field, _same)(field, text)
    if given.get("status") == "none" and given.get("value") == 0:
        del given["value"]  # as exports write it: nothing of the kind, which counts as 0
    _fit_days(given, given.get("period", period))
    try:
        return ObservationCreate.model_validate(given)
    except ValidationError as error:
        found = invalid_values(error, under="row")
        errors = [FieldError({**one, "pointer": one["pointer"].removeprefix("/row")}) for one in found.errors]
        raise Invalid(errors[0]["detail"], errors=errors) from error


def is_without_value(row: TableRow) -> bool:
    """Whether a row only names a measure: exports list those without any value too."""
    return not row.cells.keys() & {"value", "status"}


def _fit_days(given: dict[str, Any], period: str) -> None:
    """Exports state first and last day of everything; what the period already says is left out."""
    last: date | None = given.get("on")
    if period in {"year", "window_3y"} and last is not None and (last.month, last.day) == (12, 31):
        given.setdefault("year", last.year)
        given.pop("on")
        given.pop("since", None)
    if last is not None and given.get("since") == last:
        del given["since"]


def _same(_field: str, text: str) -> str:
    return text


def _number(field: str, text: str) -> Decimal:
    """Digits with a decimal comma or point, thousands apart or not."""
    digits = _SPACES.sub("", text)
    if _TWO_READINGS.match(digits):
        raise Invalid.field(f"/{field}", "two_readings", f"{text} can be read in two ways: write it without the comma")
    if "," in digits:
        # A comma is a decimal one, unless a point follows, or it parts thousands more than once.
        is_english = digits.rfind(".") > digits.rfind(",") or digits.count(",") > 1
        digits = digits.replace(",", "") if is_english else digits.replace(".", "").replace(",", ".")
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise Invalid.field(f"/{field}", "number", f"{text} is no number") from error


def _year(field: str, text: str) -> int:
    if not text.isdecimal() or not text.isascii():
        raise Invalid.field(f"/{field}", "year", f"{text} is no year")
    return int(text)


def _day(field: str, text: str) -> date:
    polish = _POLISH_DAY.match(text)
    try:
        if polish:
            day, month, year = map(int, polish.groups())
            return date(year, month, day)
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise Invalid.field(f"/{field}", "day", f"{text} is no day: write 2024-12-31 or 31.12.2024") from error


def _flag(field: str, text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise Invalid.field(f"/{field}", "flag", f"{text}: write yes or no, tak or nie")
    return word in _YES


def _links(_field: str, text: str) -> list[str]:
    return text.split()


def _period(field: str, text: str) -> str:
    return _word(field, text, get_args(Period), names.PERIODS)


def _status(field: str, text: str) -> str:
    return _word(field, text, get_args(Status), names.VALUE_STATUSES)


def _word(field: str, text: str, codes: Any, labels: Any) -> str:
    """A code, or what it is called in one of the languages."""
    for code in codes:
        if text.casefold() in {code, labels[code].pl.casefold(), labels[code].en.casefold()}:
            return str(code)
    raise Invalid.field(f"/{field}", "unknown", f"{text}: write one of {', '.join(codes)}")


_READERS: dict[str, Any] = {
    "value": _number,
    "year": _year,
    "on": _day,
    "since": _day,
    "approximate": _flag,
    "evidence": _links,
    "period": _period,
    "status": _status,
}
