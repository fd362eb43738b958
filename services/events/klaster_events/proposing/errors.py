"""What can go wrong with what is proposed to the registry."""

from klaster_shared.errors import Conflict, NotFound


class OutgoingNotFound(NotFound):
    code, title = "outgoing_not_found", "Nothing was proposed to the registry under this id"


class NotRefused(Conflict):
    code, title = "not_refused", "Only what the registry refused is proposed once more"
