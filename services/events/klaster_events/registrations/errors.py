"""What can go wrong with registrations."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class RegistrationNotFound(NotFound):
    code, title = "registration_not_found", "The event has no such registration"


class AlreadyRegistered(Conflict):
    code, title = "already_registered", "This person is registered for the event already"


class NothingToCancel(Conflict):
    code, title = "nothing_to_cancel", "This registration cannot be cancelled any more"


class RegistrationClosed(Conflict):
    code, title = "registration_closed", "The event takes no registrations at this time"


class RegistrationEnded(Conflict):
    code, title = "registration_ended", "This registration has ended"


class NothingOffered(Conflict):
    code, title = "nothing_offered", "No seat is held for this registration"


class NothingToApprove(Conflict):
    code, title = "nothing_to_approve", "This registration does not wait for anybody's word"


class NotYourPeople(Forbidden):
    code, title = "not_your_people", "A partner registers people of its own entity"


class NotYourEvent(Forbidden):
    code, title = "not_your_event", "This is for the office and for whoever organises the event"


class SessionFull(Conflict):
    code, title = "session_full", "A session has no seat left"
