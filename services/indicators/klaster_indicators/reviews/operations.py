"""Rules of reviews: one decision a goal, on what the edition has; what was applied is closed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.framework.operations import find_edition, read_framework
from klaster_indicators.indicators.operations import read_indicators
from klaster_indicators.reviews import repository
from klaster_indicators.reviews.errors import ReviewClosed, ReviewNotFound
from klaster_indicators.reviews.models import CouncilReview, ReviewDecision
from klaster_indicators.reviews.schemas import (
    ReviewCreate,
    ReviewDecisionGiven,
    ReviewListParameters,
    ReviewUpdate,
    Verdict,
)
from klaster_shared.changes import Kind, record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text

COLLECTION = "reviews"


async def list_reviews(
    session: AsyncSession, *, parameters: ReviewListParameters, today: date
) -> Sequence[CouncilReview]:
    """One page, and one row more where there is more."""
    return await repository.page(session, parameters)


async def count_reviews(session: AsyncSession, *, parameters: ReviewListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    return await repository.count(session, parameters)


async def get_review(session: AsyncSession, *, record_id: UUID, held: bool = False) -> CouncilReview:
    """One review (`held` where it is to be changed); raises ReviewNotFound."""
    found = await repository.find(session, record_id, held=held)
    if found is None:
        raise ReviewNotFound(f"There is no review {record_id}")
    return found


def require_open(review: CouncilReview) -> None:
    """Refuse to change a review that was applied; raises ReviewClosed."""
    if review.applied_at is not None:
        raise ReviewClosed(f"It was applied to {review.applied_to}: what changes now is decided in another review")


async def create_review(session: AsyncSession, *, given: ReviewCreate, now: datetime) -> CouncilReview:
    """Record a session of the council; raises EditionNotFound, or Invalid (unknown or repeated codes)."""
    await _check_decisions(session, given.edition, given.decisions)
    review = CouncilReview(
        id=new_id(),
        held_on=given.on,
        edition=given.edition,
        title_pl=given.title.pl,
        title_en=given.title.en,
        participants=[one.model_dump(mode="json") for one in given.participants],
        note=given.note,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(review)
    await session.flush()
    await repository.replace_decisions(session, review.id, _rows(review.id, given.decisions))
    await note_change(session, review, "created")
    return review


async def change_review(
    session: AsyncSession, *, record: CouncilReview, given: ReviewUpdate, now: datetime
) -> CouncilReview:
    """Merge a change into a review that is held; raises ReviewClosed, or Invalid (unknown or repeated codes)."""
    require_open(record)
    [before] = await records_of(session, records=[record])
    decisions: Any = given.decisions
    if "decisions" in given.model_fields_set:
        await _check_decisions(session, record.edition, decisions)
    for name, value in _columns(given).items():
        setattr(record, name, value)
    if "decisions" in given.model_fields_set:
        await repository.replace_decisions(session, record.id, _rows(record.id, decisions))
    [after] = await records_of(session, records=[record])
    changed = [name for name in ReviewUpdate.model_fields if before[name] != after[name]]
    if changed:
        record.version += 1
        record.updated_at = now
        await note_change(session, record, "updated", changed)
    return record


def _columns(given: ReviewUpdate) -> dict[str, Any]:
    said = given.model_dump(mode="python", include=given.model_fields_set - {"decisions", "participants"})
    columns: dict[str, Any] = {}
    for name, value in said.items():
        if name == "title":
            columns |= {"title_pl": value["pl"], "title_en": value["en"]}
        else:
            columns["held_on" if name == "on" else name] = value
    if "participants" in given.model_fields_set:
        people: Any = given.participants
        columns["participants"] = [one.model_dump(mode="json") for one in people]
    return columns


async def delete_review(session: AsyncSession, *, record: CouncilReview) -> None:
    """Remove a review that was not applied; the feed keeps a tombstone. Raises ReviewClosed."""
    require_open(record)
    await repository.remove(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)


async def _check_decisions(session: AsyncSession, edition: str, decisions: Sequence[ReviewDecisionGiven]) -> None:
    framework = await read_framework(session, edition=await find_edition(session, code=edition))
    known = {
        facts.definition.code: {measure.definition.code for measure in facts.measures}
        for facts in await read_indicators(session, framework=framework)
    }
    seen: set[str] = set()
    for index, given in enumerate(decisions):
        place = f"/decisions/{index}"
        if given.code not in known:
            raise Invalid.field(f"{place}/code", "unknown_indicator", f"{edition} has no indicator {given.code}")
        if given.code in seen:
            raise Invalid.field(f"{place}/code", "decided_twice", f"There is a decision on {given.code} already")
        seen.add(given.code)
        for at, target in enumerate(given.correction.targets if given.correction else ()):
            if target.measure not in known[given.code]:
                where = f"{place}/correction/targets/{at}/measure"
                raise Invalid.field(where, "unknown_measure", f"{given.code} has no measure {target.measure}")


def _rows(review_id: UUID, decisions: Sequence[ReviewDecisionGiven]) -> list[ReviewDecision]:
    return [
        ReviewDecision(
            review_id=review_id,
            code=given.code,
            position=position,
            decision=given.decision,
            reason=given.reason,
            correction=given.correction.model_dump(mode="json", exclude_unset=True) if given.correction else None,
        )
        for position, given in enumerate(decisions)
    ]


async def records_of(
    session: AsyncSession, *, records: Sequence[CouncilReview], day: date | None = None, language: Language = "all"
) -> list[dict[str, Any]]:
    """Reviews as they are written in answers: one query more, however many there are."""
    decisions = await repository.decisions_of(session, [review.id for review in records])
    return [_record(review, decisions.get(review.id, []), language) for review in records]


def _record(review: CouncilReview, decisions: Sequence[ReviewDecision], language: Language) -> dict[str, Any]:
    counts = Counter(one.decision for one in decisions)
    applied = {"edition": review.applied_to, "at": review.applied_at} if review.applied_at else None
    return {
        "id": review.id,
        "on": review.held_on,
        "edition": review.edition,
        "title": label_text(review.title_pl, review.title_en, language),
        "participants": review.participants,
        "decisions": [one.model_dump(exclude={"review_id", "position"}) for one in decisions],
        "counts": {verdict: counts[verdict] for verdict in get_args(Verdict)},
        "state": "applied" if applied else "open",
        "applied": applied,
        "note": review.note,
        "demonstration": review.demonstration,
        "version": review.version,
        "created_at": review.created_at,
        "updated_at": review.updated_at,
    }


async def note_change(session: AsyncSession, review: CouncilReview, kind: Kind, changed: Sequence[str] = ()) -> None:
    """Note a change of a review for the feed and for its history."""
    [record] = await records_of(session, records=[review])
    record_change(session, kind=kind, collection=COLLECTION, id=review.id, changed=changed, record=record)
