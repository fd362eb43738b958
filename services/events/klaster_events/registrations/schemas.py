"""Wire shapes of registrations."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from klaster_events.people.schemas import AttendeeRead, PersonGiven
from klaster_shared.pagination import PageParameters

RegistrationState = Literal["confirmed", "waiting", "cancelled"]


class RegistrationCreate(PersonGiven):
    """A person who wants to come."""

    entity_id: UUID | None = Field(None, description="The entity of the registry that the person comes from")


class RegistrationPlaced(BaseModel):
    """What became of a registration. Whoever has no account is told the state alone."""

    event_id: UUID
    state: RegistrationState
    id: UUID | None = Field(description="For the office; null otherwise")


class RegistrationRead(BaseModel):
    """A registration, with the person, for those who may know."""

    id: UUID
    event_id: UUID
    person: AttendeeRead
    entity_id: UUID | None
    state: RegistrationState
    ticket: int = Field(description="Its place in the order of arrival")
    created_at: datetime
    updated_at: datetime


class RegistrationListParameters(PageParameters):
    """Filters of an event's registrations."""

    state: list[RegistrationState] = Field([])
