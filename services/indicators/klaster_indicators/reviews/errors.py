"""What can go wrong with reviews."""

from klaster_shared.errors import Conflict, NotFound


class ReviewNotFound(NotFound):
    code, title = "review_not_found", "There is no such review"


class ReviewClosed(Conflict):
    code, title = "review_closed", "The review was applied and is closed"
