"""What can go wrong with observations."""

from klaster_shared.errors import Conflict, Invalid, NotFound


class ObservationNotFound(NotFound):
    code, title = "observation_not_found", "There is no such observation"


class WrongTransition(Conflict):
    code, title = "wrong_transition", "An observation cannot go from this state to that one"


class ReasonNeeded(Invalid):
    code, title = "reason_needed", "A restatement says why"
