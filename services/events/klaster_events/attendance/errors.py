"""What can go wrong with attendance."""

from klaster_shared.errors import Conflict


class NobodyCanHaveCome(Conflict):
    code, title = "nobody_can_have_come", "The event is not one that people could have come to yet"
