"""Questions that an event asks those who register: their shape. Answers are checked where people register."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_shared.errors import wrong_field
from klaster_shared.labels import ShortLabel
from klaster_shared.plain import Truth
from klaster_shared.texts import Code

QuestionKind = Literal["text", "number", "choice", "choices", "yes_no"]
_WITH_OPTIONS = frozenset({"choice", "choices"})
_MOST_QUESTIONS = 30  # more is a survey, which nobody fills in to come to an event
_MOST_OPTIONS = 50


class Option(BaseModel):
    """One of the answers to choose from. Answers keep its code: its label may change."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    label: ShortLabel


class Question(BaseModel):
    """One question: free text, a number, one of several options, any of them, or yes and no."""

    model_config = ConfigDict(extra="forbid")

    code: Code = Field(description="Answers are kept under it")
    kind: QuestionKind = "text"
    label: ShortLabel
    required: Truth = Field(False, description="Nobody registers without an answer")
    options: Annotated[list[Option], Field(max_length=_MOST_OPTIONS)] = []

    @model_validator(mode="after")
    def _has_its_options(self) -> Self:
        if (self.kind in _WITH_OPTIONS) != bool(self.options):
            said = "needs options to choose from" if self.kind in _WITH_OPTIONS else "takes no options"
            raise wrong_field("options", "options", f"A question of kind {self.kind} {said}")
        codes = [option.code for option in self.options]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                raise wrong_field(f"options/{number}/code", "code_twice", f"There is an option {code} already")
        return self


def _differ(questions: list[Question]) -> list[Question]:
    codes = [question.code for question in questions]
    for number, code in enumerate(codes):
        if code in codes[:number]:
            raise wrong_field(f"{number}/code", "code_twice", f"There is a question {code} already")
    return questions


Questions = Annotated[
    list[Question],
    AfterValidator(_differ),
    Field(
        max_length=_MOST_QUESTIONS,
        examples=[
            [
                {
                    "code": "diet",
                    "kind": "choice",
                    "label": {"pl": "Dieta", "en": "Diet"},
                    "required": False,
                    "options": [{"code": "vegan", "label": {"pl": "Wegańska", "en": "Vegan"}}],
                }
            ]
        ],
    ),
]
"""The questions of one event, in the order in which they are asked."""
