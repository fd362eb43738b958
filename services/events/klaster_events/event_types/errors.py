"""What can go wrong with event types."""

from klaster_shared.errors import Conflict, NotFound


class EventTypeNotFound(NotFound):
    code, title = "event_type_not_found", "There is no such type of event"


class EventTypeTaken(Conflict):
    code, title = "event_type_taken", "There is a type of event with this code already"
