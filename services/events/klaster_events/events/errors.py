"""What can go wrong with events."""

from klaster_shared.errors import Conflict, NotFound


class EventNotFound(NotFound):
    code, title = "event_not_found", "There is no such event"


class EventExists(Conflict):
    code, title = "event_exists", "The source has an event under this key already"


class WrongState(Conflict):
    code, title = "wrong_event_state", "The event is not in a state that allows this"


class NotOverYet(Conflict):
    code, title = "event_not_over", "The event has not ended yet"


class SeatsTaken(Conflict):
    code, title = "seats_taken", "More seats are confirmed than the event would have"


class HasPeople(Conflict):
    code, title = "event_has_people", "People registered or came: cancel the event instead of deleting it"
