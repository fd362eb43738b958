"""What can go wrong with laboratory services."""

from klaster_shared.errors import Conflict, NotFound


class LabServiceNotFound(NotFound):
    code, title = "lab_service_not_found", "There is no such laboratory service"


class LabServiceExists(Conflict):
    code, title = "lab_service_exists", "A laboratory service of this source and key exists already"
