"""The way from a baseline to a target: straight from point to point; pure, and reckoned in fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from klaster_shared.decimals import rounded

PLACES = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A number on a day."""

    on: date
    value: Decimal


def way_at(points: Sequence[Point], day: date) -> Fraction:
    """What the way asks for on a day: level before its first point and after its last one."""
    for before, after in pairwise(points):
        if before.on < after.on and day < after.on:
            gone = Fraction(max((day - before.on).days, 0), (after.on - before.on).days)
            start = Fraction(before.value)
            return start + gone * (Fraction(after.value) - start)
    return Fraction(points[-1].value)


def points_between(start: Point, interim: Sequence[Point], end: Point) -> tuple[Point, ...]:
    """The points of a way; those in between count where they lie between its ends."""
    return (start, *(point for point in interim if start.on < point.on < end.on), end)


def exact(number: Fraction) -> Decimal:
    """A fraction as a decimal, rounded once and at the end."""
    scaled = round(number * 10**PLACES)  # half to even, exactly
    with localcontext(prec=60):
        return rounded(Decimal(scaled).scaleb(-PLACES), PLACES)
