"""The columns of a signed sheet, by the names that offices give them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from klaster_events.attendance.schemas import SHEET, SheetLine
from klaster_events.registrations.codes import code_of
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.tables import Layout, TableRow

_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "imię i nazwisko", "imie i nazwisko", "osoba", "full name"),
    "first": ("first name", "imię", "imie"),
    "last": ("last name", "nazwisko", "surname"),
    "email": ("email", "e-mail", "mail", "adres e-mail", "adres email", "e-mail address"),
    "code": ("code", "kod", "registration code", "kod zapisu"),
    "present": ("present", "obecny", "obecna", "obecność", "obecnosc", "podpis", "signature", "signed"),
    "hours": ("hours", "godziny", "liczba godzin"),
    "minutes": ("minutes", "minuty", "liczba minut"),
}
_KNOWN = {name: column for column, names in _NAMES.items() for name in names}
_YES = frozenset({"yes", "true", "1", "tak", "t", "x", "+", "obecny", "obecna", "present", "✓", "✔"})
_NO = frozenset({"no", "false", "0", "nie", "n", "-", "–", "nieobecny", "nieobecna", "absent"})
_NUMBER = re.compile(r"^\d{1,5}([.,]\d{1,3})?$")
MOST_ROWS = SHEET * 4  # written in one transaction, in a few seconds


@dataclass(slots=True)
class Row:
    """A row of a sheet: what it says, or what is wrong with it. `code` stands for a registration yet to be found."""

    place: TableRow
    given: dict[str, Any] = field(default_factory=dict)
    code: str | None = None
    errors: list[FieldError] = field(default_factory=list)


@dataclass(slots=True)
class Columns:
    """Reads one file: the header says whether an empty cell means absent."""

    seen: set[str] = field(default_factory=set)

    @property
    def layout(self) -> Layout:
        """How such a table looks."""
        return Layout(fields_of=self._fields, is_table=_is_table, most_rows=MOST_ROWS)

    def _fields(self, header: Sequence[str]) -> Mapping[str, int]:
        names = [_folded(name) for name in header]
        wrong = [
            FieldError(
                pointer=f"/columns/{number}", code="unknown_column", detail=f"Nobody knows a column {header[number]}"
            )
            for number, name in enumerate(names)
            if name and name not in _KNOWN
        ]
        found = {_KNOWN[name]: number for number, name in reversed(list(enumerate(names))) if name in _KNOWN}
        if not {"email", "code"} & found.keys():
            detail = "There is no column email (e-mail), and none code (kod)"
            wrong.append(FieldError(pointer="/columns", code="missing", detail=detail))
        if wrong:
            raise Invalid("The header of the sheet cannot be read: see errors", errors=wrong)
        self.seen |= found.keys()
        return found

    def row_of(self, place: TableRow) -> Row:
        """What a row says; a signature that is missing says that the person did not come."""
        cells, row = place.cells, Row(place)
        try:
            row.given["present"] = _present(cells.get("present"), asked="present" in self.seen)
            row.given["minutes"] = _minutes(cells)
        except Invalid as problem:
            row.errors += problem.errors
            return row
        if "code" in cells:
            row.code = code_of(cells["code"])
            row.errors += _wrong({**row.given, "registration_id": UUID(int=0)})  # whose it is comes out later
            return row
        name = cells.get("name") or " ".join(part for part in (cells.get("first"), cells.get("last")) if part)
        row.given["person"] = {"name": name, "email": cells.get("email", "")}
        row.errors += _wrong(row.given)
        return row


def _is_table(header: Sequence[str]) -> bool:
    return any(_KNOWN.get(_folded(name)) in {"email", "code"} for name in header)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _present(text: str | None, *, asked: bool) -> bool:
    if text is None:
        return not asked
    word = _folded(text)
    if word in _NO:
        return False
    if word in _YES:
        return True
    raise Invalid.field("/present", "flag", f"{text}: write yes or no, tak or nie")


def _minutes(cells: Mapping[str, str]) -> int | None:
    for column, each in (("minutes", 1), ("hours", 60)):
        text = cells.get(column)
        if text is None:
            continue
        if not _NUMBER.match(text):
            raise Invalid.field(f"/{column}", "number", f"{text} is no number of {column}")
        return round(float(text.replace(",", ".")) * each)
    return None


def _wrong(given: dict[str, Any]) -> list[FieldError]:
    try:
        SheetLine.model_validate(given)
    except ValidationError as error:
        return [
            FieldError(
                pointer="".join(f"/{step}" for step in item["loc"] if step != "person"),
                code=str(item["type"]),
                detail=str(item["msg"]).removeprefix("Value error, "),
            )
            for item in error.errors(include_url=False)
        ]
    return []
