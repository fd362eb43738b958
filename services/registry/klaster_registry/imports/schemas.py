"""Wire shapes of imports."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import SourceCode
from klaster_shared.job_table import JobRead
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import ShortText

Format = Literal["csv", "xlsx", "ndjson", "ror"]
Verdict = Literal["created", "updated", "unchanged", "duplicate", "rejected"]
Purpose = Literal["none", "rehearsal", "application"]
Duplicates = Literal["propose", "add"]
FieldName = Literal[
    "id",
    "rbw_number",
    "source_key",
    "name",
    "other_names",
    "existence",
    "interest_group",
    "fields",
    "sectors",
    "kinds",
    "markets",
    "legal_form",
    "startup",
    "startup_listed_year",
    "founded_on",
    "closed_on",
    "street",
    "postal_code",
    "city",
    "subdivision",
    "country",
    "latitude",
    "longitude",
    "geonames_id",
    "website",
    "nip",
    "regon",
    "krs",
    "lei",
    "eu_vat",
    "ror",
    "isni",
    "wikidata",
    "other_identifiers",
]
_CREATE: dict[str, Any] = {"filename": "firmy.csv", "source": "survey-2026"}
_ID = "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d04"
_READ: dict[str, Any] = {
    "id": _ID,
    "filename": "firmy.csv",
    "format": "csv",
    "source": "survey-2026",
    "duplicates": "propose",
    "size": 20480,
    "encoding": "windows-1250",
    "columns": ["Nazwa", "NIP", "Miasto", "Uwagi"],
    "mapping": ["name", "nip", "city", None],
    "purpose": "rehearsal",
    "done": 120,
    "complete": True,
    "counts": {"created": 100, "updated": 0, "unchanged": 0, "duplicate": 15, "rejected": 5},
    "job": None,
    "version": 3,
    "created_at": "2026-11-26T09:00:00Z",
    "updated_at": "2026-11-26T09:01:00Z",
}


class ImportCreate(BaseModel):
    """A file that is to be taken in; the file itself follows."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_CREATE]})

    filename: ShortText | None = None
    format: Format | None = Field(None, description="Told from the file where left out")
    source: SourceCode = Field(
        "import", description="Whose word the rows are; `ror` where the file is a dump of ROR, whatever stands here"
    )
    duplicates: Duplicates = Field(
        "propose",
        description="A new row that names an organisation of another source: only say so, or `add` it all the same",
    )


class ImportUpdate(BaseModel):
    """A correction before anything is applied."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"mapping": ["name", "nip", "city", "street"]}]}
    )

    mapping: Annotated[list[FieldName | None], Field(max_length=500)] | MISSING = MISSING
    duplicates: Duplicates | MISSING = MISSING


class ImportRead(BaseModel):
    """An import, and how far it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [_READ]})

    id: UUID
    filename: str | None
    format: Format | None = Field(description="Null as long as there is no file")
    source: str
    duplicates: Duplicates
    size: int
    encoding: str
    columns: list[str] = Field(description="Of tables: the names in its header")
    mapping: list[FieldName | None] = Field(
        description="Of tables: the field of each column, null for what is not read"
    )
    purpose: Purpose = Field(description="What the counts are of: a rehearsal, or what was really done")
    done: int = Field(description="Rows that have their verdict")
    complete: bool = Field(description="Whether all rows have it")
    counts: dict[Verdict, int]
    job: JobRead | None = Field(description="The work that is under way, or was last")
    version: int
    created_at: datetime
    updated_at: datetime


class RowErrorRead(BaseModel):
    """One wrong place of a row."""

    pointer: str = Field(examples=["/nip"])
    code: str
    detail: str


class ImportRowRead(BaseModel):
    """What became of a row, or would."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "row": 3,
                    "verdict": "duplicate",
                    "label": "Alfa sp. z o.o.",
                    "entity": None,
                    "changed": [],
                    "duplicate_of": [{"entity": _ID, "because": "nip"}],
                    "errors": [],
                }
            ]
        }
    )

    row: int = Field(
        description="As a spreadsheet numbers it: the header is row 1. Of other files: the record's number"
    )
    verdict: Verdict
    label: str | None = Field(description="The name that the row gives")
    entity: UUID | None = Field(description="Who was, or would be, changed or is as the row says")
    changed: list[str] = Field(description="Of `updated`: the properties that differ")
    duplicate_of: list["DuplicateRead"] = Field(description="Of `duplicate`: who it may be")
    errors: list[RowErrorRead]


class DuplicateRead(BaseModel):
    """Somebody who may be the same, and what says so."""

    entity: UUID
    because: str = Field(description="The scheme of an identifier that both claim, or `name_and_town`")


class ImportRowParameters(PageParameters):
    """Which rows."""

    verdict: list[Verdict] = Field([], max_length=5)


ResultFormat = Literal["csv", "ndjson"]
