"""Wire shapes of laboratories."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.decimals import Number
from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import ShortText

LabKind = Literal["commercial", "scientific", "teaching"]


class AreaIn(PeriodIn):
    """An area, and when it holds."""

    area_m2: Annotated[Decimal, Field(gt=0, le=10_000_000, decimal_places=2)]


Areas = Annotated[list[AreaIn], Field(max_length=100, description="Periods may not overlap")]


class LabCreate(BaseModel):
    """A new laboratory."""

    model_config = ConfigDict(extra="forbid")

    owner: EntityReference
    name: Label
    kind: LabKind
    areas: Areas = []
    shared: PeriodIn | None = Field(None, description="When others may use it; null: it is not shared")
    note: ShortText | None = None
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: bool = False


class LabUpdate(BaseModel):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(extra="forbid")

    owner: EntityReference | MISSING = MISSING
    name: Label | MISSING = MISSING
    kind: LabKind | MISSING = MISSING
    areas: Areas | MISSING = MISSING
    shared: PeriodIn | MISSING | None = MISSING
    note: ShortText | MISSING | None = MISSING


class LabListParameters(PageParameters):
    """Filters of the list of laboratories."""

    as_of: date | None = Field(None, description="The day that areas, sharing and partnership are asked for; today")
    kind: list[LabKind] = Field([])
    owner: list[UUID] = Field([], description="Ids of entities")
    owner_partner: bool | None = Field(None, description="A partnership of its owner covers that day")
    shared: bool | None = Field(None, description="Shared on that day")
    with_area: bool | None = Field(None, description="Its area on that day is known")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class AreaRead(PeriodRead):
    area_m2: Number


class LabRead(BaseModel):
    """A laboratory."""

    id: UUID
    name: LabelText
    owner: OwnerRead
    kind: LabKind
    area_m2: Number | None = Field(description="On the day asked for; null: not known")
    areas: list[AreaRead]
    shared: PeriodRead | None
    note: str | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
