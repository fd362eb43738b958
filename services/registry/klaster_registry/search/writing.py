"""The rows of entries: how a record's texts become what is looked up. No queries here."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from klaster_registry.search.entries import Entry
from klaster_registry.search.folding import name_key, searched_text, title_key

_TITLE_LENGTH = 500  # of the column; no record of ours has a longer name


def entry_row(entry: Entry) -> dict[str, Any]:
    """The row of an entry."""
    return {
        "collection": entry.collection,
        "record_id": entry.record_id,
        "record_uuid": _uuid(entry.record_id),
        "title_pl": entry.title_pl[:_TITLE_LENGTH],
        "title_en": entry.title_en[:_TITLE_LENGTH],
        "sort_title": title_key(entry.title_pl),
        "registration": entry.registration,
        "interest_group": entry.interest_group,
        "country": entry.country,
        "subdivision": entry.subdivision,
        "fields": sorted(set(entry.fields)),
        "demonstration": entry.demonstration,
        "audience": entry.audience,
    }


def text_row(entry: Entry, number: int) -> dict[str, Any]:
    """All that the entry is found by, as one text."""
    text = searched_text([*_names(entry), *entry.texts])
    return {"entry_id": number, "text": text, "audience": entry.audience}


def name_rows(entry: Entry, number: int) -> list[dict[str, Any]]:
    """The names by whose beginning the entry is found first, each with the one before it."""
    keys = sorted({key for key in map(name_key, _names(entry)) if key})
    return [
        {"entry_id": number, "folded": key, "previous": previous}
        for previous, key in zip(["", *keys], keys, strict=False)
    ]


def latest_of(entries: Iterable[Entry]) -> list[Entry]:
    """One entry a record, the last one said, in an order that all writers share."""
    last = {(entry.collection, entry.record_id): entry for entry in entries}
    return [last[key] for key in sorted(last)]


def _names(entry: Entry) -> list[str]:
    return [entry.title_pl, entry.title_en, *entry.names]


def _uuid(record_id: str) -> UUID | None:
    try:
        return UUID(record_id)
    except ValueError:
        return None
