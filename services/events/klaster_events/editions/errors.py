"""What can go wrong with editions and their tables."""

from klaster_shared.errors import Conflict, NotFound


class EditionNotFound(NotFound):
    code, title = "forum_edition_not_found", "There is no such edition of the forum"


class EditionExists(Conflict):
    code, title = "forum_edition_exists", "The event has an edition of the forum already"


class WrongEditionState(Conflict):
    code, title = "wrong_forum_edition_state", "The edition of the forum is not in a state that allows this"


class EditionNotReady(Conflict):
    code, title = "forum_edition_not_ready", "The edition of the forum cannot be opened as it is"


class EditionTableNotFound(NotFound):
    code, title = "edition_table_not_found", "The edition has no such table"


class EditionTableTaken(Conflict):
    code, title = "edition_table_taken", "The edition has a table with this code already"
