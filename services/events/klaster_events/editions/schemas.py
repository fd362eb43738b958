"""Wire shapes of editions."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_events.editions.examples import CHANGE, EDITION, NEW_EDITION, SLOTS
from klaster_events.editions.windows import WindowRead, Windows
from klaster_events.events.schemas import Instant, State
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Whole
from klaster_shared.texts import Code

EditionState = Literal["draft", "open", "closed"]
Acceptance = Literal["opt_in", "automatic"]
SlotMinutes = Literal[15, 20, 30]
Break = Annotated[Whole, Field(ge=0, le=60, description="Minutes between two slots")]
Hours = Annotated[Whole, Field(ge=1, le=24 * 30, description="How long a request waits for its answer")]
Cap = Annotated[Whole, Field(ge=1, le=1000)]


class ParticipantKind(BaseModel):
    """A kind of participant, and what the rules allow it."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: ShortLabel
    may_ask: Annotated[list[Code], Field(max_length=30)] | None = Field(
        None, description="The kinds that it may ask for a meeting; null: all of them"
    )
    cap: Cap | None = Field(None, description="Meetings of one participant of this kind; null: as the edition says")


Kinds = Annotated[list[ParticipantKind], Field(min_length=1, max_length=30)]


class ForumEditionCreate(BaseModel):
    """The 1:1 meetings of an event. Days, zone, place and registration are the event's."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEW_EDITION]})

    event: UUID
    slot_minutes: SlotMinutes = 20
    break_minutes: Break = 0
    windows: Windows = Field(description="When meetings take place, by day of the event; slots follow from them")
    acceptance: Acceptance = Field("opt_in", description="Whether each request is answered, or accepted by itself")
    requests_until: Instant | None = Field(None, description="Until when requests are made; null: the event's begin")
    answers_within_hours: Hours = 48
    cap_per_participant: Cap | None = Field(None, description="Meetings of one participant; null: no limit")
    kinds: Kinds


class ForumEditionUpdate(BaseModel):
    """A change (JSON Merge Patch). Lengths of slots and breaks stay once the edition has been opened."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CHANGE]})

    slot_minutes: SlotMinutes | MISSING = MISSING
    break_minutes: Break | MISSING = MISSING
    windows: Windows | MISSING = MISSING
    acceptance: Acceptance | MISSING = MISSING
    requests_until: Instant | MISSING | None = MISSING
    answers_within_hours: Hours | MISSING = MISSING
    cap_per_participant: Cap | MISSING | None = MISSING
    kinds: Kinds | MISSING = MISSING


class EditionEvent(BaseModel):
    """The event whose meetings these are."""

    id: UUID
    title: LabelText
    state: State
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None
    online: bool


class ParticipantKindRead(BaseModel):
    """A kind of participant, and what the rules allow it."""

    code: str
    name: LabelText
    may_ask: list[str] | None
    cap: int | None


class ForumEditionRead(BaseModel):
    """An edition of the forum."""

    model_config = ConfigDict(json_schema_extra={"examples": [EDITION]})

    id: UUID
    event: EditionEvent
    state: EditionState
    slot_minutes: int
    break_minutes: int
    windows: list[WindowRead]
    acceptance: Acceptance
    requests_until: datetime | None
    answers_within_hours: int
    cap_per_participant: int | None
    kinds: list[ParticipantKindRead]
    slots: int = Field(description="How many slots follow from the windows")
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class SlotRead(BaseModel):
    """A time in which two can meet."""

    starts_at: datetime
    ends_at: datetime
    tables: int = Field(description="How many tables can be used then")


class SlotsRead(BaseModel):
    """All slots of an edition, in the order of time."""

    model_config = ConfigDict(json_schema_extra={"examples": [SLOTS]})

    items: list[SlotRead]


class EditionListParameters(PageParameters):
    """Filters of the list of editions. Repeated parameters mean "or", different ones "and"."""

    state: list[EditionState] = Field([])
    event: list[UUID] = Field([])
    demonstration: bool | None = None
