"""The logical framework: levels, paths, effects and their indicators, programmes and their goals, tasks."""

from typing import Literal

from pydantic import ConfigDict, Field

from klaster_indicators.document import examples
from klaster_indicators.document.parts import (
    BilingualText,
    Code,
    IndicatorCode,
    Label,
    Part,
    PathNumber,
    Text,
)
from klaster_indicators.document.values import Described, Measure


class Level(Part):
    """A level of the framework, and how far the cluster controls it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LEVEL]})

    code: Code
    name: Label
    controlled: Code
    indicators: Label = Field(description="What indicators of this level are about")


class Path(Part):
    """A development path with its vision, the indicator-less level A."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PATH]})

    n: PathNumber
    code: Code
    name: Label
    vision: BilingualText


class Effect(Part):
    """An effect of the cluster, level B."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EFFECT]})

    code: Code
    path: PathNumber
    name: Label
    printed_code: Text | None = Field(None, description="Where it is not the code's own number; null: none is printed")
    note: Text | None = None

    @property
    def number_printed(self) -> str | None:
        """The number that the document prints for it."""
        if "printed_code" in self.model_fields_set:
            return self.printed_code
        return self.code.partition(".")[2]


class EffectIndicator(Described):
    """An indicator of one or more effects, level B."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INDICATOR]})

    code: IndicatorCode
    effects: list[Code] = Field(min_length=1)
    name: Label
    measures: list[Measure] = Field(min_length=1)


class PrintedGoal(Part):
    """The three cells of a goal, to the letter."""

    baseline: Text
    target: Text
    note: Text | None = None


class Goal(Described):
    """A goal of a programme: an indicator of level C."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.GOAL]})

    code: IndicatorCode
    name: Label
    printed: PrintedGoal
    measures: list[Measure] = Field(min_length=1)


class Programme(Part):
    """A programme of the cluster, level C."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROGRAMME]})

    code: Code
    path: PathNumber
    name: Label
    goals: list[Goal] = Field(min_length=1)
    note: Text | None = None


class Task(BilingualText):
    """A task for the whole ecosystem, or a service for partners only, level D."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TASK]})

    path: PathNumber
    kind: Literal["task", "service"]
    column: Literal["likely"] | None = Field(None, description="likely: its path is a reading of the document")


class HorizontalTask(BilingualText):
    """A task that spans all paths."""

    printed: Text
