"""What can go wrong with data repositories."""

from klaster_shared.errors import Conflict, NotFound


class DataRepositoryNotFound(NotFound):
    code, title = "data_repository_not_found", "There is no such data repository"


class DataRepositoryExists(Conflict):
    code, title = "data_repository_exists", "A data repository of this source and key exists already"
