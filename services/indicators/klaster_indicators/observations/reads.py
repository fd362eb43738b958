"""From rows of observations to what goes over the wire."""

from typing import Any

from klaster_indicators.document.targets import number_of_baseline
from klaster_indicators.observations.schemas import ObservationRead
from klaster_shared.labels import Label

_AS_THEY_ARE = (
    "id",
    "state",
    "origin",
    "status",
    "approximate",
    "printed",
    "unit",
    "period",
    "complete",
    "source",
    "note",
    "figure",
    "rows",
    "demonstration",
    "pulled_at",
    "checked_at",
    "reason",
    "supersedes",
    "superseded_at",
    "superseded_reason",
    "recorded_at",
    "version",
)


def observation_read(
    row: Any, *, indicator: str, measure: str, for_office: bool, definition: Label | None = None
) -> ObservationRead:
    """An observation; who recorded it is for the office alone."""
    return ObservationRead.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        indicator=indicator,
        measure=measure,
        value=number_of_baseline(row.value, row.status),
        from_=row.starts_on,
        to=row.ends_on,
        evidence=row.evidence or [],
        definition=definition or definition_of(row),
        recorded_by=row.recorded_by if for_office else None,
    )


def definition_of(row: Any) -> Label | None:
    """What the figure behind an observation counted."""
    if row.figure_definition_id is None:
        return None
    return Label(pl=row.definition_pl, en=row.definition_en)
