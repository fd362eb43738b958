"""Queries on questions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.survey_questions.models import SurveyQuestion
from klaster_registry.survey_questions.schemas import QuestionListParameters
from klaster_shared.pagination import after

ORDER = (by("position", col(SurveyQuestion.position)), by("code", col(SurveyQuestion.code)))


async def find_question(session: AsyncSession, code: str, *, held: bool = False) -> SurveyQuestion | None:
    """One question; `held` keeps other writers out until this transaction ends."""
    statement = select(SurveyQuestion).where(col(SurveyQuestion.code) == code)
    return await session.scalar(statement.with_for_update() if held else statement)


async def questions_page(session: AsyncSession, asked: QuestionListParameters) -> Sequence[SurveyQuestion]:
    """One page, and one row more where there is more."""
    statement: Any = select(SurveyQuestion).where(*_conditions(asked))
    return (await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all()


async def count_questions(session: AsyncSession, asked: QuestionListParameters) -> int:
    """How many the filters leave."""
    statement = select(func.count()).select_from(SurveyQuestion).where(*_conditions(asked))
    return int(await session.scalar(statement) or 0)


async def every_question(session: AsyncSession) -> Sequence[SurveyQuestion]:
    """All of them in their order: a survey is short."""
    order = (col(SurveyQuestion.position), col(SurveyQuestion.code))
    return (await session.scalars(select(SurveyQuestion).order_by(*order))).all()


def _conditions(asked: QuestionListParameters) -> list[ColumnElement[bool]]:
    return [] if asked.retired is None else [col(SurveyQuestion.retired).is_(asked.retired)]
