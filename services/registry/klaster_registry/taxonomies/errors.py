"""What can go wrong with taxonomies."""

from klaster_shared.errors import Conflict, NotFound


class TermNotFound(NotFound):
    code, title = "term_not_found", "This taxonomy has no such code"


class CodeTaken(Conflict):
    code, title = "code_taken", "This code stands in the taxonomy already"
