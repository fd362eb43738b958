"""What can go wrong with plans."""

from klaster_shared.errors import Conflict, NotFound


class PlanNotFound(NotFound):
    code, title = "meeting_plan_not_found", "There is no such plan of meetings"


class PlanOver(Conflict):
    code, title = "meeting_plan_over", "The plan is over, and cannot be cancelled"


class PlanOvertaken(Conflict):
    code, title = "meeting_plan_overtaken", "What the plan rests on changed all the time: it is made anew"
