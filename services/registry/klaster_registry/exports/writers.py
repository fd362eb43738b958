"""How an export is written in each format, a portion of records at a time. No queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pydantic_core import from_json, to_json

from klaster_registry.entities.lines import csv_line, line_of, written
from klaster_registry.exports.linked_data import CONTEXT, organization_of
from klaster_registry.exports.repository import UNWRITTEN
from klaster_registry.exports.ror import ror_record
from klaster_registry.exports.schemas import Format
from klaster_registry.exports.tables import columns_of
from klaster_registry.exports.workbook import Workbook

Record = Mapping[str, Any]
_MARK = UNWRITTEN.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Where an export was taken: the position of the feed that whoever has it follows from."""

    position: int
    at: datetime
    collections: Sequence[str]
    left_out: int | None = None


class Writer(Protocol):
    """Writes one export; each call gives the bytes that come next."""

    def head(self, taken: Taken) -> bytes:
        """What stands before everything."""

    def begin(self, collection: str) -> bytes:
        """What stands before the records of a collection."""

    def records(self, records: Sequence[Record]) -> bytes:
        """Some records of the collection that was begun."""

    def passed(self, lines: bytes) -> bytes:
        """Entities that were written before, a line each, in pieces as they come."""

    def foot(self) -> bytes:
        """What stands at the end."""


class _Plain:
    """What most formats have: nothing around their records."""

    def head(self, taken: Taken) -> bytes:
        return b""

    def begin(self, collection: str) -> bytes:
        return b""

    def passed(self, lines: bytes) -> bytes:
        return lines

    def foot(self) -> bytes:
        return b""


class CsvWriter(_Plain):
    """One table (RFC 4180): a header, then a line for each record."""

    def __init__(self) -> None:
        self._columns: Sequence[Any] = ()
        self._rest = b""

    def begin(self, collection: str) -> bytes:
        self._columns = columns_of(collection)
        return (written(column.name for column in self._columns) + "\r\n").encode()

    def records(self, records: Sequence[Record]) -> bytes:
        return "".join(csv_line(self._columns, record) + "\r\n" for record in records).encode()

    def passed(self, lines: bytes) -> bytes:
        """Kept lines go through as they are; what stands for one that was never made is put in its place.

        No kept line holds a line feed: names and the like are refused where they contain one.
        """
        if self._rest or _MARK in lines:
            lines = self._mended(self._rest + lines)
        return lines.replace(b"\n", b"\r\n")

    def _mended(self, lines: bytes) -> bytes:
        whole, end, self._rest = lines.rpartition(b"\n")
        made = [line_of(line[1:]).encode() if line.startswith(_MARK) else line for line in whole.split(b"\n")]
        return b"\n".join(made) + end


class NdjsonWriter(_Plain):
    """A record a line, with its collection; the first line says where it was taken, the last that it is complete."""

    def __init__(self) -> None:
        self._collection = ""

    def head(self, taken: Taken) -> bytes:
        told = {"export": "registry", "position": str(taken.position), "at": taken.at}
        return to_json({**told, "collections": taken.collections}) + b"\n"

    def begin(self, collection: str) -> bytes:
        self._collection = collection
        return b""

    def records(self, records: Sequence[Record]) -> bytes:
        return b"".join(to_json({"collection": self._collection, "record": one}) + b"\n" for one in records)

    def foot(self) -> bytes:
        return b'{"complete":true}\n'


@dataclass(slots=True)
class _Listing(_Plain):
    """Entities as the items of one list."""

    _first: bool = True

    def records(self, records: Sequence[Record]) -> bytes:
        if not records:
            return b""
        before, self._first = b"\n" if self._first else b",\n", False
        return before + b",\n".join(to_json(self.item(record)) for record in records)

    def item(self, record: Record) -> dict[str, Any]:
        raise NotImplementedError


class JsonLdWriter(_Listing):
    """Organisations in the words of schema.org."""

    def head(self, taken: Taken) -> bytes:
        told = {"@context": CONTEXT, "position": str(taken.position), "dateModified": taken.at}
        return to_json(told)[:-1] + b',"@graph":['

    def item(self, record: Record) -> dict[str, Any]:
        return organization_of(record)

    def foot(self) -> bytes:
        return b"\n]}\n"


class RorWriter(_Listing):
    """The dump of the Research Organization Registry: a list of records."""

    def head(self, taken: Taken) -> bytes:
        return b"["

    def item(self, record: Record) -> dict[str, Any]:
        return ror_record(record)

    def foot(self) -> bytes:
        return b"\n]\n"


@dataclass(slots=True)
class WorkbookWriter(_Plain):
    """A workbook with a sheet for each collection."""

    _book: Workbook = field(default_factory=Workbook)

    def head(self, taken: Taken) -> bytes:
        self._book.title = f"klaster registry, position {taken.position}"
        return b""

    def begin(self, collection: str) -> bytes:
        return self._book.begin_sheet(collection, columns_of(collection))

    def records(self, records: Sequence[Record]) -> bytes:
        return self._book.add(records)

    def foot(self) -> bytes:
        return self._book.end()


WRITERS: dict[Format, type[Writer]] = {
    "csv": CsvWriter,
    "ndjson": NdjsonWriter,
    "xlsx": WorkbookWriter,
    "jsonld": JsonLdWriter,
    "ror": RorWriter,
}


def records_of(documents: Sequence[str]) -> list[dict[str, Any]]:
    """Entities from their documents."""
    return [from_json(document) for document in documents]
