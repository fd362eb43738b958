"""What can go wrong with attendance."""

from klaster_shared.errors import Conflict, Forbidden


class NobodyCanHaveCome(Conflict):
    code, title = "nobody_can_have_come", "The event is not one that people could have come to yet"


class NotTheOrganiser(Forbidden):
    code, title = "not_the_organiser", "This is for the office and for those who organise the event"
