"""Wire shapes of lists of competitors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

_COMPETITOR: dict[str, Any] = {
    "id": "01900000-0000-7000-8000-000000000009",
    "name": "Inny producent",
    "created_at": "2026-11-24T09:00:00Z",
}


class CompetitorRead(BaseModel):
    """An entity that the list's own does not want to be matched with."""

    model_config = ConfigDict(json_schema_extra={"examples": [_COMPETITOR]})

    id: UUID
    name: str | None
    created_at: datetime
