"""Wire shapes of plans."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Real

PlanMode = Literal["whole", "healing"]
PlanState = Literal["queued", "running", "applied", "failed", "cancelled"]
MOST_SECONDS, MOST_BOUND_SECONDS = 60, 60
_PLAN: dict[str, Any] = {
    "id": "01940000-0000-7000-8000-000000000041",
    "edition": "01940000-0000-7000-8000-000000000001",
    "mode": "whole",
    "state": "applied",
    "seconds": 5.0,
    "bound_seconds": 10.0,
    "done": 15,
    "of": 15,
    "wishes": 2500,
    "placed": 2448,
    "moved": 0,
    "fewest": 3,
    "worth": 9793,
    "bound": 9793.0,
    "gap": 0.0,
    "unplaced": {"met_elsewhere": 40, "never_free_together": 12},
    "problem": None,
    "created_at": "2027-05-18T12:00:00Z",
    "applied_at": "2027-05-18T12:00:12Z",
    "version": 2,
}


class MeetingPlanCreate(BaseModel):
    """A plan of all meetings of an edition."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"seconds": 5, "bound_seconds": 10}]})

    mode: PlanMode = Field(
        "whole", description="whole: as many as can be; healing: what lost its place, moving as few others as possible"
    )
    seconds: Annotated[Real, Field(gt=0, le=MOST_SECONDS)] = 5.0
    bound_seconds: Annotated[Real, Field(ge=0, le=MOST_BOUND_SECONDS)] = Field(
        10.0, description="How long to look for the best there could be; 0: not at all"
    )


class MeetingPlanRead(BaseModel):
    """A plan of meetings, and how good it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PLAN]})

    id: UUID
    edition: UUID
    mode: PlanMode
    state: PlanState
    seconds: float
    bound_seconds: float
    done: int = Field(description="Seconds of work so far")
    of: int | None = Field(description="Seconds of work at most")
    wishes: int | None = Field(description="Meetings that waited for a slot, or had one")
    placed: int | None
    moved: int | None = Field(description="Meetings whose slot or table people knew, and that changed")
    fewest: int | None = Field(description="Meetings of whoever has fewest, of all who could have one")
    worth: int | None = Field(description="What is placed, each meeting by priorities, more where both asked")
    bound: float | None = Field(description="No schedule is worth more; null: not looked for")
    gap: float | None = Field(description="How far from the best it can be at most: 0.01 is one per cent")
    unplaced: dict[str, int] = Field(description="How many have no slot, by why: see `hindrance` of each meeting")
    problem: dict[str, Any] | None
    created_at: datetime
    applied_at: datetime | None
    version: int


class PlanListParameters(PageParameters):
    """Parameters of the list of plans."""

    mode: list[PlanMode] = Field([])
