"""The columns of a table of observations, by the names that people give them in Polish and English."""

from collections.abc import Sequence

from klaster_indicators.exports.tables import COLUMNS
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.tables import Layout

_NAMES: dict[str, tuple[str, ...]] = {
    "indicator": ("indicator", "wskaźnik", "kod wskaźnika", "indicator code"),
    "measure": ("measure", "miara"),
    "period": ("value period", "okres wartości", "period", "okres"),
    "unit": ("value unit", "jednostka wartości", "unit", "jednostka"),
    "year": ("year", "rok"),
    "on": ("on", "to", "day", "date", "do", "dzień", "data", "na dzień"),
    "since": ("since", "from", "od"),
    "value": ("value", "wartość"),
    "status": ("status",),
    "approximate": ("approximate", "przybliżona", "przybliżenie", "około"),
    "printed": ("printed", "jak podaje źródło", "zapis w źródle"),
    "source": ("source", "źródło"),
    "evidence": ("evidence", "dowody"),
    "note": ("note", "uwagi", "uwaga"),
    "reason": ("reason", "powód"),
}
# What an export says beside them: a table that was exported is read again as it is.
_IGNORED = frozenset(name.casefold() for column in COLUMNS for name in (column.pl, column.en))


def fields_of(header: Sequence[str]) -> dict[str, int]:
    """Which field stands in which column, the more telling name first; raises Invalid for names that nobody knows."""
    names = [" ".join(name.split()).casefold() for name in header]
    unknown = [
        FieldError(
            pointer=f"/columns/{number}", code="unknown_column", detail=f"Nobody knows a column {header[number]}"
        )
        for number, name in enumerate(names)
        if name and not _is_known(name)
    ]
    found = {field: names.index(name) for field, known in _NAMES.items() for name in reversed(known) if name in names}
    if "indicator" not in found:
        unknown.append(FieldError(pointer="/columns", code="missing", detail="There is no column indicator (wskaźnik)"))
    if unknown:
        raise Invalid("The header of the table cannot be read: see errors", errors=unknown)
    return found


def _is_known(name: str) -> bool:
    return name in _IGNORED or any(name in known for known in _NAMES.values())


def names_indicator(header: Sequence[str]) -> bool:
    """Whether a sheet is a table of observations at all."""
    return any(name.strip().casefold() in _NAMES["indicator"] for name in header)


# Two thousand rows are stored in one transaction, in a few seconds.
OBSERVATIONS = Layout(fields_of=fields_of, is_table=names_indicator, most_rows=2000)
