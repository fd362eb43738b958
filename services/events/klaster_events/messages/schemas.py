"""Wire shapes of messages: whom they are for is an id, what they say is not told."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.outbox.kinds import MessageKind
from klaster_shared.dates import Moment
from klaster_shared.pagination import PageParameters

MessageState = Literal["waiting", "sent", "failed", "dropped"]
_MESSAGE: dict[str, Any] = {
    "id": "01935c1e-7a00-7000-8000-00000000000a",
    "kind": "confirmed",
    "state": "waiting",
    "event_id": "01935c1e-7a00-7000-8000-000000000001",
    "registration_id": "01935c1e-7a00-7000-8000-000000000002",
    "person_id": "01935c1e-7a00-7000-8000-000000000003",
    "language": "pl",
    "attempts": 1,
    "problem": "The mail server was silent for too long",
    "created_at": "2026-11-24T09:00:00Z",
    "due_at": "2026-11-24T09:01:00Z",
    "sent_at": None,
}


class MessageRead(BaseModel):
    """A message, without the person behind the id and without its words."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MESSAGE]})

    id: UUID = Field(description="Also the left half of its Message-ID")
    kind: MessageKind
    state: MessageState
    event_id: UUID | None
    registration_id: UUID | None
    person_id: UUID = Field(
        description="A random id; who it is, the lists of registrations say, where looks are recorded"
    )
    language: str
    attempts: int = Field(description="How often it was handed to the mail server")
    problem: str | None = Field(description="Why it waits, failed or was dropped")
    created_at: datetime
    due_at: datetime = Field(description="Not tried before this moment")
    sent_at: datetime | None = Field(description="When the mail server took it")


class MessageListParameters(PageParameters):
    """Filters of the list of messages. Repeated parameters mean "or", different ones "and"."""

    state: list[MessageState] = Field([])
    kind: list[MessageKind] = Field([])
    event: list[UUID] = Field([], max_length=50)
    due_before: Annotated[Moment | None, Field(description="To be tried before this moment")] = None


class MessageCount(BaseModel):
    """How many messages of a kind are in a state."""

    state: MessageState
    kind: MessageKind
    number: int


class OutboxRead(BaseModel):
    """The outbox as a whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "mail_server": "none",
                    "waiting": 3,
                    "oldest_waiting_since": "2026-11-24T09:00:00Z",
                    "oldest_waiting_seconds": 3600,
                    "untold_notices": 0,
                    "counts": [{"state": "waiting", "kind": "confirmed", "number": 3}],
                }
            ]
        }
    )

    mail_server: Literal["configured", "none"] = Field(description="`none`: messages wait until there is one")
    waiting: int
    oldest_waiting_since: datetime | None
    oldest_waiting_seconds: int | None = Field(description="Its age; minutes are normal, hours are not")
    untold_notices: int = Field(description="Notices about events that have yet to become messages")
    counts: list[MessageCount]
