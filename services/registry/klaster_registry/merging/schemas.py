"""Wire shape of a merge."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_registry.entities.schemas import EntityReference
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.texts import ShortText


class MergeIn(BaseModel):
    """Into whom, and how the two became one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"into": "RBW-000073", "kind": "merger", "on": "2024-05-01"}]},
    )

    into: EntityReference
    kind: Literal["duplicate", "merger"] = Field(
        "duplicate",
        description="`duplicate`: two records of one organisation, from the beginning; `merger`: two organisations",
    )
    on: Day | None = Field(None, description="The first day on which there is but one; mergers only, today if left out")
    note: ShortText | None = Field(None, description="For the office alone")

    @model_validator(mode="after")
    def _duplicates_have_no_day(self) -> Self:
        if self.kind == "duplicate" and self.on is not None:
            raise wrong_field("on", "not_for_duplicates", "Two records of one organisation were one on every day")
        return self
