"""The columns of a list of people, by the names that offices give them; and an event's own questions among them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from klaster_events.registrations.many import Row, read_row
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.tables import Layout, TableRow

MOST_ROWS = 2000  # registered in one transaction, in a few seconds: nobody else registers for the event meanwhile
_ANSWER = "answers/"
_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "imię i nazwisko", "imie i nazwisko", "osoba", "full name"),
    "first": ("first name", "imię", "imie", "given name"),
    "last": ("last name", "nazwisko", "surname", "family name"),
    "email": ("email", "e-mail", "mail", "adres e-mail", "adres email", "e-mail address"),
    "language": ("language", "język", "jezyk"),
    "entity_id": ("entity_id", "entity", "podmiot"),
}
_SEVERAL = re.compile(r"[|,;]")
_YES, _NO = frozenset({"yes", "true", "1", "tak", "t"}), frozenset({"no", "false", "0", "nie", "n"})
_LANGUAGES = {"pl": "pl", "polski": "pl", "polish": "pl", "en": "en", "angielski": "en", "english": "en"}


def layout_of(questions: Sequence[Mapping[str, Any]]) -> Layout:
    """How a list of people for an event with these questions looks."""
    known = {name: field for field, names in _NAMES.items() for name in names}
    for question in questions:
        for name in (question["code"], question["label"]["pl"], question["label"]["en"]):
            known.setdefault(_folded(name), _ANSWER + question["code"])

    def fields_of(header: Sequence[str]) -> dict[str, int]:
        return _fields(header, known)

    def is_table(header: Sequence[str]) -> bool:
        return any(known.get(_folded(name)) == "email" for name in header)

    return Layout(fields_of=fields_of, is_table=is_table, most_rows=MOST_ROWS)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _fields(header: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    names = [_folded(name) for name in header]
    wrong = [
        FieldError(
            pointer=f"/columns/{number}", code="unknown_column", detail=f"Nobody knows a column {header[number]}"
        )
        for number, name in enumerate(names)
        if name and name not in known
    ]
    found: dict[str, int] = {}
    for number, name in enumerate(names):
        if name in known:
            found.setdefault(known[name], number)
    if "email" not in found:
        wrong.append(FieldError(pointer="/columns", code="missing", detail="There is no column email (e-mail)"))
    if "name" not in found and not {"first", "last"} <= found.keys():
        detail = "There is no column name (imię i nazwisko), nor first and last name"
        wrong.append(FieldError(pointer="/columns", code="missing", detail=detail))
    if wrong:
        raise Invalid("The header of the list cannot be read: see errors", errors=wrong)
    return found


def person_of(row: TableRow, questions: Mapping[str, Mapping[str, Any]]) -> Row:
    """A row of texts as a person who is to come, or what is wrong with it."""
    cells = row.cells
    name = cells.get("name") or " ".join(part for part in (cells.get("first"), cells.get("last")) if part)
    given: dict[str, Any] = {"name": name, "email": cells.get("email", "")}
    if "language" in cells:
        given["language"] = _LANGUAGES.get(_folded(cells["language"]), cells["language"])
    if "entity_id" in cells:
        given["entity_id"] = cells["entity_id"]
    given["answers"] = {
        field.removeprefix(_ANSWER): _answer(questions[field.removeprefix(_ANSWER)], text)
        for field, text in cells.items()
        if field.startswith(_ANSWER)
    }
    return read_row(row.number, given)


def _answer(question: Mapping[str, Any], text: str) -> Any:
    """A cell as an answer; what cannot be read stays as it is, and is refused like any other wrong answer."""
    match question["kind"]:
        case "yes_no":
            word = _folded(text)
            return True if word in _YES else False if word in _NO else text
        case "number":
            return _number(text)
        case "choice":
            return _option(question, text)
        case "choices":
            return [_option(question, part) for part in _SEVERAL.split(text) if part.strip()]
    return text


def _number(text: str) -> Any:
    try:
        return float(text.replace(",", ".").replace(" ", ""))
    except ValueError:
        return text


def _option(question: Mapping[str, Any], text: str) -> str:
    word = _folded(text)
    for option in question["options"]:
        if word in {_folded(option["code"]), _folded(option["label"]["pl"]), _folded(option["label"]["en"])}:
            return str(option["code"])
    return text
