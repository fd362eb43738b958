"""Entries of the search for the records that stood before there was one; tables as they were at that revision."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from klaster_registry.search.folding import dictionary_words, name_key, searched_text, title_key

_CHUNK = 1_000


def _table(named: str, /, **columns: Any) -> Any:
    return sa.table(named, *(sa.column(name, kind) for name, kind in columns.items()))


_ID, _TEXT, _FLAG, _NUMBER = sa.Uuid(), sa.Text(), sa.Boolean(), sa.Integer()
_PLACE = {"country": _TEXT, "demonstration": _FLAG}
_ENTITIES = _table(
    "entities",
    id=_ID,
    rbw_number=_NUMBER,
    name=_TEXT,
    city=_TEXT,
    registration=_TEXT,
    interest_group=_TEXT,
    subdivision=_TEXT,
    **_PLACE,
)
_NAMES = _table("entity_names", entity_id=_ID, position=_NUMBER, value=_TEXT, lang=_TEXT, role=_TEXT)
_IDENTIFIERS = _table("entity_identifiers", entity_id=_ID, value=_TEXT)
_FIELDS = _table("entity_fields", entity_id=_ID, field=_TEXT)
_LABS = _table("labs", id=_ID, name_pl=_TEXT, name_en=_TEXT, demonstration=_FLAG)
_HQS = _table("foreign_hqs", id=_ID, name=_TEXT, city=_TEXT, **_PLACE)
_REPOSITORIES = _table("data_repositories", id=_ID, name=_TEXT, demonstration=_FLAG)
_REPOSITORY_FIELDS = _table("data_repository_fields", repository_id=_ID, field=_TEXT)
_TERMS = _table("terms", id=_ID, taxonomy=_TEXT, code=_TEXT, name_pl=_TEXT, name_en=_TEXT)
_ENTRIES = _table(
    "search_entries",
    id=sa.BigInteger(),
    collection=_TEXT,
    record_id=_TEXT,
    record_uuid=_ID,
    title_pl=_TEXT,
    title_en=_TEXT,
    sort_title=_TEXT,
    registration=_TEXT,
    interest_group=_TEXT,
    subdivision=_TEXT,
    fields=sa.JSON(),
    audience=_TEXT,
    **_PLACE,
)
_TEXTS = _table("search_texts", entry_id=sa.BigInteger(), text=_TEXT, audience=_TEXT)
_ENTRY_FIELDS = _table("search_entry_fields", entry_id=sa.BigInteger(), field=_TEXT)
_ENTRY_NAMES = _table("search_names", entry_id=sa.BigInteger(), folded=_TEXT, previous=_TEXT)
_WORDS = _table("search_words", word=_TEXT)
_NOTHING: dict[str, Any] = {"registration": None, "interest_group": None, "country": None, "subdivision": None}


def fill(connection: sa.Connection) -> None:
    """Write an entry for every entity, laboratory, organisation abroad, data repository, group and network."""
    words: set[str] = set()
    for rows in _chunks(connection, _ENTITIES):
        _write(connection, _entities(connection, rows), words)
    for rows in _chunks(connection, _LABS):
        _write(connection, [_titled("labs", row, row.name_pl, row.name_en) for row in rows], words)
    for rows in _chunks(connection, _HQS):
        _write(connection, [_abroad(row) for row in rows], words)
    for rows in _chunks(connection, _REPOSITORIES):
        fields = _by_owner(connection, _REPOSITORY_FIELDS, _REPOSITORY_FIELDS.c.repository_id, rows)
        items = [{**_titled("data_repositories", row, row.name, row.name), **_fields(fields, row.id)} for row in rows]
        _write(connection, items, words)
    for rows in _chunks(connection, _TERMS):
        _write(connection, [_term(row) for row in rows if row.taxonomy in {"groups", "networks"}], words)
    for some in _portions(sorted(words)):
        connection.execute(sa.insert(_WORDS), [{"word": word} for word in some])


def _chunks(connection: sa.Connection, table: Any) -> Iterator[Sequence[Any]]:
    last: UUID | None = None
    while True:
        statement = sa.select(table).order_by(table.c.id).limit(_CHUNK)
        rows = connection.execute(statement if last is None else statement.where(table.c.id > last)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def _by_owner(connection: sa.Connection, table: Any, owner: Any, rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for part in connection.execute(sa.select(table).where(owner.in_([row.id for row in rows]))):
        found.setdefault(part[0], []).append(part)
    return found


def _entities(connection: sa.Connection, rows: Sequence[Any]) -> list[dict[str, Any]]:
    names = _by_owner(connection, _NAMES, _NAMES.c.entity_id, rows)
    identifiers = _by_owner(connection, _IDENTIFIERS, _IDENTIFIERS.c.entity_id, rows)
    fields = _by_owner(connection, _FIELDS, _FIELDS.c.entity_id, rows)
    return [_entity(row, names.get(row.id, []), identifiers.get(row.id, []), fields) for row in rows]


def _entity(row: Any, names: Sequence[Any], identifiers: Sequence[Any], fields: dict[UUID, list[Any]]) -> Any:
    ordered = sorted(names, key=lambda name: name.position)
    official = {name.lang: name.value for name in reversed(ordered) if name.role == "official"}
    number = None if row.rbw_number is None else f"RBW-{row.rbw_number:06d}"
    said = [text for text in (row.city, number) if text]
    return {
        **_entry("entities", str(row.id), official.get("pl", row.name), official.get("en", row.name)),
        **_fields(fields, row.id),
        "names": [row.name, *(name.value for name in ordered)],
        "texts": [*(identifier.value for identifier in identifiers), *said],
        "registration": row.registration,
        "interest_group": row.interest_group,
        "country": row.country,
        "subdivision": row.subdivision,
        "demonstration": row.demonstration,
    }


def _abroad(row: Any) -> dict[str, Any]:
    said = {"texts": [row.city] if row.city else [], "country": row.country}
    return {**_titled("foreign_hqs", row, row.name, row.name), **said}


def _term(row: Any) -> dict[str, Any]:
    return {**_entry(row.taxonomy, row.code, row.name_pl, row.name_en), "names": [row.code]}


def _titled(collection: str, row: Any, pl: str, en: str) -> dict[str, Any]:
    return {**_entry(collection, str(row.id), pl, en), "demonstration": row.demonstration}


def _fields(fields: dict[UUID, list[Any]], owner: UUID) -> dict[str, Any]:
    return {"fields": sorted(part.field for part in fields.get(owner, []))}


def _entry(collection: str, record_id: str, pl: str, en: str) -> dict[str, Any]:
    own = {"collection": collection, "record_id": record_id, "title_pl": pl, "title_en": en}
    return {**_NOTHING, **own, "names": [], "texts": [], "fields": [], "demonstration": False, "audience": "anonymous"}


def _write(connection: sa.Connection, items: Sequence[dict[str, Any]], words: set[str]) -> None:
    if not items:
        return
    said = [[item["title_pl"], item["title_en"], *item.pop("names")] for item in items]
    texts = [searched_text([*names, *item.pop("texts")]) for item, names in zip(items, said, strict=True)]
    words |= {word for text in texts for word in dictionary_words(text)}
    columns = (_ENTRIES.c.collection, _ENTRIES.c.record_id, _ENTRIES.c.id)
    written = connection.execute(sa.insert(_ENTRIES).returning(*columns), [_row(item) for item in items])
    numbers = {(collection, record_id): number for collection, record_id, number in written}
    at = [numbers[item["collection"], item["record_id"]] for item in items]
    rows = list(zip(at, items, said, texts, strict=True))
    readable = [{"entry_id": number, "text": text, "audience": item["audience"]} for number, item, _, text in rows]
    _insert(connection, _TEXTS, readable)
    _insert(connection, _ENTRY_NAMES, [row for number, _, names, _ in rows for row in _name_rows(number, names)])
    fields = [{"entry_id": number, "field": code} for number, item, _, _ in rows for code in item["fields"]]
    _insert(connection, _ENTRY_FIELDS, fields)


def _row(item: dict[str, Any]) -> dict[str, Any]:
    uuid = None if item["collection"] in {"groups", "networks"} else UUID(item["record_id"])
    return {**item, "record_uuid": uuid, "sort_title": title_key(item["title_pl"])}


def _name_rows(number: int, names: Sequence[str]) -> list[dict[str, Any]]:
    keys = sorted({key for key in map(name_key, names) if key})
    pairs = zip(["", *keys], keys, strict=False)
    return [{"entry_id": number, "folded": key, "previous": before} for before, key in pairs]


def _insert(connection: sa.Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)
