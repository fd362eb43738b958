"""Wire shapes of laboratory services."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import OwnerRead, SourceCode
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day
from klaster_shared.labels import Label, LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, ShortText

Fields = Annotated[list[Code], Field(max_length=50)]
_EXAMPLE: dict[str, Any] = {
    "lab": "0190163d-8694-739b-aea5-966c26f8ad90",
    "name": {"pl": "Widma NMR 1H i 13C", "en": "1H and 13C NMR spectra"},
    "description": {
        "pl": "Pomiar i interpretacja widm, do 20 próbek dziennie",
        "en": "Spectra measured and interpreted, up to 20 samples a day",
    },
    "fields": ["medicine"],
    "terms": {"pl": "Próbki w probówkach 5 mm", "en": "Samples in 5 mm tubes"},
    "price": "od 180 PLN / from 180 PLN",
    "partners_only": False,
    "shared": {"from": "2023-01-01", "to": None},
    "source": "office",
    "source_key": "nmr-spectra",
    "demonstration": False,
}


class LabServiceCreate(BaseModel):
    """A new service of a laboratory."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    lab: UUID = Field(description="The laboratory that offers it")
    name: ShortLabel
    description: Label | None = None
    fields: Fields = []
    terms: Label | None = Field(None, description="On what terms it is offered")
    price: ShortText | None = Field(None, description="As the laboratory prints it")
    partners_only: Truth = Field(False, description="Offered to partners alone, as part of the membership package")
    shared: PeriodIn | None = Field(None, description="When it is offered; null: it is not yet")
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class LabServiceUpdate(BaseModel):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"price": "od 400 zł", "shared": {"from": "2025-01-01", "to": None}}]},
    )

    lab: UUID | MISSING = MISSING
    name: ShortLabel | MISSING = MISSING
    description: Label | MISSING | None = MISSING
    fields: Fields | MISSING = MISSING
    terms: Label | MISSING | None = MISSING
    price: ShortText | MISSING | None = MISSING
    partners_only: Truth | MISSING = MISSING
    shared: PeriodIn | MISSING | None = MISSING


class LabServiceListParameters(PageParameters):
    """Filters of the list of laboratory services."""

    as_of: Day | None = Field(None, description="The day that sharing and partnership are asked for; today")
    lab: list[UUID] = Field([], description="Ids of laboratories")
    field: list[Code] = Field([])
    owner: list[UUID] = Field([], description="Ids of entities")
    owner_partner: bool | None = Field(None, description="A partnership of its laboratory's owner covers that day")
    shared: bool | None = Field(None, description="Offered on that day")
    partners_only: bool | None = Field(None, description="Offered to partners alone")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class LabNamed(BaseModel):
    """A laboratory, named."""

    id: UUID
    name: LabelText


class LabServiceRead(BaseModel):
    """A service of a laboratory."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "0190163d-8694-739b-aea5-966c26f8ad92",
                    "lab": {"id": "0190163d-8694-739b-aea5-966c26f8ad90", "name": "NMR laboratory"},
                    "owner": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Instytut Farmakologii PAN"},
                    "name": "1H and 13C NMR spectra",
                    "description": "Spectra measured and interpreted, up to 20 samples a day",
                    "terms": "Samples in 5 mm tubes",
                    "version": 1,
                    "created_at": "2026-11-24T09:00:00Z",
                    "updated_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    id: UUID
    name: LabelText
    lab: LabNamed
    owner: OwnerRead = Field(description="Whose laboratory it is")
    description: LabelText | None
    fields: list[str]
    terms: LabelText | None
    price: str | None
    partners_only: bool
    shared: PeriodRead | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
