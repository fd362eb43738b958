"""What can go wrong with indicators."""

from klaster_shared.errors import NotFound


class IndicatorNotFound(NotFound):
    code, title = "indicator_not_found", "There is no such indicator"


class MeasureNotFound(NotFound):
    code, title = "measure_not_found", "The indicator has no such measure"
