"""An entity as one row of a table, and as the line of CSV that is kept beside its document. No queries here.

Like the document, the line holds nothing that depends on the day or on who asks: codes that hold for a time stand in it
while they have no end.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal

from pydantic_core import from_json

from klaster_registry.entities.models import Entity
from klaster_registry.formulas import harmless

Kind = Literal["text", "number", "flag", "instant", "day"]
BETWEEN = " | "  # several values of one cell: names contain commas and semicolons
_SCHEMES = ("nip", "regon", "krs", "lei", "eu_vat", "ror", "isni", "wikidata")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, what its cells hold, and where a record has that."""

    name: str
    kind: Kind
    read: Callable[[Mapping[str, Any]], Any]


def _plain(name: str, kind: Kind = "text") -> Column:
    return Column(name, kind, lambda record: record.get(name))


def _seat(name: str, kind: Kind = "text") -> Column:
    return Column(name, kind, lambda record: (record.get("seat") or {}).get(name))


def _listed(name: str) -> Column:
    return Column(name, "text", lambda record: _joined(record.get(name, ())))


def _held(name: str) -> Column:
    return Column(
        name, "text", lambda record: _joined(item["code"] for item in record.get(name, ()) if item["to"] is None)
    )


def _identifier(scheme: str) -> Column:
    return Column(
        scheme,
        "text",
        lambda record: _joined(item["value"] for item in record.get("identifiers", ()) if item["scheme"] == scheme),
    )


def _joined(values: Iterable[str]) -> str | None:
    return BETWEEN.join(dict.fromkeys(values)) or None


def _other_names(record: Mapping[str, Any]) -> str | None:
    return _joined(item["value"] for item in record.get("names", ()) if item["value"] != record["name"])


def _website(record: Mapping[str, Any]) -> str | None:
    return next((link["url"] for link in record.get("links", ()) if link["type"] == "website"), None)


def _other_identifiers(record: Mapping[str, Any]) -> str | None:
    others = (item for item in record.get("identifiers", ()) if item["scheme"] not in _SCHEMES)
    return _joined(f"{item['scheme']}:{item['value']}" for item in others)


COLUMNS = (
    _plain("id"),
    _plain("rbw_number"),
    _plain("name"),
    Column("other_names", "text", _other_names),
    _plain("existence"),
    _plain("registration"),
    _plain("interest_group"),
    _listed("fields"),
    _listed("sectors"),
    _held("kinds"),
    _held("markets"),
    _held("groups"),
    _held("networks"),
    _plain("legal_form"),
    _plain("startup", "flag"),
    _plain("startup_listed_year", "number"),
    _plain("founded_on"),
    _plain("closed_on"),
    _seat("street"),
    _seat("postal_code"),
    _seat("city"),
    _seat("subdivision"),
    _seat("country"),
    _seat("latitude", "number"),
    _seat("longitude", "number"),
    _seat("geonames_id", "number"),
    Column("website", "text", _website),
    *(_identifier(scheme) for scheme in _SCHEMES),
    Column("other_identifiers", "text", _other_identifiers),
    _plain("source"),
    _plain("source_key"),
    _plain("demonstration", "flag"),
    _plain("version", "number"),
    _plain("created_at", "instant"),
    _plain("updated_at", "instant"),
)


def csv_line(columns: Iterable[Column], record: Mapping[str, Any]) -> str:
    """A record as a line of CSV, without the end of the line."""
    return written([column.read(record) for column in columns])


def written(values: Iterable[Any]) -> str:
    """Values as a line of CSV (RFC 4180), without the end of the line; no text of it is a formula."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="").writerow([_cell(value) for value in values])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def line_of(document: str | bytes) -> str:
    """The line of an entity, from its document."""
    return csv_line(COLUMNS, from_json(document))


def keep_document(entity: Entity, document: bytes) -> None:
    """Put an entity's document in its row, and the line made from it; the line says of which version it is."""
    entity.document = document.decode()
    entity.csv_line, entity.csv_version = line_of(document), entity.version
