"""Wire shapes of the overview: each section holds its content, or the problem that keeps it away."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from klaster_gateway.composing.schemas import Section
from klaster_shared.labels import LabelText


class ScorecardSummary(BaseModel):
    """The scorecard in numbers."""

    as_of: date
    edition: str | None
    counts: dict[str, int] = Field(description="How many measures are in each status; never averaged")
    coverage: dict[str, int] = Field(description="How much of it rests on data")


class GroupCount(BaseModel):
    """How many registered entities an interest group has."""

    code: str
    name: LabelText
    entities: int
    link: str = Field(description="Exactly the entities counted")


class EntitiesSummary(BaseModel):
    """The registered entities, by interest group."""

    registered: int
    by_interest_group: list[GroupCount]


class NextEvent(BaseModel):
    """An event to come."""

    id: UUID
    title: LabelText
    starts_at: datetime
    ends_at: datetime
    link: str


class ChangedEntity(BaseModel):
    """An entity that changed lately, as it is now."""

    id: UUID
    name: str
    registration: str
    updated_at: datetime
    link: str


class EventsSummary(BaseModel):
    """What comes next, the soonest first."""

    next: list[NextEvent]


class ChangesSummary(BaseModel):
    """What changed last, the latest first."""

    entities: list[ChangedEntity]


class Overview(BaseModel):
    """The cluster on one page. Always 200: a service that is away leaves its section empty, and nothing else."""

    scorecard: Section[ScorecardSummary]
    entities: Section[EntitiesSummary]
    events: Section[EventsSummary]
    changes: Section[ChangesSummary]
