"""What can go wrong with units."""

from klaster_shared.errors import Conflict, NotFound


class UnitNotFound(NotFound):
    code, title = "unit_not_found", "There is no such unit"


class UnitExists(Conflict):
    code, title = "unit_exists", "There is a unit of this code already"


class UnitInUse(Conflict):
    code, title = "unit_in_use", "Something is counted in this unit"
