"""What can go wrong with answers."""

from klaster_shared.errors import Conflict, NotFound


class AnswerNotFound(NotFound):
    code, title = "survey_answer_not_found", "This entity did not answer this survey"


class SurveyClosed(Conflict):
    code, title = "survey_closed", "The survey is closed: only the office writes answers now"


class AnswerStepRefused(Conflict):
    code, title = "survey_answer_step_refused", "This step does not follow from where the answer stands"
