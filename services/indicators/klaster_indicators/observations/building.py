"""From what somebody states to the row of an observation."""

from datetime import datetime
from typing import Any

from klaster_indicators.observations.models import Observation
from klaster_indicators.observations.periods import Span
from klaster_indicators.observations.schemas import ObservationCreate
from klaster_shared.identifiers import new_id


def manual_row(
    given: ObservationCreate, *, measure: Any, span: Span, replaces: Any | None, recorded_by: str, now: datetime
) -> Observation:
    """A value that somebody found; `replaces` is the verified one whose place it takes."""
    return Observation(
        id=new_id(),
        measure_id=measure.measure_id,
        state=given.state,
        origin="manual",
        value=given.value,
        status=given.status,
        approximate=given.approximate,
        printed=given.printed,
        unit=given.unit or measure.unit,
        period=span.period,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        complete=span.complete,
        source=given.source,
        evidence=given.evidence,
        note=given.note,
        demonstration=0,
        reason=given.reason,
        supersedes=replaces.id if replaces is not None else None,
        recorded_at=now,
        recorded_by=recorded_by,
        verified_at=now if given.state == "verified" else None,
        version=1,
    )
