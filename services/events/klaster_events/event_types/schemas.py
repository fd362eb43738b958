"""Wire shapes of types of events."""

from klaster_events.kinds.schemas import KindCreate, KindListParameters, KindRead, KindUpdate


class EventTypeCreate(KindCreate):
    """A new type of event."""


class EventTypeUpdate(KindUpdate):
    """A change (JSON Merge Patch); the code itself stays."""


class EventTypeRead(KindRead):
    """A type of event."""


class EventTypeListParameters(KindListParameters):
    """Filters of types of events."""
