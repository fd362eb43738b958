"""Rules of answers: one an entity and year, kept exactly, seen by who gave it and by the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.survey_answers import repository
from klaster_registry.survey_answers.errors import AnswerNotFound
from klaster_registry.survey_answers.models import SurveyAnswer
from klaster_registry.survey_answers.repository import Summed
from klaster_registry.survey_answers.schemas import AnswerIn, AnswerListParameters, ValueListParameters
from klaster_registry.survey_answers.steps import Step, check_step
from klaster_registry.survey_questions import operations as questions
from klaster_registry.surveys.models import Survey
from klaster_shared.changes import record_change
from klaster_shared.dates import earliest
from klaster_shared.decimals import as_number
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label, Language, label_text

COLLECTION = "survey_answers"
FEWEST = 3  # with two, each of them could work out what the other said
_TOO_FEW = Label(
    pl="Odpowiedziało mniej niż trzech: suma zdradziłaby pojedyncze odpowiedzi",
    en="Fewer than three answered: a sum would give single answers away",
)
_WORDS = ("state", "evidence", "evidence_url", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends an answer, and whether the office does."""

    entity: UUID
    office: bool


async def list_answers(session: AsyncSession, *, year: int, parameters: AnswerListParameters) -> Sequence[SurveyAnswer]:
    """One page of a year's answers, and one more where there is more."""
    return await repository.answers_page(session, year, parameters)


async def count_answers(session: AsyncSession, *, year: int, parameters: AnswerListParameters) -> int:
    """How many answers the parameters ask for."""
    return await repository.count_answers(session, year, parameters)


async def find_answer(session: AsyncSession, *, year: int, entity: UUID, held: bool = False) -> SurveyAnswer | None:
    """What an entity answered in a year (`held` where it is to be changed), if anything."""
    return await repository.find_answer(session, year, entity, held=held)


async def get_answer(session: AsyncSession, *, year: int, entity: UUID, held: bool = False) -> SurveyAnswer:
    """What an entity answered in a year; raises AnswerNotFound."""
    found = await find_answer(session, year=year, entity=entity, held=held)
    if found is None:
        raise AnswerNotFound(f"{entity} did not answer the survey of {year}")
    return found


async def write_answer(
    session: AsyncSession,
    *,
    survey: Survey,
    answer: SurveyAnswer | None,
    sender: Sender,
    given: AnswerIn,
    now: datetime,
) -> SurveyAnswer:
    """Write an entity's answer, whole: a new one, or over one that is held.

    Raises EntityNotFound, Invalid (unknown questions, an entity that was not founded yet, what a step needs), and what
    check_step raises. The same again changes nothing.
    """
    await _check_questions(session, given.values)
    values = {code: value for code, value in given.values.items() if value is not None}
    known = (await repository.values_of(session, [answer.id])).get(answer.id, {}) if answer else {}
    changed = _changes(answer, given) + ["values"] * (values != known)
    same = not set(changed) - {"state", "note"}
    before: Any = answer.state if answer else None
    is_open = survey.state == "open"
    check_step(Step(before=before, given=given, office=sender.office, is_open=is_open, same=same))
    if answer is None:
        return await _add(session, survey, sender, given, values, now)
    if changed:
        for name in _WORDS:
            setattr(answer, name, getattr(given, name))
        answer.version += 1
        answer.updated_at = now
        await repository.replace_values(session, answer.id, values)
        await _log(session, answer, "updated", changed)
    return answer


async def _add(
    session: AsyncSession,
    survey: Survey,
    sender: Sender,
    given: AnswerIn,
    values: Mapping[str, Decimal],
    now: datetime,
) -> SurveyAnswer:
    await _check_life(session, survey.year, sender.entity)
    answer = SurveyAnswer(
        id=new_id(),
        year=survey.year,
        entity_id=sender.entity,
        **{name: getattr(given, name) for name in _WORDS},
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(answer)
    await session.flush()
    await repository.replace_values(session, answer.id, values)
    await _log(session, answer, "created")
    return answer


async def delete_answer(session: AsyncSession, *, answer: SurveyAnswer) -> None:
    """Remove an answer; the office's feed keeps a tombstone."""
    await repository.delete_answer(session, answer.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=answer.id, audience="office")


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """Answers go with their entity into the one that it was merged into.

    Where both answered one year, the survivor's answer stays, with a note; the other ends in it.
    """
    kept = {answer.year: answer for answer in await repository.answers_of(session, new)}
    for answer in await repository.answers_of(session, old):
        survivor = kept.get(answer.year)
        if survivor is None:
            answer.entity_id = new
            changed = ["entity"]
        else:
            await repository.delete_answer(session, answer.id)
            record_change(
                session,
                kind="merged",
                collection=COLLECTION,
                id=answer.id,
                audience="office",
                merged_into=survivor.id,
            )
            answer, changed = survivor, ["note"]  # noqa: PLW2901 # what is written now is the one that stays
            answer.note = f"The answer of {old}, merged into this entity, was given up"
        answer.version += 1
        answer.updated_at = now
        await session.flush()
        await _log(session, answer, "updated", changed)


async def list_values(session: AsyncSession, *, parameters: ValueListParameters) -> Sequence[Any]:
    """One page of single values, and one more where there is more."""
    return await repository.values_page(session, parameters)


async def sum_values(session: AsyncSession, *, parameters: ValueListParameters) -> Summed:
    """What the values asked for add up to: a figure's arithmetic, over the very rows of the list."""
    return await repository.sum_values(session, parameters)


async def sums_of(session: AsyncSession, *, year: int, language: Language) -> list[dict[str, Any]]:
    """A year's verified answers added up, question by question; no sum where fewer than three answered."""
    found = await repository.sums_by_question(session, year)
    items = []
    for question in await questions.every_question(session):
        answers, total = found.get(question.code, (0, Decimal(0)))
        if question.retired and not answers:
            continue
        enough = answers >= FEWEST
        items.append(
            {
                "question": question.code,
                "name": label_text(question.name_pl, question.name_en, language),
                "unit": question.unit,
                "sum": as_number(total) if enough else None,
                "answers": answers,
                "reason": None if enough else label_text(_TOO_FEW.pl, _TOO_FEW.en, language),
            }
        )
    return items


async def records_of(session: AsyncSession, *, answers: Sequence[SurveyAnswer]) -> list[dict[str, Any]]:
    """Answers as they are written: three queries more, however many there are."""
    names = await entities.names_of(session, ids=[answer.entity_id for answer in answers])
    values = await repository.values_of(session, [answer.id for answer in answers])
    asked = [question.code for question in await questions.every_question(session) if not question.retired]
    return [_record(answer, names[answer.entity_id], values.get(answer.id, {}), asked) for answer in answers]


def _record(answer: SurveyAnswer, name: str, values: Mapping[str, Decimal], asked: Sequence[str]) -> dict[str, Any]:
    codes = dict.fromkeys([*asked, *sorted(values)])
    return {
        "id": answer.id,
        "year": answer.year,
        "entity": {"id": answer.entity_id, "name": name},
        "state": answer.state,
        "values": {code: as_number(values[code]) if code in values else None for code in codes},
        "evidence": answer.evidence,
        "evidence_url": answer.evidence_url,
        "note": answer.note,
        "demonstration": answer.demonstration,
        "version": answer.version,
        "created_at": answer.created_at,
        "updated_at": answer.updated_at,
    }


async def value_records(session: AsyncSession, *, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Single values as they are written: a query more, however many there are."""
    names = await entities.names_of(session, ids=[row.entity_id for row in rows])
    return [
        {
            "id": f"{row.id}.{row.code}",
            "year": row.year,
            "entity": {"id": row.entity_id, "name": names[row.entity_id]},
            "question": row.code,
            "unit": row.unit,
            "state": row.state,
            "value": None if row.value is None else as_number(row.value),
            "demonstration": row.demonstration,
        }
        for row in rows
    ]


async def _check_questions(session: AsyncSession, values: Mapping[str, Decimal | None]) -> None:
    known = {question.code for question in await questions.every_question(session)}
    wrong = [
        FieldError(pointer=f"/values/{code}", code="unknown_code", detail=f"The survey has no question {code}")
        for code in values
        if code not in known
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)


async def _check_life(session: AsyncSession, year: int, entity: UUID) -> None:
    saved = await entities.read_entity(session, reference=str(entity))
    founded = from_json(saved.document)["founded_on"]
    if founded and earliest(founded).year > year:
        raise Invalid.field("path/year", "before_founded", f"It was founded in {earliest(founded).year}")


def _changes(answer: SurveyAnswer | None, given: AnswerIn) -> list[str]:
    return [name for name in _WORDS if answer and getattr(answer, name) != getattr(given, name)]


async def _log(session: AsyncSession, answer: SurveyAnswer, kind: Any, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, answers=[answer])
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=answer.id,
        changed=changed,
        record=record,
        audience="office",
    )
