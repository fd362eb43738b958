"""Wire shapes of certificates."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.entities.schemas import EntityName
from klaster_events.people.schemas import AttendeeRead
from klaster_shared.labels import LabelText

_EVENT = "01900000-0000-7000-8000-0000000000e1"


class CertificatesIssued(BaseModel):
    """What issuing came to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"event_id": _EVENT, "issued": 24, "already": 2, "erased": 0}]}
    )

    event_id: UUID
    issued: int = Field(description="Certificates that got a number now")
    already: int = Field(description="People present who had one")
    erased: int = Field(description="People present who have been erased: there is no name to write")


class CertifiedEvent(BaseModel):
    """What somebody took part in."""

    id: UUID
    title: LabelText
    type: str
    organiser: EntityName
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None


class CertificateRead(BaseModel):
    """A certificate, as it is printed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01900000-0000-7000-8000-0000000000b1",
                    "number": "2026-00017",
                    "issued_at": "2026-11-25T09:00:00Z",
                    "valid": True,
                    "person": {
                        "id": "01900000-0000-7000-8000-0000000000a2",
                        "name": "Ada Przykładowa",
                        "email": "ada@example.org",
                    },
                    "event": {
                        "id": _EVENT,
                        "title": "Biotech basics",
                        "type": "training",
                        "organiser": {"id": "01900000-0000-7000-8000-000000000001", "name": "Fundacja"},
                        "starts_at": "2026-11-24T08:00:00Z",
                        "ends_at": "2026-11-24T12:00:00Z",
                        "zone": "Europe/Warsaw",
                        "place": "Kraków",
                    },
                    "minutes": 210,
                    "hours": 3.5,
                }
            ]
        }
    )

    id: UUID
    number: str = Field(description="Unique, and never used again")
    issued_at: datetime
    valid: bool = Field(description="False where it turned out since that the person did not come")
    person: AttendeeRead
    event: CertifiedEvent
    minutes: int = Field(description="As it was known when the certificate was issued; it does not move any more")
    hours: float
