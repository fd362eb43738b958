"""What a request says of an event, as columns of its row, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from klaster_events.entities.checking import Checked
from klaster_events.events.models import Event
from klaster_events.events.records import searchable
from klaster_shared.text import sort_key

_WIRE = {
    "organiser_id": "organiser",
    "title_pl": "title",
    "title_en": "title",
    "description_pl": "description",
    "description_en": "description",
}


def columns_of(said: Mapping[str, Any], organiser: Checked) -> dict[str, Any]:
    """The columns that a request names; entities as they are after all merges. Empty lists are kept as nothing."""
    values = dict(said)
    if "organiser" in values:
        values["organiser_id"] = organiser.living[values.pop("organiser")]
    if "co_organisers" in values:
        values["co_organisers"] = [organiser.living[entity_id] for entity_id in values["co_organisers"]]
    for name in ("title", "description"):
        if name in values:
            label = values.pop(name) or {"pl": None, "en": None}
            values |= {f"{name}_pl": label["pl"], f"{name}_en": label["en"]}
    for name in ("languages", "questions"):
        if name in values:
            values[name] = values[name] or None
    return values


def apply(event: Event, values: Mapping[str, Any]) -> list[str]:
    """Give an event these values; the names of those that are new."""
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, values[name])
    event.sort_title, event.search_text = sort_key(event.title_pl), searchable(event)
    return changed


def wire_names(columns: Sequence[str]) -> list[str]:
    """What the wire calls these columns."""
    return [_WIRE.get(column, column) for column in columns]
