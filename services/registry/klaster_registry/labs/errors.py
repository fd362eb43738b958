"""What can go wrong with laboratories."""

from klaster_shared.errors import Conflict, NotFound


class LabNotFound(NotFound):
    code, title = "lab_not_found", "There is no such laboratory"


class LabExists(Conflict):
    code, title = "lab_exists", "A laboratory of this source and key exists already"
