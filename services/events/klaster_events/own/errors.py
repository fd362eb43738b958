"""What can go wrong with one's own registration."""

from klaster_shared.errors import NotFound


class NoCode(NotFound):
    code, title = "no_code", "This registration has no code for the door"
