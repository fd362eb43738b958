"""The kinds of parts that can be edited, and where each stands in the document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from klaster_indicators.document.checks import Location
from klaster_indicators.document.framework import Effect, EffectIndicator, Level, Path, Programme, Task
from klaster_indicators.drafts.schemas import (
    EffectChange,
    GoalChange,
    IndicatorChange,
    LevelChange,
    PathChange,
    ProgrammeChange,
    StrategyGoal,
    TaskChange,
)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part: its name in addresses, for one and for many, the list it stands in, and its shapes."""

    many: str
    one: str
    title: str
    stands_in: str
    shape: type[BaseModel]
    change: type[BaseModel]

    @property
    def nested(self) -> bool:
        """Whether it stands inside a programme."""
        return self.many == "goals"

    def places(self, document: Document) -> Iterator[tuple[Location, Document]]:
        """Every part of this kind, with its place."""
        if not self.nested:
            yield from (((self.stands_in, index), item) for index, item in enumerate(document[self.stands_in]))
            return
        for index, programme in enumerate(document["programmes"]):
            for number, goal in enumerate(programme["goals"]):
                yield ("programmes", index, "goals", number), goal

    def shown(self, document: Document, where: Location) -> Document:
        """The part at a place as it is sent and answered: a goal names its programme."""
        item: Document = list_around(document, where)[_last(where)]
        return {**item, "programme": document["programmes"][where[1]]["code"]} if self.nested else item

    def home(self, document: Document, item: Mapping[str, Any]) -> Location | None:
        """The list that the part belongs into; None where its programme is not there."""
        if not self.nested:
            return (self.stands_in,)
        codes = [programme["code"] for programme in document["programmes"]]
        return ("programmes", codes.index(item["programme"]), "goals") if item["programme"] in codes else None

    def stored(self, item: Mapping[str, Any]) -> Document:
        """The part as the document holds it."""
        return {name: value for name, value in item.items() if not (self.nested and name == "programme")}


def list_around(document: Document, where: Location) -> list[Document]:
    """The list that a place is one of."""
    part: Any = document
    for step in where[:-1]:
        part = part[step]
    found: list[Document] = part
    return found


def _last(where: Location) -> int:
    return int(where[-1])


KINDS = (
    Kind("levels", "level", "a level", "levels", Level, LevelChange),
    Kind("paths", "path", "a path", "paths", Path, PathChange),
    Kind("effects", "effect", "an effect", "effects", Effect, EffectChange),
    Kind("programmes", "programme", "a programme", "programmes", Programme, ProgrammeChange),
    Kind("goals", "goal", "a goal of a programme", "programmes", StrategyGoal, GoalChange),
    Kind("tasks", "task", "a task or service", "tasks", Task, TaskChange),
    Kind("indicators", "indicator", "an indicator of effects", "effect_indicators", EffectIndicator, IndicatorChange),
)
