"""Queries on surveys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.surveys.models import Survey
from klaster_registry.surveys.schemas import SurveyListParameters
from klaster_shared.pagination import after

ORDER = (by("year", col(Survey.year)),)


async def find_survey(session: AsyncSession, year: int, *, held: bool = False) -> Survey | None:
    """The survey of a year; `held` keeps other writers out until this transaction ends."""
    statement = select(Survey).where(col(Survey.year) == year)
    return await session.scalar(statement.with_for_update() if held else statement)


async def surveys_page(session: AsyncSession, asked: SurveyListParameters) -> Sequence[Survey]:
    """One page, and one row more where there is more."""
    statement: Any = select(Survey).where(*_conditions(asked))
    return (await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))).all()


async def count_surveys(session: AsyncSession, asked: SurveyListParameters) -> int:
    """How many the filters leave."""
    return int(await session.scalar(select(func.count()).select_from(Survey).where(*_conditions(asked))) or 0)


async def delete_survey(session: AsyncSession, year: int) -> None:
    """Remove a survey; one that was answered stays, its answers name it."""
    await session.execute(delete(Survey).where(col(Survey.year) == year))


def _conditions(asked: SurveyListParameters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Survey.state).in_(asked.state)] if asked.state else []
    if asked.demonstration is not None:
        found.append(col(Survey.demonstration).is_(asked.demonstration))
    return found
