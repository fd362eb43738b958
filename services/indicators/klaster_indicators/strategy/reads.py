"""From editions and their differences to what goes over the wire."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from klaster_indicators.framework import operations as framework
from klaster_indicators.framework.lifecycle import Lifecycle
from klaster_indicators.strategy.differences import Difference
from klaster_indicators.strategy.schemas import DifferenceField, DifferenceRead, EditionsDiffRead, EditionSummary
from klaster_shared.history import in_language
from klaster_shared.labels import Language


def edition_summary(row: Any, lifecycle: Lifecycle, language: Language) -> EditionSummary:
    """An edition without its document, in the language asked for."""
    return EditionSummary(
        id=row.id,
        code=row.code,
        title=framework.label_of(row, language, "title"),
        state=lifecycle.state_of(row),
        adopted=row.adopted,
        superseded=lifecycle.superseded_on(row),
        copied_from=row.copied_from,
        baseline_year_programme=row.baseline_year_programme,
        baseline_year_effect=row.baseline_year_effect,
        target_year=row.target_year,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def diff_read(
    old: str, new: str, found: Sequence[Difference], *, observed: Mapping[str, int], language: Language
) -> EditionsDiffRead:
    """The differences of two editions; names in the language asked for, what changed in both."""
    return EditionsDiffRead(
        from_=old,
        to=new,
        counts=dict(Counter(one.change for one in found)),
        items=[_difference(one, observed, language) for one in found],
    )


def _difference(one: Difference, observed: Mapping[str, int], language: Language) -> DifferenceRead:
    measured = one.change == "gone" and one.part in {"indicator", "goal"}
    return DifferenceRead(
        change=one.change,
        part=one.part,
        code=one.code,
        name=in_language(one.name, language),
        fields=[DifferenceField(field=name, before=before, after=after) for name, before, after in one.fields],
        observations=observed.get(one.code, 0) if measured else None,
    )
