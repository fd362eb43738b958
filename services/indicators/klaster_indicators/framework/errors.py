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


class PartNotFound(NotFound):
    code, title = "part_not_found", "The edition has no such part"


class PartExists(Conflict):
    code, title = "part_exists", "The edition has a part of this code already"


class PartInUse(Conflict):
    code, title = "part_in_use", "Other parts of the edition rest on this one"


class ContradictoryStrategy(Invalid):
    code, title = "contradictory_strategy", "The document contradicts itself"
