"""A row of a table as an organisation, or as a change of one; every wrong cell is named."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from klaster_registry.entities.identifiers import check
from klaster_registry.entities.lines import BETWEEN
from klaster_registry.formulas import as_meant
from klaster_registry.imports.columns import IDENTIFIERS
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.text import fold

_YES, _NO = {"true", "yes", "tak", "1", "x", "prawda"}, {"false", "no", "nie", "0", "fałsz"}
_POLISH_DAY = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")
_SEAT = ("street", "postal_code", "city", "subdivision", "country", "latitude", "longitude", "geonames_id")
_PLAIN = ("existence", "interest_group", "legal_form", "startup", "startup_listed_year", "founded_on", "closed_on")
_CODES = ("kinds", "markets")
# The country alone can be told from a word; more would be guessing.
_COUNTRIES = {"polska": "PL", "poland": "PL"}


def said_by(cells: Mapping[str, str]) -> dict[str, Any]:
    """The values of a row by field; raises Invalid with pointers like `/latitude`."""
    said: dict[str, Any] = {}
    wrong: list[FieldError] = []
    for field, text in cells.items():
        try:
            said[field] = _READERS.get(field, _text)(as_meant(text))
        except ValueError as error:
            wrong.append(FieldError(pointer=f"/{field}", code=field, detail=str(error)))
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
    return said


def claims_in(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The identifiers of a row: scheme, and value as it is kept."""
    given = [(scheme, value) for scheme in IDENTIFIERS for value in said.get(scheme, ())]
    return [(scheme, check(scheme, value).value) for scheme, value in (*given, *said.get("other_identifiers", ()))]


def key_in(said: Mapping[str, Any]) -> str:
    """What a row is told from others by: its own key, its first identifier, or its name and town."""
    if "source_key" in said:
        return str(said["source_key"])
    claims = claims_in(said)
    if claims:
        return ":".join(claims[0])
    return f"{fold(said.get('name', ''))}|{fold(said.get('city', ''))}"


def entity_in(said: Mapping[str, Any]) -> dict[str, Any]:
    """The organisation that a row describes, as the API takes it."""
    names = [{"value": said["name"]}] if "name" in said else []
    names += [{"value": value, "role": "alias"} for value in said.get("other_names", ())]
    seat = {name: said[name] for name in _SEAT if name in said}
    made: dict[str, Any] = {
        "names": names,
        **{name: said[name] for name in _PLAIN if name in said},
        **{name: said[name] for name in ("fields", "sectors") if name in said},
        **{name: [{"code": code} for code in said[name]] for name in _CODES if name in said},
        "identifiers": [{"scheme": scheme, "value": value} for scheme, value in claims_in(said)],
        "links": [{"url": said["website"]}] if "website" in said else [],
    }
    return {**made, "seat": seat} if seat else made


def change_in(said: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says otherwise than the record, as a change of it. A table adds to lists, and takes nothing away."""
    change: dict[str, Any] = {name: said[name] for name in _PLAIN if name in said and said[name] != record[name]}
    for name in ("fields", "sectors"):
        if more := [code for code in said.get(name, ()) if code not in record[name]]:
            change[name] = [*record[name], *more]
    for name in _CODES:
        held = {item["code"] for item in record[name] if item["to"] is None}
        if more := [{"code": code} for code in said.get(name, ()) if code not in held]:
            change[name] = [*record[name], *more]
    names = _names(said, record)
    if names != record["names"]:
        change["names"] = names
    claimed = {(item["scheme"], item["value"]) for item in record["identifiers"]}
    if more := [claim for claim in claims_in(said) if claim not in claimed]:
        kept = [{name: item[name] for name in ("scheme", "value", "source")} for item in record["identifiers"]]
        change["identifiers"] = [*kept, *({"scheme": scheme, "value": value} for scheme, value in more)]
    seat = {**(record["seat"] or {}), **{name: said[name] for name in _SEAT if name in said}}
    if seat and seat != (record["seat"] or {}):
        change["seat"] = seat
    if "website" in said and not any(link["url"] == said["website"] for link in record["links"]):
        others = [link for link in record["links"] if link["type"] != "website"]
        change["links"] = [{"type": "website", "url": said["website"]}, *others]
    return change


def _names(said: Mapping[str, Any], record: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = [dict(name) for name in record["names"]]
    if "name" in said and said["name"] != record["name"]:
        shown = next(name for name in names if name["value"] == record["name"])
        shown["value"] = said["name"]
    known = {name["value"] for name in names}
    new = [value for value in said.get("other_names", ()) if value not in known]
    return [*names, *({"value": value, "lang": None, "role": "alias"} for value in new)]


def _text(text: str) -> str:
    return text


def _list(text: str) -> list[str]:
    between = BETWEEN.strip() if BETWEEN.strip() in text else ";"
    return list(dict.fromkeys(part.strip() for part in text.split(between) if part.strip()))


def _codes(text: str) -> list[str]:
    parts = _list(text)
    return parts if len(parts) > 1 else [part.strip() for part in text.split(",") if part.strip()]


def _number(text: str) -> float:
    digits = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    try:
        return float(digits)
    except ValueError as error:
        raise ValueError(f"{text} is no number") from error


def _whole(text: str) -> int:
    number = _number(text)
    if not number.is_integer():
        raise ValueError(f"{text} is no whole number")
    return int(number)


def _flag(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise ValueError(f"{text}: write yes or no, tak or nie")
    return word in _YES


def _day(text: str) -> str:
    if polish := _POLISH_DAY.match(text):
        day, month, year = polish.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return _MIDNIGHT.sub("", text.removesuffix(".0"))


def _country(text: str) -> str:
    return _COUNTRIES.get(text.casefold(), text.upper() if len(text) == 2 else text)


def _website(text: str) -> str:
    return text if re.match(r"^https?://", text) else f"https://{text}"


def _schemes(text: str) -> list[tuple[str, str]]:
    found = []
    for part in _list(text):
        scheme, colon, value = part.partition(":")
        if not colon:
            raise ValueError(f"{part}: write scheme:value")
        found.append((scheme.strip().lower(), value.strip()))
    return found


def _existence(text: str) -> str:
    return {"aktywny": "active", "aktywna": "active", "nieaktywny": "inactive"}.get(text.casefold(), text.lower())


_READERS: dict[str, Callable[[str], Any]] = {
    "other_names": _list,
    "fields": _codes,
    "sectors": _codes,
    "kinds": _codes,
    "markets": _codes,
    "startup": _flag,
    "startup_listed_year": _whole,
    "founded_on": _day,
    "closed_on": _day,
    "latitude": _number,
    "longitude": _number,
    "geonames_id": _whole,
    "country": _country,
    "website": _website,
    "existence": _existence,
    "other_identifiers": _schemes,
    **dict.fromkeys(IDENTIFIERS, _list),
}


def pointers(errors: Sequence[FieldError]) -> list[FieldError]:
    """Where a cell is wrong, by the names of fields: a table has no `/seat/city`."""
    return [
        FieldError({**error, "pointer": error["pointer"].replace("/seat/", "/").replace("/names/0/value", "/name")})
        for error in errors
    ]
