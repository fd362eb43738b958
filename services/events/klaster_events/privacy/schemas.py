"""Wire shapes of privacy: asking for a link, what is held about a person, erasing."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.board.schemas import WordsRead
from klaster_events.consents.schemas import ConsentEntry
from klaster_events.editions.windows import WindowRead
from klaster_events.meetings.schemas import HeldMeeting
from klaster_events.people.addresses import EmailAddress
from klaster_shared.labels import Label

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


class HeldPerson(BaseModel):
    """Name and address, as they were first given."""

    id: UUID
    name: str
    email: str
    created_at: datetime


class HeldEvent(BaseModel):
    """An event, by what it is called and when it is."""

    id: UUID
    title: Label
    starts_at: datetime
    ends_at: datetime
    place: str | None


class HeldSession(BaseModel):
    """A session of the agenda that the person has or wants a seat in."""

    title: Label
    starts_at: datetime
    state: str


class HeldRegistration(BaseModel):
    """A registration, with the answers to the event's questions."""

    id: UUID
    event: HeldEvent
    entity_id: UUID | None
    state: str
    ticket: int
    code: str | None
    language: str
    origin: str
    verified_at: datetime | None
    expires_at: datetime | None
    ended_by: str | None
    created_at: datetime
    updated_at: datetime
    answers: dict[str, Any] | None
    sessions: list[HeldSession]


class HeldAttendance(BaseModel):
    """Whether the person came, and what was certified."""

    event: HeldEvent
    entity_id: UUID | None
    present: bool
    origin: str
    minutes: int | None
    certificate_number: str | None
    certificate_issued_at: datetime | None
    recorded_at: datetime


class HeldScan(BaseModel):
    """A scan at a door."""

    event_id: UUID
    kind: str
    happened_at: datetime
    received_at: datetime
    reason: str | None = Field(description="Why it was refused; null: accepted")
    undone_at: datetime | None


class HeldPost(BaseModel):
    """A post of the board that names the person as its contact."""

    id: UUID
    owner_id: UUID
    side: str
    title: WordsRead
    state: str
    valid_until: date
    created_at: datetime
    updated_at: datetime


class HeldInterest(BaseModel):
    """Interest in a post of the board that names the person as its contact, with what they agreed to."""

    id: UUID
    post_id: UUID
    entity_id: UUID
    message: str | None
    state: str
    owner_agreed_at: datetime | None
    asker_agreed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class HeldParticipation(BaseModel):
    """Taking part in the 1:1 meetings of an event, with what the person says of themselves."""

    id: UUID
    edition_id: UUID
    registration_id: UUID
    entity_id: UUID | None
    kind: str
    languages: list[str]
    fields: list[str]
    about: WordsRead
    seeks: list[str]
    offers: list[str]
    availability: list[WindowRead] | None
    cap: int | None
    listed: bool
    withdrawn_at: datetime | None


class HeldResource(BaseModel):
    """A laboratory or service; whose owner has the person told of bookings, where it stands by itself."""

    id: UUID
    kind: str
    name: Label


class HeldBooking(BaseModel):
    """A booking of the person, with what was written about the visit."""

    id: UUID
    resource: HeldResource
    entity_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    terms_version: int | None
    purpose: str | None
    answer: str | None
    created_at: datetime
    updated_at: datetime


class HeldResult(BaseModel):
    """A result on show that names the person as its contact."""

    id: UUID
    entity_id: UUID
    title: Label
    state: str
    shown_from: date
    shown_until: date | None
    created_at: datetime


class HeldContact(BaseModel):
    """That the person asked whom to speak to about a result."""

    id: UUID
    item_id: UUID
    entity_id: UUID
    message: str | None
    created_at: datetime


class HeldMessage(BaseModel):
    """A message to the person. Its words are made when it is sent, and are not kept."""

    kind: str
    event_id: UUID | None
    language: str
    state: str
    created_at: datetime
    sent_at: datetime | None


class HeldLook(BaseModel):
    """Somebody was shown the person, or a list of an event of theirs."""

    at: datetime
    role: str
    shown: str
    event_id: UUID | None


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
        bookings=[],
        resources=[],
        results=[],
        asked_contacts=[],
        meetings=[],
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
    bookings: list[HeldBooking]
    resources: list[HeldResource] = Field(description="Whose owner has the person told of bookings")
    results: list[HeldResult]
    asked_contacts: list[HeldContact]
    meetings: list[HeldMeeting]
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
