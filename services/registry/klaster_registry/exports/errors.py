"""What can go wrong with exports."""

from klaster_shared.errors import Problem


class NotAcceptable(Problem):
    code, status, title = "not_acceptable", 406, "None of the formats you accept is made here"
