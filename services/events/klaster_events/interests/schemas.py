"""Wire shapes of interest in posts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.board.schemas import PostState, Side, WordsRead
from klaster_events.consents.schemas import ConsentsGiven
from klaster_events.entities.schemas import EntityName
from klaster_events.people.schemas import AttendeeRead, ContactGiven
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import LongText

InterestState = Literal["shown", "agreed", "declined", "withdrawn"]
InterestSide = Literal["owner", "asker"]
Direction = Literal["received", "sent"]
_PERSON: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000004",
    "name": "Ada Przykładowa",
    "email": "ada@example.org",
}
_INTEREST: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000005",
    "post": {
        "id": "01930000-0000-7000-8000-000000000001",
        "side": "offer",
        "kind": "technology",
        "title": "ECG analysis in the cloud",
        "state": "published",
    },
    "owner": {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"},
    "entity": {"id": "01900000-0000-7000-8000-000000000003", "name": "Szpital Uniwersytecki w Krakowie"},
    "state": "agreed",
    "owner_agreed_at": "2026-11-25T08:00:00Z",
    "asker_agreed_at": "2026-11-24T09:00:00Z",
    "demonstration": False,
    "version": 2,
    "created_at": "2026-11-24T09:00:00Z",
    "updated_at": "2026-11-25T08:00:00Z",
}
_MESSAGE = "Chętnie pokażemy, jak pracuje nasz oddział."

_ASKED = "in the words of `/v1/consent-texts?occasion=interest`"
_CONTACTS: dict[str, Any] = {"owner": _PERSON, "asker": _PERSON}
_IN_FULL: dict[str, Any] = {**_INTEREST, "message": _MESSAGE, "contacts": _CONTACTS}


class InterestCreate(BaseModel):
    """Interest in a post."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "entity": "01900000-0000-7000-8000-000000000003",
                    "contact": {"name": "Ada Przykładowa", "email": "ada@example.org"},
                    "message": _MESSAGE,
                    "agrees": True,
                }
            ]
        },
    )

    entity: UUID | None = Field(None, description="Who is interested; a partner's own entity where left out")
    contact: ContactGiven = Field(description="Whom to speak to; shown to nobody before both sides agree")
    message: Annotated[LongText, Field(max_length=4000, description="For the owner of the post")]
    agrees: Truth = Field(
        False, description="The contact agrees that the owner is told who they are, once the owner agrees too"
    )
    consents: ConsentsGiven = Field([], description="To what the contact agreed, where they agree: " + _ASKED)


class Agreement(BaseModel):
    """For which side somebody agrees (the office says it, a partner has one side), and to which words."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"side": "owner", "consents": [{"purpose": "contact", "version": 1}]}]},
    )

    side: InterestSide | None = None
    consents: ConsentsGiven = Field([], description="To what the contact person agreed: " + _ASKED)


class PostNamed(BaseModel):
    """A post, by what it is."""

    id: UUID
    side: Side
    kind: str
    title: str | WordsRead
    state: PostState


class InterestRead(BaseModel):
    """Interest in a post, without what people wrote and who they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [_INTEREST]})

    id: UUID
    post: PostNamed
    owner: EntityName
    entity: EntityName = Field(description="Who is interested")
    state: InterestState
    owner_agreed_at: datetime | None
    asker_agreed_at: datetime | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class Contacts(BaseModel):
    """Whom to speak to, on either side; names are null where a person has been erased."""

    owner: AttendeeRead
    asker: AttendeeRead


class InterestInFull(InterestRead):
    """Interest in a post, with its message, and with both contacts once both sides agree."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IN_FULL]})

    message: str | None = Field(description="Null where whoever wrote it has been erased")
    contacts: Contacts | None = Field(description="Null before both sides agree, and after one of them took it back")


class InterestListParameters(PageParameters):
    """Filters of the list of interest. Repeated parameters mean "or", different ones "and"."""

    direction: Direction | None = Field(None, description="In posts of one's own, or of one's own in others' posts")
    state: list[InterestState] = Field([])
    post: list[UUID] = Field([])
    owner: list[UUID] = Field([], description="In posts of one of these, or of an entity merged into it")
    entity: list[UUID] = Field([], description="Of one of these, or of an entity merged into it")
    shown_from: Day | None = Field(None, description="Shown on or after this day, of the cluster's zone")
    shown_to: Day | None = Field(None, description="Shown on or before this day")
    demonstration: bool | None = None
