"""Rows of a file as organisations that somebody states; what cannot be read is rejected here. No queries."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from klaster_registry.entities.documents import Whole
from klaster_registry.entities.schemas import EntityUpdate
from klaster_registry.imports import cells
from klaster_registry.imports.models import Import
from klaster_registry.imports.reading import Row, cells_of
from klaster_registry.imports.schemas import Verdict
from klaster_registry.loading import ror
from klaster_registry.loading.operations import Stated
from klaster_registry.loading.schemas import EntityStated
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.text import fold

_WRITABLE = tuple(EntityUpdate.model_fields)
_CLAIM = frozenset({"scheme", "value", "source"})
_SOURCE = re.compile(r"[a-z][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A row with its verdict, and what applying it takes."""

    number: int
    verdict: Verdict = "created"
    label: str | None = None
    key: str | None = None
    entity_id: UUID | None = None
    changed: Sequence[str] = ()
    duplicate_of: Sequence[Mapping[str, str]] = ()
    errors: Sequence[FieldError] = ()
    # What the row says, until it is known what that means.
    said: Mapping[str, Any] = field(default_factory=dict)
    given: EntityStated | None = None
    stated: Stated | None = None
    whole: Whole | None = None
    update: EntityUpdate | None = None

    def rejected(self, errors: Sequence[FieldError]) -> "Plan":
        """The row with what is wrong with it."""
        return replace(self, verdict="rejected", errors=errors, whole=None, update=None, stated=None)


def read_row(row: Row, asked: Import) -> Plan:
    """A row as it stands in the file."""
    blank = Plan(number=row.number)
    if row.wrong is not None:
        return blank.rejected([FieldError(pointer="", code="unreadable", detail=row.wrong)])
    try:
        if asked.format == "ror":
            return _read_ror(row)
        if asked.format == "ndjson":
            return _read_record(row, asked)
        return _read_cells(row, asked)
    except Invalid as problem:
        return blank.rejected(cells.pointers(problem.errors))
    except ValidationError as error:
        return blank.rejected(cells.pointers(errors_of(error)))


def errors_of(error: ValidationError) -> list[FieldError]:
    """What a shape refuses, place by place."""
    return [
        FieldError(pointer="".join(f"/{step}" for step in one["loc"]), code=one["type"], detail=one["msg"])
        for one in error.errors(include_url=False)
    ]


def _read_ror(row: Row) -> Plan:
    given = ror.entity_of(_mapping(row.said))
    stated = Stated.of(row.number, given)
    return Plan(
        number=row.number, label=given.names[0].value, key=_digest(stated.key), given=given, stated=stated, said={}
    )


def _read_record(row: Row, asked: Import) -> Plan:
    record = _mapping(row.said)
    if isinstance(record.get("record"), dict):  # a line of our own export, or of the feed
        if record.get("collection", "entities") != "entities":
            raise Invalid.field("/collection", "entities_alone", "Entities alone are taken in from a file")
        record = record["record"]
    said = {name: value for name, value in record.items() if name in _WRITABLE}
    # What records of ours say besides is derived, and nobody states it.
    said |= {name: _only(said[name], lambda key: key in _CLAIM) for name in ("identifiers",) if name in said}
    said |= {name: _only(said[name], lambda key: key != "abroad") for name in ("branches",) if name in said}
    # What is marked as demonstration stays marked where it is new; nobody marks by a file what is there.
    marked = {"source": asked.source, "demonstration": record.get("demonstration", False)}
    given = EntityStated.model_validate({**said, **marked, "source_key": record.get("source_key")})
    whom = {name: str(record[name]) for name in ("id", "rbw_number") if record.get(name)}
    key = str(record.get("source_key") or whom.get("id") or _name_key(given))
    source = record.get("source", asked.source)
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        raise Invalid.field("/source", "source", "A source is a lower-case word")
    return Plan(
        number=row.number,
        label=given.names[0].value,
        key=_digest(whom.get("id") or key),
        given=given,
        said={**whom, "record": said, "source_key": key if source == asked.source else f"{source}:{key}"[:200]},
    )


def _read_cells(row: Row, asked: Import) -> Plan:
    said = cells.said_by(cells_of(row.said, asked.mapping))
    whom = said.keys() & {"id", "rbw_number"}
    if "name" not in said and not whom:
        raise Invalid.field("/name", "missing", "The row names nobody: there is no name, id or RBW number")
    key = cells.key_in(said)
    made = cells.entity_in({"name": "-", **said})
    given = EntityStated.model_validate({**made, "source": asked.source, "source_key": key[:200]})
    return Plan(
        number=row.number,
        label=said.get("name"),
        key=_digest(str(said["id"]) if "id" in said else str(said.get("rbw_number", key))),
        given=given,
        said={**said, "source_key": key[:200]},
    )


def _only(items: Any, wanted: Callable[[str], bool]) -> Any:
    """Items of a list with the properties that are wanted; what is no such list is for the shape to refuse."""
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        return items
    return [{key: value for key, value in one.items() if wanted(key)} for one in items]


def _mapping(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Invalid.field("", "no_record", "A record is a JSON object")
    return said


def _name_key(given: EntityStated) -> str:
    return f"{fold(given.names[0].value)}|{fold((given.seat and given.seat.city) or '')}"


def _digest(key: str) -> str:
    return blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()
