"""What can go wrong with action plans."""

from klaster_shared.errors import Conflict, NotFound


class PlanNotFound(NotFound):
    code, title = "plan_not_found", "There is no such action plan"


class PlanItemNotFound(NotFound):
    code, title = "plan_item_not_found", "There is no such item of an action plan"


class PlanExists(Conflict):
    code, title = "plan_exists", "The year has an action plan already"


class PlanInUse(Conflict):
    code, title = "plan_in_use", "The action plan has items"


class PlanClosed(Conflict):
    code, title = "plan_closed", "The action plan is closed"


class PlanStep(Conflict):
    code, title = "plan_step", "An action plan does not go from this state to that one"
