"""Wire shapes of introductions."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.introductions.features import ReasonName
from klaster_events.participants.examples import PARTICIPANT
from klaster_events.participants.schemas import ParticipantRead
from klaster_shared.labels import LabelText

_INTRODUCTION: dict[str, Any] = {
    "participant": PARTICIPANT,
    "score": 2.5,
    "features": [
        {
            "name": "offer_meets_need",
            "weight": 2.0,
            "about": ["EKG"],
            "reason": "One offers what the other seeks: EKG",
        },
        {"name": "never_met", "weight": 0.5, "about": [], "reason": "They have never met before"},
    ],
}


class IntroductionReason(BaseModel):
    """One reason for a meeting."""

    name: ReasonName
    weight: float = Field(description="How much it adds to the score")
    about: list[str] = Field(description="Codes of fields, languages or groups, words, or how many times are free")
    reason: LabelText = Field(description="The same as a sentence")


class IntroductionRead(BaseModel):
    """Somebody to meet, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [_INTRODUCTION]})

    participant: ParticipantRead
    score: float = Field(description="The sum of the features' weights: it orders, and means nothing by itself")
    features: list[IntroductionReason] = Field(description="The weightiest first")


class Introductions(BaseModel):
    """Suggestions, the best first."""

    items: list[IntroductionRead]


class IntroductionParameters(BaseModel):
    """How many suggestions are asked for."""

    model_config = {"extra": "ignore"}

    limit: int = Field(20, ge=1, le=50)
