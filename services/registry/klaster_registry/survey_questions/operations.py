"""Rules of questions: codes and units stay, questions are retired rather than deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.survey_questions import repository
from klaster_registry.survey_questions.errors import QuestionExists, QuestionNotFound
from klaster_registry.survey_questions.models import SurveyQuestion
from klaster_registry.survey_questions.schemas import QuestionCreate, QuestionListParameters, QuestionUpdate
from klaster_shared.changes import record_change
from klaster_shared.labels import Language, label_text

COLLECTION = "survey_questions"


async def list_questions(session: AsyncSession, *, parameters: QuestionListParameters) -> Sequence[SurveyQuestion]:
    """One page, and one row more where there is more."""
    return await repository.questions_page(session, parameters)


async def count_questions(session: AsyncSession, *, parameters: QuestionListParameters) -> int:
    """How many there are in all."""
    return await repository.count_questions(session, parameters)


async def every_question(session: AsyncSession) -> Sequence[SurveyQuestion]:
    """All questions in their order, retired ones too."""
    return await repository.every_question(session)


async def get_question(session: AsyncSession, *, code: str, held: bool = False) -> SurveyQuestion:
    """One question (`held` where it is to be changed); raises QuestionNotFound."""
    found = await repository.find_question(session, code, held=held)
    if found is None:
        raise QuestionNotFound(f"The survey has no question {code}")
    return found


async def create_question(session: AsyncSession, *, given: QuestionCreate, now: datetime) -> SurveyQuestion:
    """Add a question; raises QuestionExists."""
    if await repository.find_question(session, given.code) is not None:
        raise QuestionExists(f"The survey has {given.code} already")
    question = SurveyQuestion(
        code=given.code,
        name_pl=given.name.pl,
        name_en=given.name.en,
        unit=given.unit,
        position=given.position,
        retired=False,
        version=1,
        updated_at=now,
    )
    session.add(question)
    await session.flush()
    _note(session, question, "created")
    return question


async def change_question(
    session: AsyncSession, *, question: SurveyQuestion, given: QuestionUpdate, now: datetime
) -> SurveyQuestion:
    """Change a question's words or place, or retire it."""
    values = given.model_dump()
    if "name" in values:
        label = values.pop("name")
        values |= {"name_pl": label["pl"], "name_en": label["en"]}
    changed = [name for name, value in values.items() if getattr(question, name) != value]
    if not changed:
        return question
    for name in changed:
        setattr(question, name, values[name])
    question.version += 1
    question.updated_at = now
    _note(session, question, "updated", changed)
    return question


def record_of(question: SurveyQuestion, language: Language) -> dict[str, Any]:
    """A question as it is written in answers and in the change log."""
    return {
        "code": question.code,
        "name": label_text(question.name_pl, question.name_en, language),
        "unit": question.unit,
        "position": question.position,
        "retired": question.retired,
        "version": question.version,
        "updated_at": question.updated_at,
    }


def _note(session: AsyncSession, question: SurveyQuestion, kind: Any, changed: Sequence[str] = ()) -> None:
    record = record_of(question, "all")
    record_change(session, kind=kind, collection=COLLECTION, id=question.code, changed=changed, record=record)
