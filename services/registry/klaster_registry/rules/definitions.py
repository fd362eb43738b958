"""Rules as data: what is kept, how, and which list shows the rows that break it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_shared.figure_routes import Countable
from klaster_shared.figures import FigureDefinition, Span, parameters_of, row_parameters
from klaster_shared.labels import Label

How = Literal["enforced", "reported", "open", "by_design"]
Origin = Literal["strategy", "register"]


class RuleDefinition(BaseModel):
    """One rule. What can break it names a collection and a filter; `unavailable` says why nothing can be counted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z_]{0,59}$")
    origin: Origin
    how: How
    rule: Label
    explanation: Label
    collection: str | None = None
    filter: dict[str, str | list[str]] = Field(default_factory=dict)
    unavailable: Label | None = None
    groups: bool = Field(False, description="Show what each special interest group does")
    see: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _reported_where(self) -> Self:
        if self.how == "reported" and self.collection is None and self.unavailable is None:
            raise ValueError(f"{self.code} is reported nowhere")
        return self

    def figure(self) -> FigureDefinition | None:
        """How many rows break it, as a figure; None where no rows can."""
        if self.collection is None:
            return None
        return FigureDefinition(
            name=self.code,
            definition=self.rule,
            unit="row",
            time_form="point",
            collection=self.collection,
            filter=self.filter,
            unavailable=self.unavailable,
        )


def load_rules(path: Path, countable: Mapping[str, Countable]) -> dict[str, RuleDefinition]:
    """The rules of a file; raises ValueError where one asks a list for something that the list does not know."""
    found = [RuleDefinition.model_validate(item) for item in yaml.safe_load(path.read_text(encoding="utf-8"))]
    by_code = {rule.code: rule for rule in found}
    if len(by_code) != len(found):
        raise ValueError(f"{path.name} names a rule twice")
    for rule in found:
        figure = rule.figure()
        if figure is not None:
            day = date(2022, 12, 31)
            parameters_of(row_parameters(figure, Span(day, day)), countable[rule.collection or ""].parameters)
    return by_code
