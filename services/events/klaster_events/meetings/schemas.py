"""Wire shapes of meetings."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.entities.schemas import EntityName
from klaster_events.events.schemas import Instant
from klaster_events.meetings.examples import FREE, IN_FULL, MEETING, NEW_MEETING, OUTCOME, OWN, PLACE, PROJECT
from klaster_events.meetings.parties import MeetingSide
from klaster_events.proposing.schemas import FateRead
from klaster_shared.dates import Day
from klaster_shared.labels import ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code, LongText, ShortText

MeetingState = Literal["requested", "accepted", "declined", "expired", "cancelled", "scheduled", "took_place", "missed"]
PlannedBy = Literal["hand", "plan"]
Hindrance = Literal["never_free_together", "no_table", "most_reached", "met_elsewhere", "not_placed"]
NextStep = Literal["none", "contact", "visit", "project"]
MeetingStep = Literal["accept", "decline", "cancel", "schedule", "outcome", "project"]
Priority = Annotated[Whole, Field(ge=1, le=3, description="How much it is wanted; 3: most")]
Words = Annotated[LongText, Field(max_length=2000)]


def _example(example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class OwnMeetingCreate(BaseModel):
    """A request for a meeting, of whoever has the link."""

    model_config = _example({name: NEW_MEETING[name] for name in ("asked", "message", "priority")})

    asked: UUID = Field(description="The participant whom one would like to meet")
    message: Words | None = Field(None, description="Why; shown to them alone")
    priority: Priority = 2


class MeetingCreate(OwnMeetingCreate):
    """A request for a meeting, in the name of a participant."""

    model_config = _example(NEW_MEETING)

    asked_by: UUID = Field(description="The participant who asks")


class Acceptance(BaseModel):
    """Somebody accepts, and says how much they want the meeting."""

    model_config = _example({"priority": 3})

    priority: Priority = 2


class Place(BaseModel):
    """When two meet, and where."""

    model_config = _example(PLACE)

    starts_at: Instant = Field(description="When the slot begins")
    table: UUID | None = Field(None, description="Any that is free where left out")


class OutcomeGiven(BaseModel):
    """How a meeting went, as one of the two says."""

    model_config = _example(OUTCOME)

    took_place: Truth
    rating: Annotated[Whole, Field(ge=1, le=5)] | None = None
    next_step: NextStep = "none"
    note: Words | None = Field(None, description="For oneself and the office")


class OfficeOutcome(OutcomeGiven):
    """How a meeting went; the office says whose word it is, a partner has one side."""

    model_config = _example({**OUTCOME, "side": "asker"})

    side: MeetingSide | None = None


class ProjectGiven(BaseModel):
    """What a meeting becomes: a project, proposed to the registry, whose office decides."""

    model_config = _example(PROJECT)

    title: ShortLabel
    kinds: Annotated[list[Code], Field(max_length=20, description="Codes of /v1/project-kinds")] = []
    starts_on: Day | None = None
    note: ShortText | None = None


class OfficeProject(ProjectGiven):
    """What a meeting becomes; the office says in whose name, a partner has one side."""

    model_config = _example({**PROJECT, "side": "asker"})

    side: MeetingSide | None = None


class ParticipantNamed(BaseModel):
    """A participant, without a name."""

    id: UUID
    kind: str
    entity: EntityName | None


class TableNamed(BaseModel):
    """Where two meet."""

    id: UUID
    code: str
    room: str | None
    online: bool


class MeetingRead(BaseModel):
    """A meeting, without what people wrote and who they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [MEETING]})

    id: UUID
    edition: UUID
    asked_by: ParticipantNamed
    asked: ParticipantNamed
    state: MeetingState
    mutual: bool = Field(description="Each asked the other")
    asker_priority: int
    asked_priority: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    table: TableNamed | None
    planned_by: PlannedBy | None
    hindrance: Hindrance | None = Field(description="Why the last plan found no slot for it")
    ended_by: str | None = Field(
        description="Who ended it: asker, asked, office; `gone`: one of them takes no part; `event`: it is cancelled"
    )
    expires_at: datetime | None = Field(description="Until when an answer is waited for")
    answered_at: datetime | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class OutcomeRead(BaseModel):
    """How a meeting went, as one of the two says."""

    took_place: bool
    rating: int | None
    next_step: NextStep
    note: str | None


class SideRead(BaseModel):
    """One of the two, as far as the reader may know."""

    name: str | None = Field(description="Null where they are not listed, or have been erased")
    outcome: OutcomeRead | None = Field(description="For their own side and the office")


class Sides(BaseModel):
    """Both of them."""

    asker: SideRead
    asked: SideRead


class MeetingInFull(MeetingRead):
    """A meeting with its message, names and outcomes."""

    model_config = ConfigDict(json_schema_extra={"examples": [IN_FULL]})

    message: str | None
    online_url: str | None
    sides: Sides
    project: FateRead | None = Field(description="The project that was proposed to the registry")


class CounterpartRead(ParticipantNamed):
    """The other one."""

    name: str | None = Field(description="Null where they do not want to be listed")


class OwnMeetingRead(MeetingRead):
    """A meeting of whoever has the link."""

    model_config = ConfigDict(json_schema_extra={"examples": [OWN]})

    side: MeetingSide = Field(description="Which of the two one is")
    counterpart: CounterpartRead = Field(alias="with")
    message: str | None
    online_url: str | None
    outcome: OutcomeRead | None
    project: FateRead | None = Field(description="The project that was proposed to the registry")
    may: list[MeetingStep] = Field(description="What can be done with it now")


class FreeSlot(BaseModel):
    """When both could meet, and where."""

    starts_at: datetime
    ends_at: datetime
    tables: list[TableNamed]


class FreeSlots(BaseModel):
    """All of them, in the order of time."""

    model_config = ConfigDict(json_schema_extra={"examples": [FREE]})

    items: list[FreeSlot]


class HeldOutcome(BaseModel):
    """How a meeting went, as the person says."""

    took_place: bool
    rating: int | None
    next_step: NextStep


class HeldMeeting(BaseModel):
    """A meeting of the person, for the export of their data: what the other wrote is the other's."""

    id: UUID
    edition_id: UUID
    participant_id: UUID
    with_participant_id: UUID
    asked: bool = Field(description="Whether the person asked, or was asked")
    state: MeetingState
    starts_at: datetime | None
    ends_at: datetime | None
    message: str | None
    note: str | None
    outcome: HeldOutcome | None
    created_at: datetime
    updated_at: datetime


class MeetingListParameters(PageParameters):
    """Filters of the list of meetings. Repeated parameters mean "or", different ones "and"."""

    state: list[MeetingState] = Field([])
    participant: list[UUID] = Field([], max_length=500, description="Of one of these, whoever asked")
    entity: list[UUID] = Field([], max_length=500, description="Of people of one of these, or merged into it")
    table: list[UUID] = Field([], max_length=500)
    planned_by: list[PlannedBy] = Field([])
    hindrance: list[Hindrance] = Field([], description="Left without a slot for one of these reasons")
    mutual: bool | None = None
    starts_from: Instant | None = Field(None, description="In a slot that begins then, or later")
    starts_to: Instant | None = Field(None, description="In a slot that begins before then")
