"""What can go wrong with participants."""

from klaster_shared.errors import Conflict, NotFound


class ParticipantNotFound(NotFound):
    code, title = "participant_not_found", "The edition has no such participant"


class EditionNotOpen(Conflict):
    code, title = "forum_edition_not_open", "Nobody can take part in the edition at this time"


class NotRegistered(Conflict):
    code, title = "not_registered", "Only a confirmed registration can take part in the edition"


class AlreadyTakesPart(Conflict):
    code, title = "already_takes_part", "The registration takes part already"


class TakesNoPart(Conflict):
    code, title = "takes_no_part", "The registration does not take part in the edition"
