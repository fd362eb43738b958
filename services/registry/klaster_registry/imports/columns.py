"""The columns of a table of organisations, by the names that people give them in Polish and English."""

from collections.abc import Sequence

from klaster_shared.errors import FieldError, Invalid

IDENTIFIERS = ("nip", "regon", "krs", "lei", "eu_vat", "ror", "isni", "wikidata")
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("uuid",),
    "rbw_number": ("rbw", "numer rbw", "nr rbw", "rbw number"),
    "source_key": ("klucz", "klucz źródła", "key", "source key", "lp", "lp.", "nr"),
    "name": ("nazwa", "nazwa podmiotu", "nazwa firmy", "podmiot", "firma", "organisation", "organization", "company"),
    "other_names": ("inne nazwy", "aliasy", "other names", "aliases", "alias"),
    "existence": ("istnienie", "status"),
    "interest_group": ("grupa interesu", "grupa", "interest group"),
    "fields": ("dziedziny", "dziedzina", "field"),
    "sectors": ("sektory", "pkd", "kod pkd", "nace", "sector"),
    "kinds": ("rodzaj", "rodzaje", "kind", "type", "typ"),
    "markets": ("rynki", "rynek", "market"),
    "legal_form": ("forma prawna", "legal form"),
    "startup": ("start-up", "czy startup"),
    "startup_listed_year": ("rok wpisu startupu", "startup listed year"),
    "founded_on": ("data założenia", "rok założenia", "założono", "founded", "established", "founded on"),
    "closed_on": ("data zamknięcia", "closed", "closed on"),
    "street": ("ulica", "adres", "address"),
    "postal_code": ("kod pocztowy", "postal code", "zip", "postcode"),
    "city": ("miasto", "miejscowość", "town"),
    "subdivision": ("województwo", "region", "voivodeship"),
    "country": ("kraj", "kod kraju", "country code"),
    "latitude": ("szerokość", "szerokość geograficzna", "lat"),
    "longitude": ("długość", "długość geograficzna", "lng", "lon"),
    "geonames_id": ("geonames",),
    "website": ("www", "strona", "strona www", "strona internetowa", "url", "web"),
    "nip": ("numer nip", "tax id"),
    "regon": ("numer regon",),
    "krs": ("numer krs", "nr krs"),
    "lei": ("kod lei",),
    "eu_vat": ("vat", "vat ue", "eu vat", "vat id"),
    "ror": ("ror id",),
    "isni": (),
    "wikidata": (),
    "other_identifiers": ("inne identyfikatory", "other identifiers"),
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in (field, *names)}


def guessed(columns: Sequence[str]) -> list[str | None]:
    """The field of each column, none where its name says nothing; of two for one field the first counts."""
    found: list[str | None] = []
    for name in columns:
        field = _BY_NAME.get(" ".join(name.replace("_", " ").split()).casefold()) or _BY_NAME.get(name.casefold())
        found.append(field if field not in found else None)
    return found


def check_mapping(mapping: Sequence[str | None], columns: Sequence[str]) -> None:
    """Refuse a mapping that names a field twice, or is not as long as the table is wide."""
    if len(mapping) != len(columns):
        detail = f"The table has {len(columns)} columns: name a field, or null, for each"
        raise Invalid.field("/mapping", "length", detail)
    wrong = [
        FieldError(pointer=f"/mapping/{at}", code="repeated", detail=f"Another column is {field} already")
        for at, field in enumerate(mapping)
        if field is not None and field in mapping[:at]
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
