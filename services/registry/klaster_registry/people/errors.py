"""What can go wrong with people."""

from klaster_shared.errors import Conflict, NotFound


class PersonNotFound(NotFound):
    code, title = "person_not_found", "There is no such person that you may see"


class PersonExists(Conflict):
    code, title = "person_exists", "A person of this source and key exists already"
