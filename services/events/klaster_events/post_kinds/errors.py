"""What can go wrong with kinds of posts."""

from klaster_shared.errors import Conflict, NotFound


class PostKindNotFound(NotFound):
    code, title = "post_kind_not_found", "There is no such kind of post"


class PostKindTaken(Conflict):
    code, title = "post_kind_taken", "There is a kind of post with this code already"
