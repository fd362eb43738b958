"""What can go wrong with documents."""

from klaster_shared.errors import Conflict, NotFound


class DocumentNotFound(NotFound):
    code, title = "document_not_found", "There is no such document"


class DocumentExists(Conflict):
    code, title = "document_exists", "A document of this source and key exists already"
