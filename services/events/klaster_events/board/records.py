"""A post as it is written: in answers, in the feed, and for search. No queries here."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from klaster_events.board.models import BoardPost
from klaster_events.board.regions import region_label
from klaster_events.board.words import stems_in
from klaster_shared.access import Role
from klaster_shared.labels import Language
from klaster_shared.text import fold


def record_of(post: BoardPost, language: Language, owner: dict[str, Any], *, today: date) -> dict[str, Any]:
    """The record as lists and single reads answer with it."""
    return {**_plain(post, language, owner), "open": is_open(post, today=today)}


def feed_record(post: BoardPost, owner: dict[str, Any]) -> dict[str, Any]:
    """The record in the feed: without what depends on the day."""
    return _plain(post, "all", owner)


def is_open(post: BoardPost, *, today: date) -> bool:
    """Whether a post is published, and valid on a day."""
    return post.state == "published" and post.valid_until >= today


def audience_of(post: BoardPost) -> Role:
    """What everybody may see is public; feeds know no partners, so the rest is the office's."""
    return "anonymous" if post.state != "draft" and post.visibility == "public" else "office"


def searchable(post: BoardPost) -> str:
    """What `q` looks through: a bar between parts, so that no match runs from one into the next."""
    texts = (post.title_pl, post.title_en, post.text_pl, post.text_en, *post.keywords)
    return "|".join(fold(text) for text in texts if text)


def terms_of(post: BoardPost) -> Iterator[tuple[str, str]]:
    """The terms by which a post is found: kind and term."""
    yield from (("field", code) for code in post.fields)
    yield from (("region", code) for code in post.regions)
    yield from (("keyword", word) for word in dict.fromkeys(fold(keyword) for keyword in post.keywords))
    yield from (("word", stem) for stem in words_of(post))


def words_of(post: BoardPost) -> dict[str, str]:
    """The words of a post by their stems: of its title and keywords first, in both languages."""
    return stems_in((post.title_pl, post.title_en, *post.keywords, post.text_pl, post.text_en))


def words_in(pl: str | None, en: str | None, language: Language) -> str | dict[str, str | None] | None:
    """The words in the language asked for, or in the other where there are none."""
    if language == "all":
        return {"pl": pl, "en": en}
    return (pl or en) if language == "pl" else (en or pl)


def _plain(post: BoardPost, language: Language, owner: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": post.id,
        "side": post.side,
        "kind": post.kind,
        "owner": owner,
        "title": words_in(post.title_pl, post.title_en, language),
        "text": words_in(post.text_pl, post.text_en, language),
        "fields": post.fields,
        "keywords": post.keywords,
        "regions": [region_label(code, language) for code in post.regions],
        "readiness": post.readiness,
        "international": post.international,
        "visibility": post.visibility,
        "valid_until": post.valid_until,
        "state": post.state,
        "posted_at": None if post.state == "draft" else post.posted_at,
        "demonstration": post.demonstration,
        "source": post.source,
        "source_key": post.source_key,
        "version": post.version,
        "created_at": post.created_at,
        "updated_at": post.updated_at,
    }
