"""What can go wrong with evidence."""

from klaster_shared.errors import Conflict, NotFound


class EvidenceNotFound(NotFound):
    code, title = "evidence_not_found", "There is no such file of evidence"


class EvidenceWithdrawn(Conflict):
    code, title = "evidence_withdrawn", "The file of evidence was withdrawn"


class EvidenceFull(Conflict):
    code, title = "evidence_full", "The indicator has as many files of evidence as it may have"
