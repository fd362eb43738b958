"""The whole strategy document."""

from pydantic import ConfigDict, Field

from klaster_indicators.document import examples
from klaster_indicators.document.cluster import (
    Edition,
    FieldOfLifeScience,
    InterestGroup,
    Network,
    Organisation,
    Rule,
    SpecialInterestGroup,
    VerificationLink,
)
from klaster_indicators.document.framework import (
    Effect,
    EffectIndicator,
    HorizontalTask,
    Level,
    Path,
    Programme,
    Task,
)
from klaster_indicators.document.parts import BilingualText, Part


class StrategyDocument(Part):
    """A strategy as facts and figures: one edition, whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DOCUMENT]})

    edition: Edition
    organisation: Organisation | None = None
    interest_groups: list[InterestGroup] = Field(default_factory=list)
    fields: list[FieldOfLifeScience] = Field(default_factory=list)
    special_interest_groups: list[SpecialInterestGroup] = Field(default_factory=list)
    rules: list[Rule] = Field(default_factory=list)
    networks_and_programmes: list[Network] = Field(default_factory=list)
    levels: list[Level]
    paths: list[Path]
    effects: list[Effect]
    effect_indicators: list[EffectIndicator]
    programmes: list[Programme]
    tasks: list[Task] = Field(default_factory=list)
    horizontal_tasks: list[HorizontalTask] = Field(default_factory=list)
    partner_benefits: list[BilingualText] = Field(default_factory=list)
    verification_links: list[VerificationLink] = Field(default_factory=list)
