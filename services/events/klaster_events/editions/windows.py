"""Windows as they come in: local times of one day of an event."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_events.editions.examples import WINDOW
from klaster_shared.errors import wrong_field
from klaster_shared.plain import Whole

MOST = 50
LAST_DAY = 60
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["09:00"])]


class WindowGiven(BaseModel):
    """From when to when, on one day of the event, on the clocks of its zone."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [WINDOW]})

    day: Annotated[Whole, Field(ge=1, le=LAST_DAY, description="1: the day on which the event begins")]
    from_: Clock = Field(alias="from")
    until: Clock

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until <= self.from_:
            raise wrong_field("until", "in_order", "the window ends before it begins")
        return self


Windows = Annotated[list[WindowGiven], Field(max_length=MOST)]


class WindowRead(BaseModel):
    """From when to when, on one day of the event."""

    day: int
    from_: str = Field(alias="from")
    until: str
