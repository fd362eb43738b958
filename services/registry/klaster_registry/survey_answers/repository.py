"""Queries on answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.periods import whole_years
from klaster_registry.survey_answers.models import SurveyAnswer, SurveyValue
from klaster_registry.survey_answers.schemas import AnswerListParameters, ValueListParameters
from klaster_registry.survey_questions.models import SurveyQuestion
from klaster_shared.pagination import after

ORDER = (by("entity", col(SurveyAnswer.entity_id)),)
VALUE_ORDER = (
    by("year", col(SurveyAnswer.year)),
    by("entity", col(SurveyAnswer.entity_id)),
    by("question", col(SurveyQuestion.code)),
)


@dataclass(frozen=True, slots=True)
class Summed:
    """What a set of values adds up to."""

    rows: int
    demonstration: int
    stated: int
    entities: int
    total: Decimal | None


async def find_answer(session: AsyncSession, year: int, entity_id: UUID, *, held: bool = False) -> SurveyAnswer | None:
    """What an entity answered in a year; `held` keeps other writers out until this transaction ends."""
    rows = SurveyAnswer
    statement = select(rows).where(col(rows.year) == year, col(rows.entity_id) == entity_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def answers_page(session: AsyncSession, year: int, asked: AnswerListParameters) -> Sequence[SurveyAnswer]:
    """One page of a year's answers, and one more where there is more."""
    statement: Any = select(SurveyAnswer).where(*_of_year(year, asked))
    return (await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all()


async def count_answers(session: AsyncSession, year: int, asked: AnswerListParameters) -> int:
    """How many answers the filters leave."""
    statement = select(func.count()).select_from(SurveyAnswer).where(*_of_year(year, asked))
    return int(await session.scalar(statement) or 0)


async def answers_of(session: AsyncSession, entity_id: UUID) -> Sequence[SurveyAnswer]:
    """Everything that an entity answered, held against other writers."""
    rows = SurveyAnswer
    statement = select(rows).where(col(rows.entity_id) == entity_id).order_by(col(rows.year)).with_for_update()
    return (await session.scalars(statement)).all()


async def values_of(session: AsyncSession, answers: Collection[UUID]) -> dict[UUID, dict[str, Decimal]]:
    """The values of these answers, by question."""
    found: dict[UUID, dict[str, Decimal]] = {}
    for row in await session.scalars(select(SurveyValue).where(col(SurveyValue.answer_id).in_(answers))):
        found.setdefault(row.answer_id, {})[row.question] = row.value
    return found


async def replace_values(session: AsyncSession, answer_id: UUID, values: Mapping[str, Decimal]) -> None:
    """Write the values of an answer anew."""
    statement = delete(SurveyValue).where(col(SurveyValue.answer_id) == answer_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(SurveyValue(answer_id=answer_id, question=code, value=value) for code, value in values.items())
    await session.flush()


async def delete_answer(session: AsyncSession, answer_id: UUID) -> None:
    """Remove an answer with its values."""
    await session.execute(delete(SurveyValue).where(col(SurveyValue.answer_id) == answer_id))
    await session.execute(delete(SurveyAnswer).where(col(SurveyAnswer.id) == answer_id))


async def values_page(session: AsyncSession, asked: ValueListParameters) -> Sequence[Any]:
    """One page of single values, unanswered questions among them, and one more where there is more."""
    columns: list[Any] = [
        SurveyAnswer.id,
        SurveyAnswer.year,
        SurveyAnswer.entity_id,
        SurveyAnswer.state,
        SurveyAnswer.demonstration,
        SurveyQuestion.code,
        SurveyQuestion.unit,
        SurveyValue.value,
    ]
    statement = after(_asked_for(select(*columns), asked), VALUE_ORDER, asked.cursor)
    found: Sequence[Any] = (await session.execute(statement.limit(asked.limit + 1))).all()
    return found


async def sum_values(session: AsyncSession, asked: ValueListParameters) -> Summed:
    """How many values are asked for, how many of them are stated, by how many entities, and their sum."""
    columns: list[Any] = [
        func.count(),
        func.coalesce(func.sum(case((col(SurveyAnswer.demonstration), 1), else_=0)), 0),
        func.count(col(SurveyValue.value)),
        func.count(case((col(SurveyValue.value).is_not(None), col(SurveyAnswer.entity_id))).distinct()),
        func.sum(col(SurveyValue.value)),
    ]
    rows, marked, stated, entities, total = (await session.execute(_asked_for(select(*columns), asked))).one()
    return Summed(int(rows), int(marked), int(stated), int(entities), total)


async def sums_by_question(session: AsyncSession, year: int) -> dict[str, tuple[int, Decimal]]:
    """Of a year's verified answers: how many answered each question, and their sum."""
    rows = SurveyValue
    statement = (
        select(col(rows.question), func.count(), func.sum(col(rows.value)))
        .join(SurveyAnswer, col(SurveyAnswer.id) == rows.answer_id)
        .where(col(SurveyAnswer.year) == year, col(SurveyAnswer.state) == "verified")
        .group_by(col(rows.question))
    )
    return {question: (answers, total) for question, answers, total in (await session.execute(statement)).all()}


def _of_year(year: int, asked: AnswerListParameters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(SurveyAnswer.year) == year]
    if asked.state:
        found.append(col(SurveyAnswer.state).in_(asked.state))
    if asked.entity:
        found.append(col(SurveyAnswer.entity_id).in_(asked.entity))
    if asked.demonstration is not None:
        found.append(col(SurveyAnswer.demonstration).is_(asked.demonstration))
    return found


def _asked_for(statement: Select[Any], asked: ValueListParameters) -> Select[Any]:
    """Each answer beside each question: what is in use and was not answered is a row without a value."""
    value = and_(col(SurveyValue.answer_id) == SurveyAnswer.id, col(SurveyValue.question) == SurveyQuestion.code)
    first, last = whole_years(asked.from_, asked.to)
    lists: list[tuple[Any, Sequence[Any]]] = [
        (SurveyQuestion.code, asked.question),
        (SurveyAnswer.state, asked.state),
        (SurveyAnswer.entity_id, asked.entity),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    if asked.demonstration is not None:
        found.append(col(SurveyAnswer.demonstration).is_(asked.demonstration))
    return (
        statement.select_from(SurveyAnswer)
        .join(SurveyQuestion, true())
        .join(SurveyValue, value, isouter=True)
        .where(
            *found,
            col(SurveyAnswer.year).between(first, last),
            or_(col(SurveyValue.value).is_not(None), col(SurveyQuestion.retired).is_(False)),
        )
    )
