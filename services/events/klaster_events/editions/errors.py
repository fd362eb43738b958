"""What can go wrong with editions and their tables."""

from klaster_shared.errors import Conflict, NotFound


class EditionNotFound(NotFound):
    code, title = "edition_not_found", "There is no such edition"


class EditionExists(Conflict):
    code, title = "edition_exists", "The event has an edition already"


class WrongEditionState(Conflict):
    code, title = "wrong_edition_state", "The edition is not in a state that allows this"


class EditionNotReady(Conflict):
    code, title = "edition_not_ready", "The edition cannot be opened as it is"


class EditionTableNotFound(NotFound):
    code, title = "edition_table_not_found", "The edition has no such table"


class EditionTableTaken(Conflict):
    code, title = "edition_table_taken", "The edition has a table with this code already"
