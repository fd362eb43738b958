"""What is wrong with indicators and their measures, as the document states them; pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from klaster_indicators.document.checks import Location
from klaster_indicators.document.framework import Goal
from klaster_indicators.document.targets import number_of_baseline, plain
from klaster_indicators.document.values import ContextFigure, EvidenceItem, Measure
from klaster_indicators.quality.findings import Finding, PlacedItem

_REFERENCE = re.compile(r"[A-Z](?:\.[0-9]+)+-[0-9]+")
_Stated = tuple[PlacedItem, Measure]
_Figure = tuple[str, str, str]
"""A live figure, with the unit and the period that it is read in."""


def gaps(item: PlacedItem, *, targets_expected: bool) -> Iterator[Finding]:
    """Baselines, targets and sources that are missing; a target weighs less where its level sets none."""
    for measure, where in item.measures():
        yield from _baseline_gap(item, measure, where)
        if measure.target is None:
            severity = None if targets_expected else "low"
            yield item.finding("no_target", where, measure=measure.code, note=measure.note, severity=severity)
        elif measure.target.value is None and _number(measure) is None:
            printed = item.item.printed.target if isinstance(item.item, Goal) else None
            yield item.finding("target_without_number", (*where, "target"), measure=measure.code, printed=printed)
    counted = all(item.live(measure) for measure, _ in item.measures())
    if not (item.item.source or item.item.links or counted):
        yield item.finding("no_source", item.where, note=item.item.note)


def _baseline_gap(item: PlacedItem, measure: Measure, where: Location) -> Iterator[Finding]:
    baseline = measure.baseline
    if _number(measure) is None:
        yield item.finding(
            "no_baseline",
            (*where, "baseline"),
            measure=measure.code,
            printed=_printed(item, measure),
            note=baseline.note,
            said={"status": str(baseline.status)},
        )
    if baseline.period is not None and baseline.period != measure.period:
        yield item.finding(
            "another_period",
            (*where, "baseline"),
            measure=measure.code,
            printed=_printed(item, measure),
            note=baseline.note,
            said={"baseline": baseline.period, "measure": measure.period},
        )


def _number(measure: Measure) -> Decimal | None:
    return number_of_baseline(measure.baseline.value, measure.baseline.status)


def _printed(item: PlacedItem, measure: Measure) -> str | None:
    return measure.baseline.printed or (item.item.printed.baseline if isinstance(item.item, Goal) else None)


def readings(item: PlacedItem) -> Iterator[Finding]:
    """Whatever of an indicator can be read in more than one way."""
    if item.item.ambiguous:
        printed = item.item.printed.baseline if isinstance(item.item, Goal) else None
        yield item.finding("ambiguous", item.where, printed=printed, note=item.item.note)
    for measure, where in item.measures():
        if measure.ambiguous:
            printed = _printed(item, measure)
            yield item.finding("ambiguous", where, measure=measure.code, printed=printed, note=measure.note)
        if measure.baseline.ambiguous:
            place, note = (*where, "baseline"), measure.baseline.note
            yield item.finding("ambiguous", place, measure=measure.code, printed=_printed(item, measure), note=note)
    beside = [("evidence", index, one) for index, one in enumerate(item.item.evidence or ())]
    yield from (_beside(item, name, index, one) for name, index, one in beside if one.ambiguous)
    figures = [("context", index, one) for index, one in enumerate(item.item.context or ())]
    yield from (_beside(item, name, index, one) for name, index, one in figures if one.ambiguous)


def _beside(item: PlacedItem, name: str, index: int, part: EvidenceItem | ContextFigure) -> Finding:
    return item.finding("ambiguous", (*item.where, name, index), printed=part.printed, note=part.note)


def sums(item: PlacedItem) -> Iterator[Finding]:
    """Figures whose stated parts do not add up to them."""
    for measure, where in item.measures():
        baseline = measure.baseline
        for name, parts in (("by", baseline.by), ("by_year", baseline.by_year)):
            if parts and baseline.value is not None and sum(parts.values()) != baseline.value:
                said = {"parts": plain(sum(parts.values(), Decimal(0))), "whole": plain(baseline.value)}
                place = (*where, "baseline", name)
                yield item.finding(
                    "parts_do_not_add_up", place, measure=measure.code, printed=baseline.printed, said=said
                )


def contradictions(items: Sequence[PlacedItem]) -> Iterator[Finding]:
    """Two figures for one thing.

    Either one live figure counts for both, and their baselines differ; or a note names another indicator by its code
    and quotes its figure, which is another than its own, of the same unit and period. Of several that one figure counts
    each is held against the first that says otherwise: as many findings as measures, not as pairs of them.
    """
    known = {item.item.code: item for item in items}
    counted = _firsts(items)
    seen: set[frozenset[str]] = set()
    for item in items:
        for measure, where in item.measures():
            for other, theirs in (*_counted_alike(item, measure, counted), *_quoted(item, measure, known)):
                pair = frozenset({f"{item.item.code}/{measure.code}", f"{other.item.code}/{theirs.code}"})
                if pair in seen:
                    continue
                seen.add(pair)
                yield _contradiction(item, measure, where, other, theirs)


def _firsts(items: Iterable[PlacedItem]) -> Mapping[_Figure, Mapping[Decimal, _Stated]]:
    """Of each figure, and each value that is stated for it, the first measure that states it."""
    found: dict[_Figure, dict[Decimal, _Stated]] = defaultdict(dict)
    for item in items:
        for measure, _ in item.measures():
            live, value = item.live(measure), measure.baseline.value
            if live is not None and value is not None:
                found[live, measure.unit, measure.period].setdefault(value, (item, measure))
    return found


def _counted_alike(
    item: PlacedItem, measure: Measure, firsts: Mapping[_Figure, Mapping[Decimal, _Stated]]
) -> Iterator[_Stated]:
    own, live = measure.baseline.value, item.live(measure)
    if own is None or live is None:
        return
    others = firsts[live, measure.unit, measure.period].items()
    yield from islice((said for value, said in others if value != own and said[0] is not item), 1)


def _quoted(item: PlacedItem, measure: Measure, known: Mapping[str, PlacedItem]) -> Iterator[_Stated]:
    own = measure.baseline.value
    if own is None:
        return
    notes = [note for note in (item.item.note, measure.note, measure.baseline.note) if note]
    named = dict.fromkeys(code for note in notes for code in _REFERENCE.findall(note))
    for other in (known[code] for code in named if code in known and code != item.item.code):
        for theirs, _ in other.measures():
            value = theirs.baseline.value
            if value is None or value == own or (theirs.unit, theirs.period) != (measure.unit, measure.period):
                continue
            if any(_quotes(note, value) for note in notes):
                yield other, theirs


def _quotes(note: str, value: Decimal) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(plain(value))}(?![\d]|[.,]\d)", note) is not None


def _contradiction(item: PlacedItem, measure: Measure, where: Location, other: PlacedItem, theirs: Measure) -> Finding:
    assert measure.baseline.value is not None
    assert theirs.baseline.value is not None
    return item.finding(
        "contradicting_figures",
        (*where, "baseline"),
        measure=measure.code,
        printed=_printed(item, measure),
        note=item.item.note,
        said={
            "own": plain(measure.baseline.value),
            "other": plain(theirs.baseline.value),
            "indicator": other.item.code,
            "their_measure": theirs.code,
        },
    )
