"""Wire shapes of registrations."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from klaster_events.consents.schemas import ConsentGiven
from klaster_events.people.schemas import AttendeeRead, MailLanguage, PersonGiven
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import LongText

RegistrationState = Literal["requested", "waiting", "pending", "offered", "confirmed", "declined", "cancelled"]
Answers = Annotated[dict[str, Any], Field(max_length=50, description="To the event's own questions, by their codes")]
Sessions = Annotated[list[UUID], Field(max_length=50, description="Sessions of the agenda, where they have seats")]


class RegistrationCreate(PersonGiven):
    """A person who wants to come."""

    language: MailLanguage = Field("pl", description="Of the messages to this person")
    entity_id: UUID | None = Field(None, description="The entity of the registry that the person comes from")
    answers: Answers = Field(default_factory=dict)
    consents: Annotated[list[ConsentGiven], Field(max_length=50)] = Field(
        default_factory=list, description="What the person agrees to, in the words in force"
    )
    sessions: Sessions = Field(default_factory=list)


class SessionsChosen(BaseModel):
    """The sessions that a person wants to be in: these and no others."""

    model_config = ConfigDict(extra="forbid")

    sessions: Sessions


class Decline(BaseModel):
    """Why a registration is declined: the person is told."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[LongText, Field(max_length=1000, examples=["The workshop is for members of the group."])]


class RegistrationPlaced(BaseModel):
    """What became of a registration. Whoever has no account is told the state alone."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "01930000-0000-7000-8000-000000000001",
                    "state": "pending",
                    "expires_at": "2026-11-27T09:00:00Z",
                    "id": None,
                }
            ]
        }
    )

    event_id: UUID
    state: RegistrationState
    expires_at: datetime | None = Field(
        description="Until when the address is to be confirmed by the link sent to it, or an offered seat is held"
    )
    id: UUID | None = Field(description="For the office and partners; null otherwise")


class SessionSeatRead(BaseModel):
    """A seat in a session, or the wish for one."""

    session_id: UUID
    state: Literal["taken", "wanted"]


class RegistrationRead(BaseModel):
    """A registration, with the person, for those who may know."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01930000-0000-7000-8000-000000000002",
                    "event_id": "01930000-0000-7000-8000-000000000001",
                    "person": {
                        "id": "01930000-0000-7000-8000-000000000003",
                        "name": "Ada Przykładowa",
                        "email": "ada@example.org",
                    },
                    "entity_id": None,
                    "state": "confirmed",
                    "ticket": 12,
                    "code": "7K3M9QX2VB4T8N1D",
                    "language": "pl",
                    "origin": "self",
                    "verified_at": "2026-11-26T10:00:00Z",
                    "expires_at": None,
                    "ended_by": None,
                    "answers": {"diet": "vegan"},
                    "sessions": [{"session_id": "01930000-0000-7000-8000-000000000004", "state": "taken"}],
                    "version": 2,
                    "created_at": "2026-11-26T09:00:00Z",
                    "updated_at": "2026-11-26T10:00:00Z",
                }
            ]
        }
    )

    id: UUID
    event_id: UUID
    person: AttendeeRead
    entity_id: UUID | None
    state: RegistrationState
    ticket: int = Field(description="Its place in the order of arrival")
    code: str | None = Field(description="What the QR at the door says")
    language: MailLanguage
    origin: Literal["self", "partner", "office", "import"]
    verified_at: datetime | None = Field(description="When the address was confirmed, or vouched for")
    expires_at: datetime | None
    ended_by: str | None
    answers: dict[str, Any] = Field(description="To the event's own questions")
    sessions: list[SessionSeatRead]
    version: int
    created_at: datetime
    updated_at: datetime


class RegistrationListParameters(PageParameters):
    """Filters of an event's registrations."""

    state: list[RegistrationState] = Field([])
    origin: list[Literal["self", "partner", "office", "import"]] = Field([])
    entity_id: list[UUID] = Field([], max_length=50)
    verified: bool | None = Field(None, description="Whether the address was confirmed, or vouched for")
    q: str | None = Field(None, max_length=200, description="Words in name or address")


class GroupCreate(BaseModel):
    """People who come together. Each row is judged by itself, so that one wrong address keeps nobody else away."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[
        list[dict[str, Any]],
        Field(min_length=1, max_length=100, description="Each as for one registration"),
        WithJsonSchema(
            {
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": {"type": "object"},
                "description": "Each as for one registration (RegistrationCreate)",
                "examples": [[{"name": "Ada Przykładowa", "email": "ada@example.org"}]],
            }
        ),
    ]


class RowProblem(BaseModel):
    """What is wrong with a row, and where in it."""

    pointer: str = Field(examples=["/email"])
    code: str
    detail: str


class RowRead(BaseModel):
    """What became of a row, or would."""

    row: int = Field(description="In a group from 0; in a list as a spreadsheet numbers it: the header is row 1")
    verdict: Literal["registered", "unchanged", "rejected"]
    state: RegistrationState | None = Field(description="Null where it is rejected, or not yours to know")
    id: UUID | None
    errors: list[RowProblem]


_VERDICTS: list[Any] = [
    {
        "row": 0,
        "verdict": "registered",
        "state": "confirmed",
        "id": "01930000-0000-7000-8000-000000000002",
        "errors": [],
    },
    {
        "row": 1,
        "verdict": "rejected",
        "state": None,
        "id": None,
        "errors": [{"pointer": "/email", "code": "value_error", "detail": "this is not an e-mail address"}],
    },
]
_JUDGED: dict[str, Any] = {
    "event_id": "01930000-0000-7000-8000-000000000001",
    "counts": {"registered": 1, "unchanged": 0, "rejected": 1},
    "items": _VERDICTS,
}


class GroupRead(BaseModel):
    """The verdicts on a group."""

    model_config = ConfigDict(json_schema_extra={"examples": [_JUDGED]})

    event_id: UUID
    counts: dict[str, int]
    items: list[RowRead]


class ListImportRead(GroupRead):
    """The verdicts on a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_JUDGED, "dry_run": True}]})

    dry_run: bool


class ListImportParameters(BaseModel):
    """How a list is brought in."""

    dry_run: bool = Field(False, description="Only say what would become of each row")
