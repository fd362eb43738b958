"""What can go wrong with the agenda."""

from klaster_shared.errors import Conflict, NotFound


class SessionNotFound(NotFound):
    code, title = "session_not_found", "The event has no such session"


class SessionSeatsTaken(Conflict):
    code, title = "session_seats_taken", "More seats are taken than the session would have"


class AgendaFull(Conflict):
    code, title = "agenda_full", "The event has as many sessions as an agenda can hold"
