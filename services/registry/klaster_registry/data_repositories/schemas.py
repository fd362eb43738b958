"""Wire shapes of data repositories."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, ShortText, WebAddress

Fields = Annotated[list[Code], Field(max_length=50)]
_STATED: dict[str, Any] = {
    "name": "Repozytorium Uniwersytetu Jagiellońskiego",
    "url": "https://ruj.uj.edu.pl/",
    "fields": ["medicine", "food"],
}
_SINCE = "2019-01-14"
_KEY = "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d05"
_CREATE: dict[str, Any] = {**_STATED, "operator": "ror:03bqmcz70", "available": {"from": _SINCE}}
_READ: dict[str, Any] = {
    "id": _KEY,
    **_STATED,
    "operator": {"id": "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d06", "name": "Uniwersytet Jagielloński"},
    "available": {"from": _SINCE, "to": None},
    "source": "office",
    "source_key": _KEY,
    "demonstration": False,
    "version": 1,
    "created_at": "2022-09-07T09:00:00Z",
    "updated_at": "2022-09-07T09:00:00Z",
}


class DataRepositoryCreate(BaseModel):
    """A new data repository."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_CREATE]})

    name: ShortText
    operator: EntityReference | None = Field(None, description="The entity that keeps it, where one is known to")
    url: WebAddress | None = None
    fields: Fields = []
    available: PeriodIn = PeriodIn()
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class DataRepositoryUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"available": {"from": _SINCE, "to": "2024-12-31"}}]}
    )

    name: ShortText | MISSING = MISSING
    operator: EntityReference | MISSING | None = MISSING
    url: WebAddress | MISSING | None = MISSING
    fields: Fields | MISSING = MISSING
    available: PeriodIn | MISSING = MISSING


class DataRepositoryListParameters(PageParameters):
    """Filters of the list of data repositories."""

    as_of: Day | None = Field(None, description="The day that availability is asked for; today")
    available: bool | None = Field(None, description="Available on that day")
    field: list[Code] = Field([])
    operator: list[UUID] = Field([], description="Ids of entities")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class DataRepositoryRead(BaseModel):
    """A data repository."""

    model_config = ConfigDict(json_schema_extra={"examples": [_READ]})

    id: UUID
    name: str
    operator: OwnerRead | None
    url: str | None
    fields: list[str]
    available: PeriodRead
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
