"""Wire shape of a path's page."""

from datetime import date

from pydantic import BaseModel, Field

from klaster_gateway.composing.schemas import Listed, Section
from klaster_gateway.contract.records import (
    EntityRecord,
    EventRecord,
    MeasureRecord,
    PathRecord,
    PlanSumsRecord,
    ProjectRecord,
)


class PathScores(BaseModel):
    """Where the path stands."""

    as_of: date
    edition: str | None
    counts: dict[str, int] = Field(description="How many measures are in each status; never averaged")
    items: list[MeasureRecord] = Field(description="Every measure with baseline, target, latest, progress")


class PathOverview(BaseModel):
    """A path on one page. Each section says itself what keeps it away."""

    path: PathRecord = Field(description="Vision, effects, indicators, programmes and tasks")
    scorecard: Section[PathScores]
    next_events: Section[Listed[EventRecord]] = Field(description="Published, the soonest first")
    past_events: Section[Listed[EventRecord]] = Field(description="Completed, the latest first")
    milestones: Section[PlanSumsRecord] = Field(description="Planned and done in this year's action plan")
    projects: Section[Listed[ProjectRecord]] = Field(description="Of the groups its measures belong to")
    entities: Section[Listed[EntityRecord]] = Field(description="Members of those groups")
