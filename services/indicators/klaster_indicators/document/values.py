"""What is measured: measures with their baseline and target, and what stands beside them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from klaster_indicators.document.parts import Code, Link, Part, Quantity, Text, Year

Status = Literal["no_data", "unknown", "none", "not_stated"]
Period = Literal["point", "year", "window_3y", "cumulative"]
Direction = Literal["increase", "decrease", "maintain"]
Bound = Literal["at_least", "at_most", "exactly"]
YearKey = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}$", examples=["2027"])]
LiveName = Annotated[str, Field(pattern=r"^(registry|events)(\.[a-z0-9_]+)+$", max_length=100)]


class Baseline(Part):
    """Where a measure started: a number, or the status that stands in its place."""

    value: Quantity | None = None
    status: Status | None = Field(None, description="none: nothing of the kind existed, which counts as 0")
    printed: Text | None = Field(None, description="What the document prints, to the letter")
    approximate: StrictBool = False
    ambiguous: StrictBool = False
    year: Year | None = Field(None, description="Where it is another than the edition's own")
    since: Year | None = Field(None, description="First year of a cumulative sum")
    period: Period | None = Field(None, description="Where the figure covers another period than the measure asks for")
    by: dict[str, Quantity] | None = Field(None, description="The figure by a breakdown of the document's")
    by_year: dict[str, Quantity] | None = Field(None, description="The figure by year")
    note: Text | None = None

    @model_validator(mode="after")
    def _one_reading(self) -> Self:
        if self.value is None and self.status is None:
            raise ValueError("a baseline has a value, or a status that stands in its place")
        if self.value is not None and self.status is not None and not (self.status == "none" and self.value == 0):
            raise ValueError("a value and a status exclude each other (only `none` may say 0 beside it)")
        if self.approximate and self.value is None:
            raise ValueError("only a value can be approximate")
        return self


class Target(Part):
    """What a measure is to reach: a number, or a change against the baseline."""

    value: Quantity | None = None
    change_percent: Quantity | None = Field(None, description="Against the baseline: 25 means 125 % of it")
    growth_percent_per_year: Quantity | None = Field(None, description="Compound, from baseline year to target year")
    sum_of: list[Code] | None = Field(None, description="Measures of the same goal whose targets the value adds up")
    resolves_to: Quantity | None = Field(None, description="The number that a relative target means")
    bound: Bound | None = Field(
        None, description="What counts as met; by default as the direction says, within 10 % where a level is kept"
    )
    by_year: dict[YearKey, Quantity] | None = Field(
        None, min_length=1, max_length=100, description="The numbers of periods before the target's own year"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.value, self.change_percent, self.growth_percent_per_year]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a target is a value, a change_percent or a growth_percent_per_year: exactly one of them")
        if self.sum_of is not None and self.value is None:
            raise ValueError("sum_of says what a value adds up: the value is missing")
        if self.resolves_to is not None and self.value is not None:
            raise ValueError("resolves_to belongs to a relative target; this one is a value")
        return self


class Measure(Part):
    """One number that is followed: unit, period, where it started and where it is to go."""

    code: Code
    unit: Text
    period: Period
    baseline: Baseline
    target: Target | None = None
    direction: Direction | None = Field(None, description="Increase where it is not stated")
    live: LiveName | None = Field(None, description="The figure that another service counts for it")
    scope: Text | None = None
    rule: Text | None = None
    sig: Code | None = Field(None, description="The special interest group whose target it is")
    assessed: StrictBool = Field(True, description="False: shown, but neither good nor bad by itself")
    ambiguous: StrictBool = False
    note: Text | None = None


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class EvidenceItem(Part):
    """One thing that a baseline was counted from."""

    name: Text
    printed: Text | None = None
    year: Year | None = None
    area_m2: Quantity | None = None
    approximate: StrictBool = False
    ambiguous: StrictBool = False
    status: Status | None = None
    note: Text | None = None


Evidence = Annotated[EvidenceItem, BeforeValidator(_named, json_schema_input_type=EvidenceItem | str)]


class ContextFigure(Part):
    """A figure printed beside a baseline: no part of it, never to be added to it."""

    printed: Text
    en: Text
    value: Quantity | None = None
    unit: Text | None = None
    at_least: StrictBool = False
    year: Year | None = None
    change_percent: Quantity | None = None
    share_percent: dict[str, Quantity] | None = None
    eur: Quantity | None = None
    ambiguous: StrictBool = False
    note: Text | None = None


class Described(Part):
    """What indicators and goals say of themselves beside their measures."""

    live: LiveName | None = Field(None, description="Live figure of the first measure")
    source: Text | None = None
    ambiguous: StrictBool = False
    note: Text | None = None
    links: list[Link] | None = None
    evidence: list[Evidence] | None = None
    context: list[ContextFigure] | None = None
