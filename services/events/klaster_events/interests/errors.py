"""What can go wrong with interest in posts."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class InterestNotFound(NotFound):
    code, title = "interest_not_found", "There is no such interest"


class InterestShown(Conflict):
    code, title = "interest_shown", "The entity has shown its interest in this post already"


class OwnPost(Conflict):
    code, title = "own_post", "The post is the entity's own"


class PostNotOpen(Conflict):
    code, title = "post_not_open", "The post waits for no answer"


class WrongInterestState(Conflict):
    code, title = "wrong_interest_state", "The interest is not in a state that allows this"


class NotYourSide(Forbidden):
    code, title = "not_your_side", "This is for the other side to do"
