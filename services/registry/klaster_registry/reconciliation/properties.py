"""What reconciliation tells of an entity, and compares: properties with names, read from its document. No queries."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from klaster_registry.entities.identifiers import check
from klaster_registry.matching.vocabulary import vocabulary
from klaster_registry.search.folding import words_of
from klaster_shared.labels import Language

Document = Mapping[str, Any]
Told = dict[str, Any]
Read = Callable[[Document], Iterable[Told]]
EVERYTHING = "organisation"
SCHEMES = {
    "nip": ("NIP", "NIP (Polish tax number)"),
    "regon": ("REGON", "REGON (Polish statistical number)"),
    "krs": ("KRS", "KRS (Polish court register)"),
    "eu_vat": ("VAT UE", "EU VAT number"),
    "lei": ("LEI", "LEI"),
    "ror": ("ROR", "ROR"),
    "isni": ("ISNI", "ISNI"),
    "wikidata": ("Wikidata", "Wikidata"),
    "grid": ("GRID", "GRID"),
    "fundref": ("Funder ID", "Funder ID"),
}


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its names, and how it is read."""

    id: str
    pl: str
    en: str
    read: Read
    is_entity: bool = False

    def name(self, language: Language) -> str:
        """The name in a language."""
        return self.pl if language == "pl" else self.en


def _texts(values: Iterable[Any]) -> list[Told]:
    return [{"str": str(value)} for value in values if value is not None]


def _plain(name: str) -> Read:
    return lambda document: _texts([document.get(name)])


def _seat(name: str) -> Read:
    return lambda document: _texts([(document.get("seat") or {}).get(name)])


def _coordinate(name: str) -> Read:
    def read(document: Document) -> list[Told]:
        value = (document.get("seat") or {}).get(name)
        return [] if value is None else [{"float": value}]

    return read


def _day(name: str) -> Read:
    """A whole day is a date; a month or a year stays what it is, for nobody knows the day."""

    def read(document: Document) -> list[Told]:
        value = document.get(name)
        if value is None:
            return []
        return [{"date": f"{value}T00:00:00Z"}] if len(value) == len("2020-03-01") else [{"str": value}]

    return read


def _names(*roles: str) -> Read:
    return lambda document: _texts(name["value"] for name in document["names"] if name["role"] in roles)


def _identifiers(scheme: str) -> Read:
    return lambda document: _texts(
        one["value"] for one in document["identifiers"] if one["scheme"] == scheme and one["verdict"] != "invalid"
    )


def _codes(name: str) -> Read:
    return lambda document: _texts(one["code"] if isinstance(one, Mapping) else one for one in document.get(name, ()))


def _links(document: Document) -> list[Told]:
    return _texts(link["url"] for link in document["links"] if link["type"] == "website")


def _related(kind: str) -> Read:
    return lambda document: [
        {"id": one["entity"], "name": one["label"]} if one["entity"] else {"str": one["label"]}
        for one in document["relations"]
        if one["kind"] == kind
    ]


PROPERTIES: dict[str, Property] = {
    one.id: one
    for one in (
        Property("name", "Nazwa", "Name", _names("official", "short", "alias", "former")),
        Property("acronym", "Skrót", "Acronym", _names("acronym")),
        Property("rbw_number", "Numer RBW", "RBW number", _plain("rbw_number")),
        Property("registration", "Stan w rejestrze", "State in the register", _plain("registration")),
        Property("existence", "Istnienie", "Existence", _plain("existence")),
        Property("interest_group", "Grupa interesu", "Interest group", _plain("interest_group")),
        Property("kind", "Rodzaj", "Kind", _codes("kinds")),
        Property("field", "Dziedzina", "Field", _codes("fields")),
        Property("legal_form", "Forma prawna", "Legal form", _plain("legal_form")),
        Property("street", "Ulica", "Street", _seat("street")),
        Property("postal_code", "Kod pocztowy", "Postal code", _seat("postal_code")),
        Property("city", "Miejscowość", "City", _seat("city")),
        Property("subdivision", "Region (ISO 3166-2)", "Subdivision (ISO 3166-2)", _seat("subdivision")),
        Property("country", "Kraj (ISO 3166-1)", "Country (ISO 3166-1)", _seat("country")),
        Property("latitude", "Szerokość geograficzna", "Latitude", _coordinate("latitude")),
        Property("longitude", "Długość geograficzna", "Longitude", _coordinate("longitude")),
        Property("founded_on", "Data założenia", "Founded on", _day("founded_on")),
        Property("closed_on", "Data zamknięcia", "Closed on", _day("closed_on")),
        Property("website", "Strona internetowa", "Website", _links),
        Property("parent", "Jednostka nadrzędna", "Parent", _related("parent"), is_entity=True),
        *(Property(scheme, pl, en, _identifiers(scheme)) for scheme, (pl, en) in SCHEMES.items()),
    )
}


def told(document: Document, pid: str, settings: Mapping[str, Any]) -> list[Told]:
    """The values of a property; of an unknown one none."""
    known = PROPERTIES.get(pid)
    values = list(known.read(document)) if known else []
    limit = settings.get("limit")
    is_limited = isinstance(limit, int | float | str) and str(limit).isdecimal() and int(limit) > 0
    return values[: int(limit)] if is_limited else values  # type: ignore[arg-type] # a number, or digits


def agrees(document: Document, pid: str, values: Iterable[str]) -> bool | None:
    """Whether one of these values is the entity's; None where it says nothing of that, or nobody knows the property."""
    own = {_comparable(pid, str(text)) for one in told(document, pid, {}) for text in one.values()}
    asked = {_comparable(pid, value) for value in values}
    if not own or not asked:
        return None
    if pid in _DAYS:  # a year is right where a day is known
        return any(one.startswith(other) or other.startswith(one) for one in own for other in asked)
    return not own.isdisjoint(asked)


_DAYS = frozenset({"founded_on", "closed_on"})
_NUMBERS = frozenset({"latitude", "longitude"})
_PLACES = 3  # decimals: a hundred metres


def _comparable(pid: str, value: str) -> str:
    text = value.strip()
    if pid in SCHEMES:
        return check(pid, text).value.lower()
    if pid == "country":
        return country_code(text) or text
    if pid in _DAYS:
        return text.partition("T")[0]
    if pid == "website":
        return re.sub(r"^(https?://)?(www\.)?", "", text.lower()).rstrip("/")
    if pid in _NUMBERS:
        return _rounded(text)
    words = words_of(text)
    return "".join(words) if pid == "postal_code" else " ".join(words)


def _rounded(text: str) -> str:
    try:
        return f"{float(text.replace(',', '.')):.{_PLACES}f}"
    except ValueError:
        return text


def country_code(value: str) -> str | None:
    """`PL` and `Poland` are one."""
    text = value.strip()
    if len(text) == 2 and text.isalpha() and text.isascii():
        return text.upper()
    return vocabulary().countries.get(tuple(words_of(text)))
