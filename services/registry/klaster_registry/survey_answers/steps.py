"""The life of an answer: draft, submitted, verified; who may take which step. Pure rules, no database."""

from dataclasses import dataclass

from klaster_registry.survey_answers.errors import AnswerStepRefused, SurveyClosed
from klaster_registry.survey_answers.schemas import AnswerIn, AnswerState
from klaster_shared.errors import Forbidden, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From where an answer stands to what was sent. `same`: what was sent changes no value and no evidence."""

    before: AnswerState | None
    given: AnswerIn
    office: bool
    is_open: bool
    same: bool = False


def check_step(step: Step) -> None:
    """Refuse a step that does not follow.

    Raises SurveyClosed, Forbidden (verifying is the office's), AnswerStepRefused (with the rule), or Invalid where
    evidence, values or a note are missing.
    """
    if not step.office:
        _check_partner(step)
    elif step.before == "verified" and step.given.state != "draft" and not step.same:
        raise AnswerStepRefused(
            "Return it to draft first, with a note: what was verified stays as it is", rule="return"
        )
    elif step.before == "verified" and step.given.state == "submitted":
        raise AnswerStepRefused("What was verified is returned to draft, not to submitted", rule="return")
    elif step.before in {"submitted", "verified"} and step.given.state == "draft" and step.given.note is None:
        raise Invalid.field("/note", "required", "Whoever answered must be told why it comes back")
    _check_complete(step.given)


def _check_partner(step: Step) -> None:
    if step.given.state == "verified":
        raise Forbidden("The office verifies answers")
    if step.given.demonstration:
        raise Forbidden("The office marks demonstration data")
    if not step.is_open:
        raise SurveyClosed("Ask the office to write the answer, or to open the survey again")
    if step.before in {"submitted", "verified"}:
        raise AnswerStepRefused(f"It is {step.before}: ask the office to return it", rule="returned_by_office")


def _check_complete(given: AnswerIn) -> None:
    if given.state != "draft" and all(value is None for value in given.values.values()):
        raise Invalid.field("/values", "required", "Nothing is answered yet")
    if given.state == "verified" and given.evidence is None and given.evidence_url is None:
        raise Invalid.field("/evidence", "required", "Only what can be checked is verified: say what it rests on")
