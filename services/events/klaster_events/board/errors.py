"""What can go wrong with posts on the board."""

from klaster_shared.errors import Conflict, Forbidden, NotFound


class PostNotFound(NotFound):
    code, title = "post_not_found", "There is no such post on the board"


class NotYourPost(Forbidden):
    code, title = "not_your_post", "The post belongs to an entity that you do not speak for"


class PostExists(Conflict):
    code, title = "post_exists", "The source has a post under this key already"


class WrongPostState(Conflict):
    code, title = "wrong_post_state", "The post is not in a state that allows this"


class PostWasPublished(Conflict):
    code, title = "post_was_published", "The post was published: close it instead of deleting it"


class ContactGone(NotFound):
    code, title = "contact_gone", "The contact person was erased, and nobody else is named"
