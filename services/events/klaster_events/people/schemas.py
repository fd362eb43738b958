"""Wire shapes of people."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.people.addresses import EmailAddress
from klaster_shared.dates import Moment
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import ShortText

MailLanguage = Literal["pl", "en"]


class PersonGiven(BaseModel):
    """A person, as somebody writes it down."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[ShortText, Field(max_length=200, examples=["Ada Przykładowa"])]
    email: EmailAddress


class ContactGiven(PersonGiven):
    """Whom to speak to, and how to write to them."""

    language: MailLanguage = Field("pl", description="Of the messages to this person")


class AttendeeRead(BaseModel):
    """A person, for those who may know."""

    id: UUID
    name: str | None = Field(description="Null where the person has been erased")
    email: str | None


class LookRead(BaseModel):
    """Somebody was shown people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01930000-0000-7000-8000-000000000004",
                    "at": "2026-11-24T10:00:00Z",
                    "actor": "key:01930000-0000-7000-8000-000000000000",
                    "role": "office",
                    "shown": "registrations",
                    "event_id": "01930000-0000-7000-8000-000000000001",
                    "person_id": None,
                }
            ]
        }
    )

    id: UUID
    at: datetime
    actor: str = Field(description="Who looked, as tokens name them")
    role: str
    shown: str = Field(description="What it was: registrations, attendance, badges, person, ...")
    event_id: UUID | None = Field(description="Whose list it was; null where one person was looked at")
    person_id: UUID | None = Field(description="Who was looked at; null for a list")


Instant = Annotated[Moment, Field(examples=["2026-11-24T10:00:00Z"])]


class LookListParameters(PageParameters):
    """Filters of the looks on record."""

    actor: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=50)
    role: list[Annotated[str, Field(max_length=20)]] = Field([], max_length=10)
    shown: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50, description="What was shown")
    event: list[UUID] = Field([], max_length=50)
    person: list[UUID] = Field([], max_length=50)
    since: Instant | None = Field(None, description="On or after this instant")
    until: Instant | None = Field(None, description="Before this instant")
