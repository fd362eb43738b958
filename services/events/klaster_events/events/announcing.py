"""What people are told of a changed event: when and where it was, and is now. Nothing about people, no online link."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from klaster_events.events.models import Event
from klaster_events.events.schemas import Note

# A new value of these is a new revision of the calendar entry (SEQUENCE), and news for whoever registered.
OF_THE_MOMENT = ("starts_at", "ends_at", "zone", "place", "online", "online_url")
_TOLD = ("starts_at", "ends_at", "zone", "place", "online")


def when_and_where(event: Event) -> dict[str, Any]:
    """Time and place as they are now: taken before a change, compared after it."""
    found: dict[str, Any] = to_jsonable_python({name: getattr(event, name) for name in _TOLD})
    return found


def news(
    event: Event, *, before: Mapping[str, Any], changed: Collection[str] = (), note: Note | None = None
) -> dict[str, Any]:
    """The context of a notice: `before`, `after`, the names of what is new, and what the office adds."""
    return {
        "before": dict(before),
        "after": when_and_where(event),
        "changed": sorted(set(changed) & set(OF_THE_MOMENT)),
        "note": note.note.model_dump() if note and note.note else None,
    }
