"""What can go wrong with messages."""

from klaster_shared.errors import Conflict, NotFound


class MessageNotFound(NotFound):
    code, title = "message_not_found", "There is no such message"


class MessageSettled(Conflict):
    code, title = "message_settled", "The message is not in a state that allows this"
