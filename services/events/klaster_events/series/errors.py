"""What can go wrong with series."""

from klaster_shared.errors import Conflict, NotFound


class SeriesNotFound(NotFound):
    code, title = "series_not_found", "There is no such series"


class SeriesTaken(Conflict):
    code, title = "series_taken", "There is a series with this code already"
