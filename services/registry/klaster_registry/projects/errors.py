"""What can go wrong with projects."""

from klaster_shared.errors import Conflict, NotFound


class ProjectNotFound(NotFound):
    code, title = "project_not_found", "There is no such project"


class ProjectExists(Conflict):
    code, title = "project_exists", "A project of this source and key exists already"
