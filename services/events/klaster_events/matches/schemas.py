"""Wire shapes of matches."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.board.examples import POST
from klaster_events.board.schemas import PostRead
from klaster_events.matches.features import FeatureName
from klaster_shared.labels import LabelText

_FEATURES: list[dict[str, Any]] = [
    {
        "name": "offer_meets_need",
        "weight": 3.0,
        "about": ["technology"],
        "reason": "An offer meets a need: Technology",
    },
    {"name": "common_words", "weight": 1.7, "about": ["EKG"], "reason": "Words in common: EKG"},
]
_MATCH: dict[str, Any] = {
    "post": POST,
    "for_post": "01930000-0000-7000-8000-000000000002",
    "score": 4.7,
    "features": _FEATURES,
}


class MatchReason(BaseModel):
    """One reason for a match."""

    name: FeatureName
    weight: float = Field(description="How much it adds to the score")
    about: list[str] = Field(description="Codes of kinds, fields, regions or groups; or words")
    reason: LabelText = Field(description="The same as a sentence")


class BoardMatch(BaseModel):
    """A post that is suggested, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MATCH]})

    post: PostRead
    for_post: UUID | None = Field(description="The post of one's own that it answers; null where one has none")
    score: float = Field(description="The sum of the features' weights: it orders, and means nothing by itself")
    features: list[MatchReason] = Field(description="The weightiest first")


class BoardMatches(BaseModel):
    """Suggestions, the best first."""

    items: list[BoardMatch]


class MatchParameters(BaseModel):
    """For whom suggestions are asked."""

    model_config = {"extra": "ignore"}

    post: UUID | None = Field(None, description="For this post of one's own")
    entity: UUID | None = Field(None, description="For all open posts of this entity; a partner's own where left out")
    limit: int = Field(20, ge=1, le=50)
