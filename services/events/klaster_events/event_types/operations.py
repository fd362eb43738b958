"""Types of events: what is particular to them."""

from klaster_events.event_types.errors import EventTypeNotFound, EventTypeTaken
from klaster_events.event_types.models import EventType
from klaster_events.kinds.operations import Kinds

EVENT_TYPES = Kinds(
    model=EventType,
    collection="event_types",
    called="type of event",
    pointer="/type",
    not_found=EventTypeNotFound,
    taken=EventTypeTaken,
)
