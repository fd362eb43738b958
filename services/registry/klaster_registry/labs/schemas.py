"""Wire shapes of laboratories."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode, Year
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day
from klaster_shared.decimals import Number
from klaster_shared.labels import Label, LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, ShortText

LabKind = Literal["commercial", "scientific", "teaching"]
Fields = Annotated[list[Code], Field(max_length=50)]


class AreaIn(PeriodIn):
    """An area, and when it holds."""

    area_m2: Annotated[Decimal, Field(gt=0, le=10_000_000, decimal_places=2)]


class EquipmentIn(BaseModel):
    """A piece of equipment worth naming."""

    model_config = ConfigDict(extra="forbid")

    name: ShortLabel
    model: ShortText | None = Field(None, description="Maker and model")
    year: Year | None = Field(None, description="Since when it is there, or was made")
    note: ShortText | None = None


class FootprintIn(BaseModel):
    """The carbon footprint stated for one calendar year."""

    model_config = ConfigDict(extra="forbid")

    year: Year
    tco2e: Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=3)] = Field(
        description="Tonnes of carbon dioxide equivalent, to the kilogram"
    )
    source: ShortText = Field(description="Who states it, where: a figure that cannot be checked is no figure")


def _once_a_year(footprints: list[FootprintIn]) -> list[FootprintIn]:
    if len({one.year for one in footprints}) < len(footprints):
        raise ValueError("a year has one footprint")
    return footprints


Areas = Annotated[list[AreaIn], Field(max_length=100, description="Periods may not overlap")]
Equipment = Annotated[list[EquipmentIn], Field(max_length=200)]
Footprints = Annotated[list[FootprintIn], AfterValidator(_once_a_year), Field(max_length=100)]
_EXAMPLE: dict[str, Any] = {
    "owner": "RBW-000073",
    "name": {"pl": "Pracownia NMR", "en": "NMR laboratory"},
    "kind": "scientific",
    "fields": ["medicine"],
    "areas": [{"area_m2": 120.5, "from": "2022-01-01", "to": None}],
    "equipment": [
        {
            "name": {"pl": "spektrometr NMR 600 MHz", "en": "600 MHz NMR spectrometer"},
            "model": "Bruker Avance III HD",
            "year": 2019,
            "note": None,
        }
    ],
    "shared": {"from": "2022-06-01", "to": None},
    "terms": {"pl": "Po uzgodnieniu terminu, cennik na zapytanie", "en": "By appointment, prices on request"},
    "partners_only": False,
    "carbon_footprints": [{"year": 2024, "tco2e": 41.25, "source": "Raport ESG 2024"}],
    "note": None,
    "source": "office",
    "source_key": "nmr",
    "demonstration": False,
}


class LabCreate(BaseModel):
    """A new laboratory."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    owner: EntityReference
    name: ShortLabel
    kind: LabKind
    fields: Fields = []
    areas: Areas = []
    equipment: Equipment = []
    shared: PeriodIn | None = Field(None, description="When others may use it; null: it is not shared")
    terms: Label | None = Field(None, description="On what terms others may use it")
    partners_only: Truth = Field(False, description="Offered to partners alone, as part of the membership package")
    carbon_footprints: Footprints = []
    note: ShortText | None = None
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class LabUpdate(BaseModel):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"partners_only": True, "areas": [{"area_m2": 140.25, "from": "2025-01-01", "to": None}]}]
        },
    )

    owner: EntityReference | MISSING = MISSING
    name: ShortLabel | MISSING = MISSING
    kind: LabKind | MISSING = MISSING
    fields: Fields | MISSING = MISSING
    areas: Areas | MISSING = MISSING
    equipment: Equipment | MISSING = MISSING
    shared: PeriodIn | MISSING | None = MISSING
    terms: Label | MISSING | None = MISSING
    partners_only: Truth | MISSING = MISSING
    carbon_footprints: Footprints | MISSING = MISSING
    note: ShortText | MISSING | None = MISSING


class LabListParameters(PageParameters):
    """Filters of the list of laboratories."""

    as_of: Day | None = Field(None, description="The day that areas, sharing and partnership are asked for; today")
    kind: list[LabKind] = Field([])
    field: list[Code] = Field([])
    owner: list[UUID] = Field([], description="Ids of entities")
    owner_partner: bool | None = Field(None, description="A partnership of its owner covers that day")
    shared: bool | None = Field(None, description="Shared on that day")
    partners_only: bool | None = Field(None, description="Offered to partners alone")
    with_area: bool | None = Field(None, description="Its area on that day is known")
    footprint_from: Day | None = Field(
        None, description="With a carbon footprint of a calendar year that begins on or after this day"
    )
    footprint_to: Day | None = Field(
        None, description="With a carbon footprint of a calendar year that ends on or before this day"
    )
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class AreaRead(PeriodRead):
    area_m2: Number


class EquipmentRead(BaseModel):
    name: LabelText
    model: str | None
    year: int | None
    note: str | None


class FootprintRead(BaseModel):
    year: int
    tco2e: Number
    source: str


class LabRead(BaseModel):
    """A laboratory."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "0190163d-8694-739b-aea5-966c26f8ad90",
                    "owner": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Instytut Farmakologii PAN"},
                    "name": "NMR laboratory",
                    "area_m2": 120.5,
                    "equipment": [
                        {
                            "name": "600 MHz NMR spectrometer",
                            "model": "Bruker Avance III HD",
                            "year": 2019,
                            "note": None,
                        }
                    ],
                    "terms": "By appointment, prices on request",
                    "carbon_footprint": 41.25,
                    "version": 1,
                    "created_at": "2026-11-24T09:00:00Z",
                    "updated_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    name: LabelText
    owner: OwnerRead
    kind: LabKind
    fields: list[str]
    area_m2: Number | None = Field(description="On the day asked for; null: not known")
    areas: list[AreaRead]
    equipment: list[EquipmentRead]
    shared: PeriodRead | None
    terms: LabelText | None
    partners_only: bool
    carbon_footprint: Number | None = Field(
        description="Sum of the years asked for, of all where none was; null: none is stated"
    )
    carbon_footprints: list[FootprintRead]
    note: str | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
