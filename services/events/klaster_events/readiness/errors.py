"""What can go wrong with declared readiness."""

from klaster_shared.errors import Conflict, NotFound


class ReadinessNotFound(NotFound):
    code, title = "readiness_not_found", "No cluster abroad declared readiness with this post"


class ReadinessDeclared(Conflict):
    code, title = "readiness_declared", "A cluster abroad declared readiness with this post already"
