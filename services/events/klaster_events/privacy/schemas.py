"""Wire shapes of privacy: asking for a link, what is held about a person, erasing."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.consents.schemas import ConsentEntry
from klaster_events.meetings.schemas import HeldMeeting
from klaster_events.participants.schemas import HeldParticipation
from klaster_events.people.addresses import EmailAddress
from klaster_events.privacy.held import (
    HeldAttendance,
    HeldBooking,
    HeldContact,
    HeldInterest,
    HeldLook,
    HeldMessage,
    HeldPerson,
    HeldPost,
    HeldRegistration,
    HeldResource,
    HeldResult,
    HeldScan,
)

PrivacyPurpose = Literal["export", "erase"]
OfficeReason = Literal["asked", "authority", "mistake"]
"""Why the office does it: the person asked, an authority did, or the data should never have been here."""

_ID = "01930000-0000-7000-8000-000000000001"
_AT = "2026-11-24T09:00:00Z"
_EVENT = {
    "id": _ID,
    "title": {"pl": "Śniadanie naukowe", "en": "Science breakfast"},
    "starts_at": "2026-11-25T16:00:00Z",
    "ends_at": "2026-11-25T19:00:00Z",
    "place": "Kraków",
}


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class PrivacyRequest(BaseModel):
    """Whose data it is about: a link is sent to that address, if we know it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"email": "ada@example.org", "language": "pl"}]}
    )

    email: EmailAddress
    language: Literal["pl", "en"] = Field("pl", description="Of the message")


class PrivacyRequested(BaseModel):
    """The same for every address: nobody learns like this whether one is known."""

    model_config = _example(purpose="export", hours=48)

    purpose: PrivacyPurpose
    hours: int = Field(description="How long the link opens, if the address is known and one was sent")


class PersonSought(BaseModel):
    """An address whose person the office looks for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "ada@example.org"}]})

    email: EmailAddress


class PersonFound(BaseModel):
    """Whose address it is, as a random id."""

    model_config = _example(id=_ID)

    id: UUID


class ErasureGiven(BaseModel):
    """Why the office erases somebody."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "asked"}]})

    reason: OfficeReason


class ErasureRead(BaseModel):
    """A person is erased. What they took part in stays as a number."""

    model_config = _example(person_id=_ID, erased_at=_AT)

    person_id: UUID = Field(description="A random id, which stays where they took part")
    erased_at: datetime


class ErasureOffered(BaseModel):
    """What an erasure would do; nothing has happened yet."""

    model_config = _example(purpose="erase", erased=False, registrations=3, seats_given_back=1)

    purpose: Literal["erase"]
    erased: bool = Field(description="True: there is nothing left to erase")
    registrations: int = Field(description="How many events the person registered for")
    seats_given_back: int = Field(description="Registrations for what is to come, which would be cancelled")


class PersonalData(BaseModel):
    """Everything that is held about a person."""

    model_config = _example(
        person={"id": _ID, "name": "Ada Przykładowa", "email": "ada@example.org", "created_at": _AT},
        registrations=[
            {
                "id": _ID,
                "event": _EVENT,
                "entity_id": None,
                "state": "confirmed",
                "ticket": 1,
                "code": "0123456789ABCDEF",
                "language": "pl",
                "origin": "self",
                "verified_at": _AT,
                "expires_at": None,
                "ended_by": None,
                "created_at": _AT,
                "updated_at": _AT,
                "answers": {"diet": "wegetariańska"},
                "sessions": [],
            }
        ],
        attendance=[],
        scans=[],
        consents=[],
        posts=[],
        interests=[],
        participations=[],
        meetings=[],
        bookings=[],
        resources=[],
        results=[],
        asked_contacts=[],
        messages=[],
        looks=[{"at": _AT, "role": "office", "shown": "registrations", "event_id": _ID}],
    )

    person: HeldPerson
    registrations: list[HeldRegistration]
    attendance: list[HeldAttendance]
    scans: list[HeldScan]
    consents: list[ConsentEntry]
    posts: list[HeldPost]
    interests: list[HeldInterest]
    participations: list[HeldParticipation]
    meetings: list[HeldMeeting]
    bookings: list[HeldBooking]
    resources: list[HeldResource] = Field(description="Whose owner has the person told of bookings")
    results: list[HeldResult]
    asked_contacts: list[HeldContact]
    messages: list[HeldMessage]
    looks: list[HeldLook] = Field(description="Who saw them: by role, the last first")


class ConsentHistory(BaseModel):
    """What a person agreed to, the first first."""

    model_config = _example(
        items=[
            {
                "purpose": "newsletter",
                "version": 1,
                "text": "Zgadzam się na otrzymywanie zaproszeń na kolejne wydarzenia.",
                "event_id": _ID,
                "given_at": _AT,
                "withdrawn_at": None,
            }
        ]
    )

    items: list[ConsentEntry]
