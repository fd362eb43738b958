"""What can go wrong with imports."""

from klaster_shared.errors import Conflict, Invalid, NotFound


class ImportNotFound(NotFound):
    code, title = "import_not_found", "There is no such import"


class ImportRunning(Conflict):
    code, title = "import_running", "The import is being worked on"


class ImportWithoutFile(Conflict):
    code, title = "import_without_file", "The import has no file yet"


class FileUnreadable(Invalid):
    code, title = "file_unreadable", "The file cannot be read"
