"""Indicators as a document states them, put together without tables: for what was recorded once and is no more."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from klaster_indicators.database import Base
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.indicators.definitions import rows_of
from klaster_indicators.indicators.facts import IndicatorFacts, put_together
from klaster_indicators.indicators.filters import Filter

Identities = Mapping[tuple[str, str | None], UUID]


def facts_in(document: StrategyDocument, *, edition_id: UUID, identities: Identities) -> list[IndicatorFacts]:
    """What the document says of its indicators, in its order, as the tables would give it."""
    rows = rows_of(document, edition_id=edition_id, identify=lambda code, measure: identities[code, measure])
    definitions, effects, measures, baselines, targets = rows
    codes = {id_: measure or code for (code, measure), id_ in identities.items()}
    return put_together(
        definitions=[_row(row, codes[row.indicator_id]) for row in _any(definitions)],
        effects=_any(effects),
        measures=[_row(row, codes[row.measure_id]) for row in _any(measures)],
        baselines=_any(baselines),
        targets=_any(targets),
    )


def _any(rows: list[Base]) -> list[Any]:
    return list(rows)


def _row(row: Any, code: str) -> Any:
    """A row with the code of what it is about, which the tables give by a join."""
    return SimpleNamespace(**{name: getattr(row, name) for name in type(row).model_fields}, code=code)


def is_wanted(facts: IndicatorFacts, wanted: Filter) -> bool:
    """Whether a filter leaves an indicator: what the query asks of the tables."""
    row = facts.definition
    measures = [measure.definition for measure in facts.measures]
    return all(
        (
            not wanted.levels or row.level in wanted.levels,
            wanted.paths is None or row.path in wanted.paths,
            not wanted.programmes or row.programme in wanted.programmes,
            wanted.ids is None or row.indicator_id in wanted.ids,
            not wanted.effects or any(effect in wanted.effects for effect in facts.effects),
            not wanted.sigs or any(measure.sig in wanted.sigs for measure in measures),
            wanted.live is None or wanted.live == any(measure.live is not None for measure in measures),
            all(word in row.search_text for word in wanted.words),
        )
    )
