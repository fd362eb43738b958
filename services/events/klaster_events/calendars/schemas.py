"""What calendars and feeds can be asked, and the forms of one event."""

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.agenda.schemas import SessionRead
from klaster_events.events.examples import EVENT
from klaster_events.events.schemas import EventFilters, EventRead

LOOK_BACK = timedelta(days=92)  # what has just been cancelled or moved has to reach those who subscribed
MOST_ENTRIES = 500  # five years of events; a calendar program reads the whole file every hour
Form = Literal["json", "jsonld"]


class CalendarParameters(EventFilters):
    """Which events a calendar holds; those of the last three months and all that come, where no day is named."""

    def bounded(self, today: date) -> Self:
        """The same, from three months ago where it does not say from when."""
        if (self.from_, self.ended_from) != (None, None):
            return self
        return self.model_copy(update={"ended_from": today - LOOK_BACK})


class EventParameters(BaseModel):
    """How one event is read."""

    model_config = {"extra": "ignore"}

    format: Form | None = Field(None, description="Wins over Accept: `jsonld` is schema.org's Event as JSON-LD")
    include: list[Literal["sessions"]] = Field(
        [], max_length=5, description="`sessions`: with the agenda. It names speakers, so no cache keeps that answer"
    )


class EventShown(EventRead):
    """An event, with its agenda where that was asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    sessions: list[SessionRead] | None = Field(None, description="Only with `include=sessions`")
