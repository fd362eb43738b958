"""What can go wrong with a person's data."""

from klaster_shared.errors import NotFound


class PersonNotFound(NotFound):
    code, title = "person_not_found", "There is no such person that you may see"
