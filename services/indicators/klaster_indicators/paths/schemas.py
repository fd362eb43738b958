"""Wire shapes of paths."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from klaster_indicators.indicators.schemas import IndicatorRead
from klaster_indicators.paths.examples import PATH_PAGE, PATH_READ
from klaster_shared.labels import LabelText


class VisionRead(BaseModel):
    """The vision of a path (level A)."""

    code: str
    text: LabelText


class PathRead(BaseModel):
    """A development path."""

    model_config = ConfigDict(json_schema_extra={"examples": [PATH_READ]})

    number: int
    code: str
    name: LabelText
    vision: VisionRead


class PathsRead(BaseModel):
    """The paths of an edition, in their order."""

    items: list[PathRead]


class EffectRead(BaseModel):
    """An effect (level B)."""

    code: str
    printed_code: str | None = Field(description="The number that the document prints; null where it prints none")
    name: LabelText
    note: str | None
    indicators: list[str] = Field(description="Codes of the indicators that show it")


class ProgrammeRead(BaseModel):
    """A programme (level C) with its goals."""

    code: str
    name: LabelText
    note: str | None
    goals: list[IndicatorRead]


class TaskRead(BaseModel):
    """A task for the whole ecosystem, or a service for partners only (level D)."""

    code: str
    kind: Literal["task", "service"]
    name: LabelText
    path_is_reading: bool = Field(description="The document gives the cells without borders: its path is a reading")


class PathPage(PathRead):
    """A path with everything on it."""

    model_config = ConfigDict(json_schema_extra={"examples": [PATH_PAGE]})

    edition: str
    effects: list[EffectRead]
    indicators: list[IndicatorRead]
    programmes: list[ProgrammeRead]
    tasks: list[TaskRead]
