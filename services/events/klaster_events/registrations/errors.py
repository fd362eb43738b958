"""What can go wrong with registrations."""

from klaster_shared.errors import Conflict, NotFound


class RegistrationNotFound(NotFound):
    code, title = "registration_not_found", "The event has no such registration"


class AlreadyRegistered(Conflict):
    code, title = "already_registered", "This person is registered for the event already"


class NothingToCancel(Conflict):
    code, title = "nothing_to_cancel", "This registration cannot be cancelled any more"
