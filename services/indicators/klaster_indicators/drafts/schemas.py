"""Wire shapes of a draft's parts: those of the document; a goal names its programme; changes name what they change."""

from typing import Any, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field, create_model

from klaster_indicators.document import examples
from klaster_indicators.document.framework import Effect, EffectIndicator, Goal, Level, Path, Programme, Task
from klaster_indicators.document.parts import Code, Part


class StrategyGoal(Goal):
    """A goal of a programme, with the programme that it belongs to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.GOAL, "programme": "C.1.3"}]})

    programme: Code


class RemovedPart(BaseModel):
    """What became of a part that was taken out of the draft."""

    kind: str = Field(examples=["goals"])
    code: str = Field(examples=["C.1.1-1"])
    outcome: Literal["deleted", "retired"] = Field(
        description="retired: it was measured, and stays readable with its observations, under its code"
    )
    observations: int


class RemovedParts(BaseModel):
    """What was taken out of the draft; a programme goes with its goals."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [{"kind": "goals", "code": "C.1.1-1", "outcome": "retired", "observations": 12}],
                    "version": 4,
                }
            ]
        }
    )

    items: list[RemovedPart]
    version: int = Field(description="Of the edition, which is now another")


def _change_of(shape: type[Part], name: str, example: dict[str, Any]) -> type[BaseModel]:
    """Any of the shape's fields but the code, which is for ever; null takes away what may be missing."""
    fields: dict[str, Any] = {}
    for field, info in shape.model_fields.items():
        if field != "code":
            annotation: Any = info.rebuild_annotation()
            optional = annotation if info.is_required() else annotation | None
            fields[field] = (optional | MISSING, MISSING)
    config = ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})
    return create_model(name, __config__=config, __doc__=f"What changes in {shape.__name__}.", **fields)


_NAME: dict[str, Any] = {"name": {"pl": "Więcej firm za granicą", "en": "More companies abroad"}}
LevelChange = _change_of(Level, "StrategyLevelChange", _NAME)
PathChange = _change_of(Path, "StrategyPathChange", _NAME)
EffectChange = _change_of(Effect, "StrategyEffectChange", {"path": 2})
ProgrammeChange = _change_of(Programme, "StrategyProgrammeChange", _NAME)
GoalChange = _change_of(StrategyGoal, "StrategyGoalChange", {"programme": "C.1.2"})
TaskChange = _change_of(Task, "StrategyTaskChange", {"kind": "service"})
IndicatorChange = _change_of(EffectIndicator, "StrategyIndicatorChange", {"effects": ["B.1.1"]})
