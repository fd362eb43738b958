"""Wire shapes of types of events."""

from typing import Any

from pydantic import ConfigDict

from klaster_events.kinds.schemas import KindCreate, KindListParameters, KindRead, KindUpdate

_TYPE: dict[str, Any] = {
    "code": "training",
    "name": {"pl": "Szkolenie", "en": "Training"},
    "counts_as": ["training"],
}


class EventTypeCreate(KindCreate):
    """A new type of event."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TYPE]})


class EventTypeUpdate(KindUpdate):
    """A change (JSON Merge Patch); the code itself stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"counts_as": _TYPE["counts_as"]}]})


class EventTypeRead(KindRead):
    """A type of event."""


class EventTypeListParameters(KindListParameters):
    """Filters of types of events."""
