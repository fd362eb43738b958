"""The table of types of events."""

from klaster_events.kinds.base import Kind


class EventType(Kind, table=True):
    """A type of event."""

    __tablename__ = "event_types"
