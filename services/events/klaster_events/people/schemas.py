"""Wire shapes of people."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.people.addresses import EmailAddress
from klaster_shared.texts import ShortText


class PersonGiven(BaseModel):
    """A person, as somebody writes it down."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[ShortText, Field(max_length=200, examples=["Ada Przykładowa"])]
    email: EmailAddress


class AttendeeRead(BaseModel):
    """A person, for those who may know."""

    id: UUID
    name: str | None = Field(description="Null where the person has been erased")
    email: str | None
