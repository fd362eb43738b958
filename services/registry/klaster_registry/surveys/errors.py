"""What can go wrong with surveys."""

from klaster_shared.errors import Conflict, NotFound


class SurveyNotFound(NotFound):
    code, title = "survey_not_found", "There is no survey of this year"


class SurveyExists(Conflict):
    code, title = "survey_exists", "There is a survey of this year already"
