"""What the door reads of a scan: who it is, what became of it, what to do. Names and entities, never addresses."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.checkin.models import Scan
from klaster_events.checkin.reasons import ACCEPTED, LEFT, REASONS, Words
from klaster_events.checkin.scanning import Outcome
from klaster_events.checkin.schemas import ScanCreate
from klaster_events.entities import operations as entities
from klaster_events.people import operations as people
from klaster_events.registrations.models import Registration
from klaster_shared.errors import Problem
from klaster_shared.labels import Language, label_text

Shown = dict[UUID, dict[str, Any]]


async def verdicts(
    session: AsyncSession, *, outcomes: Sequence[Outcome], languages: Sequence[Language]
) -> list[dict[str, Any]]:
    """Each outcome as the door reads it, in its language."""
    ids = {outcome.scan.person_id for outcome in outcomes if outcome.scan and outcome.scan.person_id}
    registered = [one.arrived.registration for one in outcomes if one.arrived and one.arrived.registration]
    shown = await arrivals(session, people_ids=ids, registrations=registered)
    return [_verdict(outcome, shown, language) for outcome, language in zip(outcomes, languages, strict=True)]


async def arrivals(
    session: AsyncSession, *, people_ids: Iterable[UUID], registrations: Iterable[Registration]
) -> Shown:
    """What the door may read of these people: name and entity."""
    named = await people.names_of(session, ids=set(people_ids))
    of_person = {one.person_id: one.entity_id for one in registrations if one.entity_id is not None}
    known = await entities.names(session, ids=set(of_person.values())) if of_person else {}
    return {
        person_id: {
            "name": person["name"],
            "entity": known[of_person[person_id]]["name"] if person_id in of_person else None,
        }
        for person_id, person in named.items()
    }


def scan_record(scan: Scan) -> dict[str, Any]:
    """A scan as history shows it."""
    plain = scan.model_dump(exclude={"payload", "kind", "list_id", "happened_at"})
    return {**plain, "list": scan.list_id, "type": scan.kind, "datetime": scan.happened_at}


def _verdict(outcome: Outcome, shown: Shown, language: Language) -> dict[str, Any]:
    if outcome.unstored is not None:
        return _not_stored(*outcome.unstored, language)
    scan = outcome.scan
    assert scan is not None
    words = _words(scan)
    return {
        "nonce": scan.nonce,
        "list": scan.list_id,
        "type": scan.kind,
        "datetime": scan.happened_at,
        "received_at": scan.received_at,
        "accepted": scan.reason is None,
        "stored": True,
        "reason": scan.reason,
        **_said(words, language),
        "forced": scan.forced,
        "undone_at": scan.undone_at,
        "registration_id": scan.registration_id,
        "person": shown.get(scan.person_id) if scan.person_id else None,
        "first_at": outcome.first_at,
        "problem": None,
    }


def _words(scan: Scan) -> Words:
    if scan.reason is not None:
        return next(words for reason, words in REASONS.items() if reason == scan.reason)
    return ACCEPTED if scan.kind == "entry" else LEFT


def _said(words: Words, language: Language) -> dict[str, Any]:
    return {
        "message": label_text(words.message.pl, words.message.en, language),
        "advice": label_text(words.advice.pl, words.advice.en, language),
    }


def _not_stored(given: ScanCreate, problem: Problem, language: Language) -> dict[str, Any]:
    return {
        "nonce": given.nonce,
        "list": given.list_id,
        "type": given.type,
        "datetime": given.happened_at,
        "received_at": None,
        "accepted": False,
        "stored": False,
        "reason": "error",
        **_said(REASONS["error"], language),
        "forced": given.force,
        "undone_at": None,
        "registration_id": None,
        "person": None,
        "first_at": None,
        "problem": problem.code,
    }
