"""What can go wrong with headquarters abroad."""

from klaster_shared.errors import Conflict, NotFound


class ForeignHqNotFound(NotFound):
    code, title = "foreign_hq_not_found", "There is no such organisation abroad"


class ForeignHqExists(Conflict):
    code, title = "foreign_hq_exists", "An organisation abroad of this source and key exists already"
