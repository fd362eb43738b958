"""What a request says of a post, as columns of its row, and what must hold of it as a whole. No queries here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from klaster_events.board.models import BoardPost
from klaster_events.board.records import is_open, searchable
from klaster_events.board.regions import is_abroad
from klaster_shared.errors import Invalid
from klaster_shared.text import sort_key

_WIRE = {
    "person_id": "contact",
    "contact_language": "contact",
    "title_pl": "title",
    "title_en": "title",
    "text_pl": "text",
    "text_en": "text",
}


def columns_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a request names; of a text that changes, the languages that it names."""
    values = dict(said)
    for name in ("title", "text"):
        for language, words in (values.pop(name, None) or {}).items():
            values[f"{name}_{language}"] = words
    return values


def apply(post: BoardPost, values: Mapping[str, Any], *, home: str) -> list[str]:
    """Give a post these values; the names of those that are new."""
    changed = [name for name, value in values.items() if getattr(post, name) != value]
    for name in changed:
        setattr(post, name, values[name])
    settle(post, home=home)
    return changed


def settle(post: BoardPost, *, home: str) -> None:
    """What follows from the rest: keys of order and search, and whether it looks abroad."""
    post.sort_title = sort_key(post.title_pl or post.title_en or "")
    post.search_text = searchable(post)
    post.international = is_abroad(post.regions, home=home)


def check_words(post: BoardPost) -> None:
    """Refuse a post that says nothing in either language; raises Invalid naming the field."""
    for name in ("title", "text"):
        if getattr(post, f"{name}_pl") is None and getattr(post, f"{name}_en") is None:
            raise Invalid.field(f"/{name}", "unsaid", "Say it in Polish, in English, or in both")


def check_validity(post: BoardPost, *, today: date) -> None:
    """Refuse to publish what is over already; raises Invalid naming the field."""
    if post.state == "published" and not is_open(post, today=today):
        raise Invalid.field("/valid_until", "over_already", "Its last day is over: say until when it holds")


def wire_names(columns: Sequence[str]) -> list[str]:
    """What the wire calls these columns."""
    return sorted({_WIRE.get(column, column) for column in columns})
