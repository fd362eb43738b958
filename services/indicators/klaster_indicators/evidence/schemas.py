"""Wire shapes of evidence."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.pagination import PageParameters
from klaster_shared.texts import ShortText

FileName = Annotated[ShortText, Field(max_length=200, pattern=r"^[^/\\]+$", examples=["protokol-2024.pdf"])]
_FILE: dict[str, Any] = {
    "id": "0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c41",
    "indicator": "C.1.1-1",
    "name": "protokol-2024.pdf",
    "media_type": "application/pdf",
    "size": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "public": True,
    "link": "/v1/indicators/C.1.1-1/evidence/0199e1a4-7c1e-7c3a-9b1f-2f4e8a6d0c41",
    "recorded_at": "2026-11-24T09:00:00Z",
    "recorded_by": None,
    "withdrawn_at": None,
    "version": 1,
}


class EvidenceParameters(BaseModel):
    """What the file is called, and who may read it."""

    name: FileName
    public: bool = Field(False, description="Whether everybody may read it; else the office alone")


class EvidenceListParameters(PageParameters):
    """One page of an indicator's evidence."""


class EvidenceRead(BaseModel):
    """A file of evidence; what is in it stands at its `link`, which observations name as evidence."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FILE]})

    id: UUID
    indicator: str
    name: str
    media_type: str
    size: int = Field(description="In bytes")
    sha256: str
    public: bool
    link: str
    recorded_at: datetime
    recorded_by: str | None = Field(description="An opaque id, for the office alone")
    withdrawn_at: datetime | None = Field(description="From then on its content is gone")
    version: int
