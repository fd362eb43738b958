"""What can go wrong with results on show."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class ResultNotFound(NotFound):
    code, title = "result_not_found", "There is no such result on show"


class NotYourResult(Forbidden):
    code, title = "not_your_result", "The result belongs to an entity that you do not speak for"


class ResultExists(Conflict):
    code, title = "result_exists", "The source has a result under this key already"


class WrongResultState(Conflict):
    code, title = "wrong_result_state", "The result is not in a state that allows this"


class ResultWasShown(Conflict):
    code, title = "result_was_shown", "The result was on show: withdraw it instead of deleting it"


class ContactNotAsked(Forbidden):
    code, title = "contact_not_asked", "Whom to speak to is told to whoever asks"


class ContactAsked(Conflict):
    code, title = "contact_asked", "The entity has asked for this contact already"
