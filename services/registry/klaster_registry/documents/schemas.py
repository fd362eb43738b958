"""Wire shapes of documents."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_registry.documents.examples import DOCUMENT_CREATE, DOCUMENT_READ, DOCUMENT_UPDATE
from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode, Year
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, LanguageCode, ShortText, WebAddress

Fields = Annotated[list[Code], Field(max_length=50, description="What it is about: codes of /v1/fields")]
Languages = Annotated[list[LanguageCode], Field(max_length=20)]


class DocumentCreate(BaseModel):
    """A new document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [DOCUMENT_CREATE]})

    title: ShortLabel
    kind: Code = Field(description="A code of /v1/document-kinds")
    fields: Fields = []
    year: Year | None = Field(None, description="The year that it is about")
    published_on: Day | None = None
    in_force: PeriodIn | None = Field(None, description="When it holds, as a roadmap does; null: it only reports")
    url: WebAddress | None = None
    entity: EntityReference | None = Field(None, description="Its author")
    group: Code | None = Field(None, description="The special interest group that it comes from")
    languages: Languages = []
    note: ShortText | None = None
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class DocumentUpdate(BaseModel):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [DOCUMENT_UPDATE]})

    title: ShortLabel | MISSING = MISSING
    kind: Code | MISSING = MISSING
    fields: Fields | MISSING = MISSING
    year: Year | MISSING | None = MISSING
    published_on: Day | MISSING | None = MISSING
    in_force: PeriodIn | MISSING | None = MISSING
    url: WebAddress | MISSING | None = MISSING
    entity: EntityReference | MISSING | None = MISSING
    group: Code | MISSING | None = MISSING
    languages: Languages | MISSING = MISSING
    note: ShortText | MISSING | None = MISSING


class DocumentListParameters(PageParameters):
    """Filters of the list of documents."""

    q: str | None = Field(None, max_length=200, description="Words in the title; accents do not matter")
    as_of: Day | None = Field(None, description="The day that `in_force` is asked for; today")
    in_force: bool | None = Field(None, description="In force on that day")
    kind: list[Code] = Field([], max_length=50)
    field: list[Code] = Field([], max_length=50)
    year: list[Annotated[int, Field(ge=1900, le=2200)]] = Field([], max_length=100)
    entity: list[UUID] = Field([], max_length=500, description="Ids of authors")
    group: list[Code] = Field([], max_length=50)
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class DocumentRead(BaseModel):
    """A document."""

    model_config = ConfigDict(json_schema_extra={"examples": [DOCUMENT_READ]})

    id: UUID
    title: LabelText
    kind: str
    fields: list[str]
    year: int | None
    published_on: date | None
    in_force: PeriodRead | None
    url: str | None
    entity: OwnerRead | None = Field(description="Its author")
    group: str | None
    languages: list[str]
    note: str | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
