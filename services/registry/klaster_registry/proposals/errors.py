"""What can go wrong with proposals."""

from klaster_shared.errors import Conflict, NotFound


class ProposalNotFound(NotFound):
    code, title = "proposal_not_found", "There is no such proposal"


class ProposalDecided(Conflict):
    code, title = "proposal_decided", "This proposal is decided already"


class ProposalOvertaken(Conflict):
    code, title = "proposal_overtaken", "What it would change has changed since it was proposed"
