"""From a review's decisions to a draft: corrected goals get their new targets, dropped ones are taken out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.drafts.kinds import KINDS, Document, Kind
from klaster_indicators.drafts.operations import correct_in_draft, remove_part
from klaster_indicators.framework.errors import ContradictoryStrategy
from klaster_indicators.framework.models import Edition
from klaster_indicators.framework.operations import edition_to_change
from klaster_indicators.reviews import repository
from klaster_indicators.reviews.models import CouncilReview, ReviewDecision
from klaster_indicators.reviews.operations import note_change, require_open
from klaster_indicators.reviews.schemas import Outcome
from klaster_indicators.strategy.operations import require_draft
from klaster_shared.errors import FieldError, Invalid

_MEASURED = [kind for kind in KINDS if kind.many in {"goals", "indicators"}]


async def apply_review(
    session: AsyncSession, *, review: CouncilReview, edition_code: str, now: datetime
) -> CouncilReview:
    """Write every decision of a review that is held into a draft, all or none, and close the review.

    What was measured and is dropped is retired: its observations stay. What the draft no longer has is left alone.
    Raises ReviewClosed, EditionNotFound, EditionAdopted, PartInUse, ContradictoryStrategy, or Invalid where the draft
    has another measure than was corrected.
    """
    require_open(review)
    edition = await edition_to_change(session, code=edition_code)
    require_draft(edition)
    decisions = (await repository.decisions_of(session, [review.id])).get(review.id, [])
    for decision in decisions:
        decision.outcome = await _carry_out(session, edition, decision, now)
    review.applied_to = edition.code
    review.applied_at = now
    review.version += 1
    review.updated_at = now
    await note_change(session, review, "updated", ["applied", "decisions", "state"])
    return review


async def _carry_out(session: AsyncSession, edition: Edition, decision: ReviewDecision, now: datetime) -> Outcome:
    if decision.decision == "confirmed":
        return "kept"
    found = _find(edition, decision.code)
    if found is None:
        return "gone"
    kind, item = found
    if decision.decision == "dropped":
        removed = await remove_part(session, edition=edition, kind=kind, code=decision.code, now=now)
        return "retired" if any(part.observations for part in removed) else "deleted"
    await _correct(session, edition, decision, _changes(item, decision), now)
    return "retargeted"


async def _correct(
    session: AsyncSession, edition: Edition, decision: ReviewDecision, changes: Mapping[str, Any], now: datetime
) -> None:
    try:
        await correct_in_draft(session, edition_code=edition.code, code=decision.code, changes=changes, now=now)
    except ContradictoryStrategy as refused:
        # Its places are those of the goal, which nobody sent: what was sent is the draft to write into.
        errors = [
            FieldError(pointer="/edition", code=one["code"], detail=f"{decision.code}{one['pointer']}: {one['detail']}")
            for one in refused.errors
        ]
        raise ContradictoryStrategy(errors[0]["detail"], errors=errors) from refused


def _find(edition: Edition, code: str) -> tuple[Kind, Document] | None:
    document = from_json(edition.document)
    for kind in _MEASURED:
        for _, item in kind.places(document):
            if item["code"] == code:
                return kind, item
    return None


def _changes(item: Document, decision: ReviewDecision) -> dict[str, Any]:
    correction = decision.correction or {}
    targets = {target["measure"]: target for target in correction["targets"]}
    missing = targets.keys() - {measure["code"] for measure in item["measures"]}
    if missing:
        detail = f"The draft's {decision.code} has no measure {', '.join(sorted(missing))}"
        raise Invalid.field("/edition", "unknown_measure", detail)
    changes: dict[str, Any] = {
        "measures": [_retargeted(measure, targets.get(measure["code"])) for measure in item["measures"]]
    }
    if correction.get("printed") is not None and "printed" in item:
        changes["printed"] = {**item["printed"], "target": correction["printed"]}
    return changes


def _retargeted(measure: Document, stated: Mapping[str, Any] | None) -> Document:
    if stated is None:
        return measure
    kept = {name: value for name, value in measure.items() if name != "target"}
    if stated["target"] is not None:
        kept["target"] = stated["target"]
    if stated.get("direction") is not None:
        kept["direction"] = stated["direction"]
    return kept
