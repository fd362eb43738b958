"""What can go wrong with shared laboratories and services."""

from klaster_shared.errors import Forbidden, NotFound


class ResourceNotFound(NotFound):
    code, title = "resource_not_found", "There is no such shared laboratory or service"


class NotYourResource(Forbidden):
    code, title = "not_your_resource", "The laboratory or service belongs to an entity that you do not speak for"
