"""Wire shape of one's own booking."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.bookings.schemas import BookingState, EndedBy, ResourceNamed
from klaster_events.entities.schemas import EntityName
from klaster_events.resources.schemas import TermsRead

_OWN: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-000000000008",
    "resource": {"id": "0190163d-8694-739b-aea5-966c26f8ad90", "kind": "lab", "name": "NMR laboratory"},
    "owner": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Instytut Farmakologii PAN"},
    "entity": {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"},
    "starts_at": "2026-12-01T08:00:00Z",
    "ends_at": "2026-12-01T10:00:00Z",
    "zone": "Europe/Warsaw",
    "state": "approved",
    "ended_by": None,
    "name": "Ada Przykładowa",
    "purpose": "Widma pięciu próbek",
    "answer": None,
    "terms": {"version": 1, "text": "Safety training on site, samples labelled."},
    "may": ["cancel"],
    "kept": None,
}


class OwnBooking(BaseModel):
    """One's own booking."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OWN]})

    id: UUID
    resource: ResourceNamed
    owner: EntityName
    entity: EntityName = Field(description="Who booked")
    starts_at: datetime
    ends_at: datetime
    zone: str = Field(description="The clock of the laboratory or service")
    state: BookingState
    ended_by: EndedBy | None = Field(description="Of one that was declined or cancelled; `visitor`: by this link")
    name: str | None = Field(description="Who comes; null once the person was erased")
    purpose: str | None
    answer: str | None = Field(description="What the owner says of it")
    terms: TermsRead | None = Field(description="The terms that were accepted, as they were")
    may: list[Literal["cancel"]] = Field(description="What can be done with it now")
    kept: Literal["began", "used", "ended"] | None = Field(description="Why it cannot be cancelled; null: it can")
