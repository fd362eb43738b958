"""What must agree inside a strategy document: codes, references, and the arithmetic of its targets."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from klaster_indicators.document.framework import EffectIndicator, Goal
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.document.targets import (
    is_limit,
    number_of_baseline,
    plain,
    resolve_target,
    same_number,
    sum_of_parts,
)
from klaster_indicators.document.values import Measure

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a document: where, which rule, in words."""

    location: Location
    code: str
    reason: str


def faults_of(document: StrategyDocument, *, units: Collection[str] | None = None) -> list[Fault]:
    """Everything in which a well-formed document contradicts itself; empty where it agrees.

    units  those that there are, where that is known
    """
    return [
        *_control_characters(document.model_dump(by_alias=True, exclude_unset=True), ()),
        *_duplicates(document),
        *_unknown_paths(document),
        *_unknown_effects(document),
        *_unknown_levels(document),
        *_unknown_candidates(document),
        *(fault for where, item in measured(document) for fault in _faults_of_measures(document, where, item)),
        *(() if units is None else _unknown_units(document, units)),
    ]


def measured(document: StrategyDocument) -> Iterator[tuple[Location, EffectIndicator | Goal]]:
    """Every indicator of the document with its place: those of effects, and the goals of programmes."""
    for index, indicator in enumerate(document.effect_indicators):
        yield ("effect_indicators", index), indicator
    for index, programme in enumerate(document.programmes):
        for number, goal in enumerate(programme.goals):
            yield ("programmes", index, "goals", number), goal


def _control_characters(part: Any, where: Location) -> Iterator[Fault]:
    """Texts that no database keeps: NUL and its like, and halves of characters."""
    if isinstance(part, str):
        if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in part):
            yield Fault(where, "control_character", "control characters are not allowed")
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _control_characters(key, (*where, "(key)"))
            yield from _control_characters(value, (*where, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _control_characters(value, (*where, index))


def _duplicates(document: StrategyDocument) -> Iterator[Fault]:
    for name in (
        "interest_groups",
        "fields",
        "special_interest_groups",
        "rules",
        "networks_and_programmes",
        "levels",
        "paths",
        "effects",
        "programmes",
        "tasks",
        "horizontal_tasks",
        "partner_benefits",
    ):
        items = getattr(document, name)
        yield from _repeated([((name, index, "code"), item.code) for index, item in enumerate(items)])
    numbers = [(("paths", index, "n"), path.n) for index, path in enumerate(document.paths)]
    yield from _repeated(numbers)
    yield from _repeated([((*where, "code"), item.code) for where, item in measured(document)])
    for where, item in measured(document):
        places = [((*where, "measures", index, "code"), part.code) for index, part in enumerate(item.measures)]
        yield from _repeated(places)


def _repeated(places: Iterable[tuple[Location, str | int]]) -> Iterator[Fault]:
    seen: dict[str | int, Location] = {}
    for where, value in places:
        if value in seen:
            yield Fault(where, "duplicate", f"{value} is taken already, by {place(seen[value])}")
        else:
            seen[value] = where


def _unknown_paths(document: StrategyDocument) -> Iterator[Fault]:
    known = {path.n for path in document.paths}
    for name in ("effects", "programmes", "tasks", "special_interest_groups"):
        for index, item in enumerate(getattr(document, name)):
            if item.path not in known:
                yield Fault((name, index, "path"), "unknown_path", f"there is no path {item.path}")


def _unknown_effects(document: StrategyDocument) -> Iterator[Fault]:
    path_of = {effect.code: effect.path for effect in document.effects}
    for index, indicator in enumerate(document.effect_indicators):
        where: Location = ("effect_indicators", index, "effects")
        for number, code in enumerate(indicator.effects):
            if code not in path_of:
                yield Fault((*where, number), "unknown_effect", f"there is no effect {code}")
        if len({path_of[code] for code in indicator.effects if code in path_of}) > 1:
            yield Fault(where, "several_paths", "its effects belong to different paths")


def _unknown_levels(document: StrategyDocument) -> Iterator[Fault]:
    known = {level.code for level in document.levels}
    for code, part in (("B", "effect_indicators"), ("C", "programmes"), ("D", "tasks")):
        if code not in known and getattr(document, part):
            yield Fault(("levels",), "missing_level", f"level {code}, to which {part} belong, is missing")


def _unknown_candidates(document: StrategyDocument) -> Iterator[Fault]:
    known = {item.code for _, item in measured(document)}
    for index, link in enumerate(document.verification_links):
        for number, code in enumerate(link.candidates):
            if code not in known:
                where = ("verification_links", index, "candidates", number)
                yield Fault(where, "unknown_indicator", f"there is no indicator {code}")


def _unknown_units(document: StrategyDocument, units: Collection[str]) -> Iterator[Fault]:
    for where, item in measured(document):
        for index, measure in enumerate(item.measures):
            if measure.unit not in units:
                yield Fault((*where, "measures", index, "unit"), "unknown_unit", f"there is no unit {measure.unit}")


def _faults_of_measures(document: StrategyDocument, where: Location, item: EffectIndicator | Goal) -> Iterator[Fault]:
    goal = isinstance(item, Goal)
    baseline_year = document.edition.baseline_year_programme if goal else document.edition.baseline_year_effect
    groups = {group.code for group in document.special_interest_groups}
    for index, measure in enumerate(item.measures):
        at = (*where, "measures", index)
        if measure.sig is not None and measure.sig not in groups:
            yield Fault((*at, "sig"), "unknown_sig", f"there is no special interest group {measure.sig}")
        if goal and measure.target is None:
            yield Fault((*at, "target"), "missing_target", "a goal has a target")
        last = document.edition.target_year
        years = last - (measure.baseline.year or baseline_year)
        yield from _faults_of_target(at, measure, siblings=item.measures, last=last, years=years)


def _faults_of_target(
    where: Location, measure: Measure, *, siblings: Sequence[Measure], last: int, years: int
) -> Iterator[Fault]:
    target = measure.target
    if target is None:
        return
    if target.sum_of is not None:
        yield from _faults_of_sum(where, measure, siblings=siblings, years=years)
    resolved = resolved_target(measure, years=years)
    if target.resolves_to is not None and (resolved is None or not same_number(resolved, target.resolves_to)):
        arithmetic = "has no number" if resolved is None else f"is {plain(resolved)}"
        reason = f"the document says {plain(target.resolves_to)}; by its own arithmetic it {arithmetic}"
        yield Fault((*where, "target", "resolves_to"), "wrong_resolution", reason)
    yield from _faults_of_years(where, measure, last=last, years=years)
    yield from _faults_of_direction(where, measure, resolved)


def resolved_target(measure: Measure, *, years: int) -> Decimal | None:
    """The number that a measure's target means; None where there is none."""
    target = measure.target
    if target is None:
        return None
    return resolve_target(
        value=target.value,
        change_percent=target.change_percent,
        growth_percent_per_year=target.growth_percent_per_year,
        baseline=number_of_baseline(measure.baseline.value, measure.baseline.status),
        years=years,
    ).value


def _faults_of_sum(where: Location, measure: Measure, *, siblings: Sequence[Measure], years: int) -> Iterator[Fault]:
    target = measure.target
    if target is None or target.sum_of is None or target.value is None:
        return
    others = {sibling.code: sibling for sibling in siblings if sibling is not measure}
    unknown = [(number, code) for number, code in enumerate(target.sum_of) if code not in others]
    for number, code in unknown:
        reason = f"there is no other measure {code} of this goal"
        yield Fault((*where, "target", "sum_of", number), "unknown_measure", reason)
    if unknown:
        return
    total = sum_of_parts([resolved_target(others[code], years=years) for code in target.sum_of])
    if total is None or not same_number(total, target.value):
        added = "a part has no number" if total is None else f"they add up to {plain(total)}"
        reason = f"the parts should make {plain(target.value)}, but {added}"
        yield Fault((*where, "target", "sum_of"), "wrong_sum", reason)


def _faults_of_years(where: Location, measure: Measure, *, last: int, years: int) -> Iterator[Fault]:
    """Targets of single years lie between the baseline's year and the target's."""
    stated = measure.target.by_year if measure.target else None
    for year in stated or ():
        if not last - years < int(year) < last:
            reason = f"it lies between the baseline's year ({last - years}) and the target's ({last})"
            yield Fault((*where, "target", "by_year", year), "wrong_year", reason)


def _faults_of_direction(where: Location, measure: Measure, target: Decimal | None) -> Iterator[Fault]:
    baseline = number_of_baseline(measure.baseline.value, measure.baseline.status)
    if baseline is None or target is None or measure.direction is None:
        return
    bound = measure.target.bound if measure.target else None
    asked = "increase" if target > baseline else "decrease"
    if target == baseline or is_limit(baseline, target, bound):
        asked = "maintain"
    if measure.direction != asked:
        reason = f"from {plain(baseline)} to {plain(target)} is: {asked}"
        yield Fault((*where, "direction"), "wrong_direction", reason)


def place(location: Location) -> str:
    """A place as people read it: `effect_indicators[3].measures[0].baseline.value`."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the document"
