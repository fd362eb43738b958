"""What can go wrong with editions and their framework."""

from klaster_shared.errors import Conflict, Invalid, NotFound


class EditionNotFound(NotFound):
    code, title = "edition_not_found", "There is no such edition of the strategy"


class EditionAdopted(Conflict):
    code, title = "edition_adopted", "An adopted edition is read-only"


class EditionExists(Conflict):
    code, title = "edition_exists", "There is an edition of this code already"


class PathNotFound(NotFound):
    code, title = "path_not_found", "There is no such path"


class ContradictoryStrategy(Invalid):
    code, title = "contradictory_strategy", "The document contradicts itself"
