"""Wire shapes of headquarters abroad."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Country, ShortText, WebAddress

HqKind = Literal["company", "cluster", "university", "other"]
Engagement = Literal["interested", "negotiating", "cooperating", "ended"]


class EngagementIn(BaseModel):
    """A state of engagement: it holds until the next one begins."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    state: Engagement
    from_: Day = Field(alias="from", description="The first day")


def _in_time(steps: list[EngagementIn]) -> list[EngagementIn]:
    for before, after in pairwise(steps):
        if after.from_ <= before.from_:
            raise ValueError("engagements stand in order of time, each on a later day than the one before")
        if after.state == before.state:
            raise ValueError(f"{after.state} follows itself")
    if steps and steps[0].state == "ended":
        raise ValueError("nothing can end that did not begin")
    return steps


Engagements = Annotated[list[EngagementIn], AfterValidator(_in_time), Field(max_length=100)]
PartnerEntities = Annotated[
    list[EntityReference], Field(max_length=100, description="Entities of the region that it works with")
]
Readiness = Annotated[list[PeriodIn], Field(max_length=50, description="When it declared readiness to cooperate")]

_EXAMPLE: dict[str, Any] = {
    "name": "Health Cluster Portugal",
    "kind": "cluster",
    "country": "PT",
    "city": "Maia",
    "url": "https://www.healthclusterportugal.pt",
    "local_entity": None,
    "partner_entities": ["RBW-000001"],
    "engagements": [{"state": "interested", "from": "2020-02-01"}, {"state": "cooperating", "from": "2021-01-01"}],
    "ready": [{"from": "2020-05-01", "to": None}],
    "note": None,
    "source": "ror",
    "source_key": "026cgcq38",
    "demonstration": False,
}


class ForeignHqCreate(BaseModel):
    """A new organisation abroad."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    name: ShortText
    kind: HqKind
    country: Country
    city: ShortText | None = None
    url: WebAddress | None = None
    local_entity: EntityReference | None = Field(None, description="Its branch in the region")
    partner_entities: PartnerEntities = []
    engagements: Engagements = []
    ready: Readiness = []
    note: ShortText | None = None
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class ForeignHqUpdate(BaseModel):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"city": "Basel", "note": None}]})

    name: ShortText | MISSING = MISSING
    kind: HqKind | MISSING = MISSING
    country: Country | MISSING = MISSING
    city: ShortText | MISSING | None = MISSING
    url: WebAddress | MISSING | None = MISSING
    local_entity: EntityReference | MISSING | None = MISSING
    partner_entities: PartnerEntities | MISSING = MISSING
    engagements: Engagements | MISSING = MISSING
    ready: Readiness | MISSING = MISSING
    note: ShortText | MISSING | None = MISSING


class ForeignHqListParameters(PageParameters):
    """Filters of the list of headquarters abroad."""

    as_of: Day | None = Field(None, description="The day that engagement and readiness are asked for; today")
    kind: list[HqKind] = Field([])
    country: list[Country] = Field([])
    entity: list[UUID] = Field([], description="Ids of entities: its branch in the region, or partners there")
    engagement: list[Engagement] = Field([], description="Its state on that day")
    ready: bool | None = Field(None, description="Readiness declared, and not withdrawn, on that day")
    engaged_from: Day | None = Field(None, description="Engaged (not ended) on a day from this one on")
    engaged_to: Day | None = Field(None, description="Engaged (not ended) on a day up to this one")
    begun_from: Day | None = Field(None, description="An engagement began on or after")
    begun_to: Day | None = Field(None, description="An engagement began on or before")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class EngagementRead(PeriodRead):
    state: Engagement


class ForeignHqRead(BaseModel):
    """An organisation with headquarters abroad."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "0190163d-8694-739b-aea5-966c26f8ad90",
                    "partner_entities": [
                        {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Fundacja Klaster LifeScience Kraków"}
                    ],
                    "engagements": [
                        {"state": "interested", "from": "2020-02-01", "to": "2020-12-31"},
                        {"state": "cooperating", "from": "2021-01-01", "to": None},
                    ],
                    "version": 1,
                    "created_at": "2026-11-24T09:00:00Z",
                    "updated_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    name: str
    kind: HqKind
    country: str
    city: str | None
    url: str | None
    local_entity: OwnerRead | None
    partner_entities: list[OwnerRead]
    engagements: list[EngagementRead]
    ready: list[PeriodRead]
    note: str | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
