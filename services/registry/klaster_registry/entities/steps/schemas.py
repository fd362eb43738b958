"""Wire shapes of the steps in an entity's life, and of that life as the office reads it."""

from pydantic import BaseModel, ConfigDict, Field

from klaster_registry.entities import examples
from klaster_registry.entities.schemas import Part, RegistrationPeriodRead
from klaster_registry.periods import PeriodIn
from klaster_shared.dates import Day
from klaster_shared.texts import ShortText


class StepIn(Part):
    """A step in the life of an entity."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STEP]})

    on: Day | None = Field(None, description="The day it holds from; today where left out")
    note: ShortText | None = Field(None, description="For the office alone: no part of the public record")


class RejectionIn(StepIn):
    """A rejection says why; the office alone reads it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REJECTION]})

    note: ShortText


class StayIn(PeriodIn):
    """A period of cooperation or partnership: it begins on a day that is known."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STAY]})

    from_: Day = Field(alias="from")


class EndIn(Part):
    """The end of what is open."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.END_OF_STAY]})

    on: Day | None = Field(None, description="The last day; today where left out")


class NotedRegistrationRead(RegistrationPeriodRead):
    """A state in the register with what the office noted about it: free text, for the office alone."""

    note: str | None


class NotedRegistrationsRead(BaseModel):
    """The whole life of an entity in the register."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.NOTED_REGISTRATIONS]})

    items: list[NotedRegistrationRead]
