"""What can go wrong with imports."""

from klaster_shared.errors import Invalid


class RowsRejected(Invalid):
    code, title = "rows_rejected", "Some rows cannot be stored, so none is"
