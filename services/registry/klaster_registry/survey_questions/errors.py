"""What can go wrong with questions of the survey."""

from klaster_shared.errors import Conflict, NotFound


class QuestionNotFound(NotFound):
    code, title = "survey_question_not_found", "The survey has no such question"


class QuestionExists(Conflict):
    code, title = "survey_question_exists", "The survey has a question of this code already"
