"""Rules of surveys: one a year, opened and closed by the office."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.surveys import repository
from klaster_registry.surveys.errors import SurveyExists, SurveyNotFound
from klaster_registry.surveys.models import Survey
from klaster_registry.surveys.schemas import SurveyCreate, SurveyListParameters, SurveyUpdate
from klaster_shared.changes import record_change
from klaster_shared.labels import Label, Language, label_text

COLLECTION = "surveys"


async def list_surveys(session: AsyncSession, *, parameters: SurveyListParameters) -> Sequence[Survey]:
    """One page, and one row more where there is more."""
    return await repository.surveys_page(session, parameters)


async def count_surveys(session: AsyncSession, *, parameters: SurveyListParameters) -> int:
    """How many there are in all."""
    return await repository.count_surveys(session, parameters)


async def get_survey(session: AsyncSession, *, year: int, held: bool = False) -> Survey:
    """The survey of a year (`held` where it is to be changed); raises SurveyNotFound."""
    found = await repository.find_survey(session, year, held=held)
    if found is None:
        raise SurveyNotFound(f"There is no survey of {year}")
    return found


async def create_survey(session: AsyncSession, *, given: SurveyCreate, now: datetime) -> Survey:
    """Begin the survey of a year; raises SurveyExists."""
    if await repository.find_survey(session, given.year) is not None:
        raise SurveyExists(f"There is a survey of {given.year} already")
    survey = Survey(
        year=given.year,
        state=given.state,
        deadline=given.deadline,
        **_note_values(given.note),
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(survey)
    await session.flush()
    _log(session, survey, "created")
    return survey


async def change_survey(session: AsyncSession, *, survey: Survey, given: SurveyUpdate, now: datetime) -> Survey:
    """Open or close a survey that is held, or move its deadline."""
    said = given.model_fields_set
    values: dict[str, Any] = {name: getattr(given, name) for name in ("state", "deadline") if name in said}
    if "note" in said:
        values |= _note_values(given.note)  # type: ignore[arg-type]
    changed = [name for name, value in values.items() if getattr(survey, name) != value]
    if not changed:
        return survey
    for name in changed:
        setattr(survey, name, values[name])
    survey.version += 1
    survey.updated_at = now
    _log(session, survey, "updated", changed)
    return survey


async def delete_survey(session: AsyncSession, *, survey: Survey) -> None:
    """Remove a survey that nobody answered; the feed keeps a tombstone."""
    await repository.delete_survey(session, survey.year)
    record_change(session, kind="deleted", collection=COLLECTION, id=str(survey.year))


def record_of(survey: Survey, language: Language) -> dict[str, Any]:
    """A survey as it is written in answers and in the change log."""
    noted = survey.note_pl and survey.note_en
    return {
        "year": survey.year,
        "state": survey.state,
        "deadline": survey.deadline,
        "note": label_text(survey.note_pl or "", survey.note_en or "", language) if noted else None,
        "demonstration": survey.demonstration,
        "version": survey.version,
        "created_at": survey.created_at,
        "updated_at": survey.updated_at,
    }


def _note_values(note: Label | None) -> dict[str, str | None]:
    return {"note_pl": note.pl if note else None, "note_en": note.en if note else None}


def _log(session: AsyncSession, survey: Survey, kind: Any, changed: Sequence[str] = ()) -> None:
    record = record_of(survey, "all")
    record_change(session, kind=kind, collection=COLLECTION, id=str(survey.year), changed=changed, record=record)
