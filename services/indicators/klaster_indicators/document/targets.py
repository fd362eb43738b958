"""What a target means as a number: absolute, or reckoned from the baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ResolvedTarget:
    """The number that a target means, and how it came about; no number where the baseline has none."""

    value: Decimal | None
    how: str


def number_of_baseline(value: Decimal | None, status: str | None) -> Decimal | None:
    """The number that a baseline counts as: `none` (nothing of the kind existed) is 0."""
    if value is not None:
        return value
    return Decimal(0) if status == "none" else None


def resolve_target(
    *,
    value: Decimal | None = None,
    change_percent: Decimal | None = None,
    growth_percent_per_year: Decimal | None = None,
    parts: Mapping[str, Decimal | None] | None = None,
    baseline: Decimal | None,
    years: int,
) -> ResolvedTarget:
    """The number that a target means.

    change_percent           baseline * (1 + p / 100)
    growth_percent_per_year  baseline * (1 + p / 100) ** years, `years` from the baseline's year to the target's
    parts                    the targets that a value adds up, by their measure: named in `how` only
    """
    if value is not None:
        return ResolvedTarget(value, _how_of_sum(parts) if parts else "as stated")
    if change_percent is not None:
        return _changed(baseline, change_percent)
    if growth_percent_per_year is not None:
        return _grown(baseline, growth_percent_per_year, years)
    return ResolvedTarget(None, "no target is stated")


def _how_of_sum(parts: Mapping[str, Decimal | None]) -> str:
    return " + ".join(f"{plain(number) if number is not None else '?'} ({code})" for code, number in parts.items())


def _changed(baseline: Decimal | None, percent: Decimal) -> ResolvedTarget:
    if baseline is None:
        return ResolvedTarget(None, f"{percent:+f} % of a baseline that has no number")
    with localcontext(prec=50):
        return ResolvedTarget(baseline * (1 + percent / _HUNDRED), f"{plain(baseline)} {_signed(percent)} %")


def _grown(baseline: Decimal | None, percent: Decimal, years: int) -> ResolvedTarget:
    if baseline is None:
        return ResolvedTarget(None, f"{percent:+f} % a year on a baseline that has no number")
    with localcontext(prec=50):
        factor = 1 + percent / _HUNDRED
        how = f"{plain(baseline)} x {plain(factor)}^{years} ({_signed(percent)} % a year for {years} years)"
        return ResolvedTarget(baseline * factor**years, how)


def is_limit(baseline: Decimal, target: Decimal, bound: str | None) -> bool:
    """Whether a target is a ceiling above the baseline or a floor below it: to be kept to, with no way to go."""
    return (bound == "at_most" and target > baseline) or (bound == "at_least" and target < baseline)


def bounded(how: str, bound: str | None) -> str:
    """How a target is reckoned, with what counts as met where that is stated."""
    return how if bound is None else f"{bound.replace('_', ' ')}: {how}"


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(percent: Decimal) -> str:
    return f"{'+' if percent >= 0 else '-'} {plain(abs(percent))}"


def same_number(left: Decimal, right: Decimal) -> bool:
    """Whether two readings of a target agree, to the ten places that a document may state."""
    return abs(left - right) < Decimal("1e-10")


def sum_of_parts(parts: Sequence[Decimal | None]) -> Decimal | None:
    """What the parts add up to; None where one of them has no number."""
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None
