"""A result as it is written: in answers, and in the feed. No queries here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from klaster_events.showcase.models import ShowcaseItem
from klaster_shared.access import Role
from klaster_shared.labels import Language, label_text
from klaster_shared.text import fold

_PLAIN = (
    "state",
    "shown_from",
    "shown_until",
    "demonstration",
    "source",
    "source_key",
    "version",
    "created_at",
    "updated_at",
)


def record_of(
    item: ShowcaseItem, language: Language, entity: Mapping[str, Any], *, views: int, contacts: int, day: date
) -> dict[str, Any]:
    """The record as lists and single reads answer with it."""
    audience = {"on_show": is_on_show(item, day), "views": views, "contacts": contacts}
    return {**feed_record(item, entity, language), **audience}


def feed_record(item: ShowcaseItem, entity: Mapping[str, Any], language: Language = "all") -> dict[str, Any]:
    """Without what depends on the day and the audience."""
    return {
        "id": item.id,
        "entity": entity,
        "project": {"id": item.project_id, "path": f"/v1/projects/{item.project_id}"},
        "title": label_text(item.title_pl, item.title_en, language),
        "text": label_text(item.text_pl, item.text_en, language),
        "links": [
            {"url": one["url"], "label": label_text(one["label"]["pl"], one["label"]["en"], language)}
            for one in item.links
        ],
        **{name: getattr(item, name) for name in _PLAIN},
    }


def is_on_show(item: ShowcaseItem, day: date) -> bool:
    """Whether a result is on show on a day."""
    until = item.shown_until
    return item.state != "draft" and item.shown_from <= day and (until is None or day <= until)


def audience_of(item: ShowcaseItem) -> Role:
    """Drafts are for nobody else."""
    return "office" if item.state == "draft" else "anonymous"


def searchable(item: ShowcaseItem) -> str:
    """What `q` looks through."""
    return "|".join(fold(text) for text in (item.title_pl, item.title_en, item.text_pl, item.text_en))
