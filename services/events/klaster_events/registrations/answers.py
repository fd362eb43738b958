"""Answers to an event's own questions: whether they are answers at all."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from klaster_shared.errors import FieldError, Invalid

MOST_LETTERS = 2000  # of one answer in free text


def check_answers(questions: Sequence[Mapping[str, Any]] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to keep: empty ones are none.

    Raises Invalid with a pointer to each: a question that is not asked, an answer of another kind, a missing one.
    """
    asked = {question["code"]: question for question in questions or ()}
    answers = {code: answer for code, answer in given.items() if answer not in (None, "", [])}
    wrong = [
        _error(code, "unknown_question", f"The event does not ask {code[:60]}") for code in given if code not in asked
    ]
    for code, question in asked.items():
        if code not in answers:
            if question.get("required"):
                wrong.append(_error(code, "answer_required", "Nobody registers without an answer"))
        elif (reason := _reason(question, answers[code])) is not None:
            wrong.append(_error(code, "answer", reason))
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)
    return answers


def _error(code: str, kind: str, detail: str) -> FieldError:
    pointer = "/answers/" + code.replace("~", "~0").replace("/", "~1")
    return FieldError(pointer=pointer, code=kind, detail=detail)


def _reason(question: Mapping[str, Any], answer: Any) -> str | None:
    """Why something is no answer to a question; None where it is one."""
    codes = [option["code"] for option in question.get("options") or ()]
    match question["kind"]:
        case "text":
            good = isinstance(answer, str) and len(answer) <= MOST_LETTERS and "\0" not in answer
            return None if good else f"This is answered by a text of up to {MOST_LETTERS} characters"
        case "number":
            is_number = isinstance(answer, int | float) and not isinstance(answer, bool) and isfinite(answer)
            return None if is_number else "This is answered by a number"
        case "yes_no":
            return None if isinstance(answer, bool) else "This is answered by true or false"
        case "choice":
            return None if answer in codes else f"Choose one of: {', '.join(codes)}"
        case "choices":
            chosen = answer if isinstance(answer, list) else [None]
            good = len(chosen) == len({str(one) for one in chosen}) and all(one in codes for one in chosen)
            return None if good else f"Choose any of: {', '.join(codes)}, each once"
    return "This question cannot be answered here"
