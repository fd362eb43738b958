"""Wire shapes of grants."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.dates import Moment
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import ShortText

GrantedRole = Literal["partner", "integrator", "office", "admin"]
_EXAMPLE: dict[str, Any] = {
    "issuer": "https://login.example.org",
    "subject": "248289761001",
    "role": "partner",
    "entity": "01900000-0000-7000-8000-000000000001",
    "starts_at": "2026-11-26T00:00:00Z",
    "ends_at": None,
    "note": "Signed by the board on 20 November",
}


class GrantCreate(BaseModel):
    """Who may act as what from when. The person finds issuer and subject at `/v1/whoami`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    issuer: Annotated[ShortText, Field(max_length=300)]
    subject: Annotated[ShortText, Field(max_length=255)]
    role: GrantedRole = "partner"
    entity: UUID | None = Field(None, description="For partners, and for them alone")
    starts_at: Moment | None = Field(None, description="Now, where left out")
    ends_at: Moment | None = Field(None, description="Until ended, where left out")
    note: ShortText | None = None


class GrantRead(BaseModel):
    """A grant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01930000-0000-7000-8000-000000000002",
                    **_EXAMPLE,
                    "created_at": "2026-11-26T09:00:00Z",
                    "created_by": "key:01930000-0000-7000-8000-000000000000",
                    "ended_by": None,
                    "version": 1,
                }
            ]
        }
    )

    id: UUID
    issuer: str
    subject: str
    role: GrantedRole
    entity: UUID | None
    starts_at: datetime
    ends_at: datetime | None
    note: str | None
    created_at: datetime
    created_by: str = Field(description="An opaque id")
    ended_by: str | None
    version: int


class GrantListParameters(PageParameters):
    """Filters of grants."""

    issuer: list[str] = Field([], max_length=20)
    subject: list[str] = Field([], max_length=50)
    entity: list[UUID] = Field([], max_length=50)
    active: bool | None = Field(None, description="Whether it holds now")
