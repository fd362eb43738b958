"""What can go wrong with entities."""

from klaster_shared.errors import Conflict, NotFound, Problem


class EntityNotFound(NotFound):
    code, title = "entity_not_found", "There is no such entity"


class EntityMoved(Problem):
    code, status, title = "entity_moved", 308, "This entity was merged into another"


class AmbiguousReference(Conflict):
    code, title = "ambiguous_reference", "More than one entity claims this identifier"


class AlreadyThere(Conflict):
    code, title = "already_there", "An entity of this source and key exists already"


class StepRefused(Conflict):
    code, title = "step_refused", "This step does not follow from where the entity stands"


class PeriodRefused(Conflict):
    code, title = "period_refused", "This period does not fit the others"


class PartnerNeedsGroup(Conflict):
    code, title = "partner_in_sig", "Every partner of the cluster is in at least one special interest group"
