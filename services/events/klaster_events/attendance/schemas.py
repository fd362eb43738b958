"""Wire shapes of attendance."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_events.attendance.hours import Source
from klaster_events.events.schemas import State
from klaster_events.people.schemas import AttendeeRead, PersonGiven
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code

Status = Literal["present", "absent", "no_show", "expected"]
Origin = Literal["sheet", "import", "checkin"]
Told = Literal["recorded", "corrected", "unchanged"]
"""What a line of a sheet changed."""
SHEET = 500  # lines of one signed sheet; a longer one comes in parts


class SheetLine(BaseModel):
    """A line of the sheet: a registration, or a person who walked in."""

    model_config = ConfigDict(extra="forbid")

    registration_id: UUID | None = None
    person: PersonGiven | None = None
    entity_id: UUID | None = Field(None, description="The person's entity; the registration's where left out")
    present: Truth = Field(True, description="False: did not come")
    minutes: Annotated[Whole, Field(ge=0, le=60 * 24 * 31)] | None = Field(
        None, description="How long the person took part; what was said before where left out"
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.registration_id is None) == (self.person is None):
            raise ValueError("name either a registration or a person")
        return self


class SheetCreate(BaseModel):
    """A signed sheet. Sent again, it changes nothing; a later one corrects an earlier one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"people": [{"registration_id": "01900000-0000-7000-8000-0000000000f1", "minutes": 90}]},
                {"people": [{"person": {"name": "Ada Przykładowa", "email": "ada@example.org"}}]},
            ]
        },
    )

    people: Annotated[list[SheetLine], Field(min_length=1, max_length=SHEET)]


class SheetRead(BaseModel):
    """What a sheet changed, and how many people came in all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "01900000-0000-7000-8000-0000000000e1",
                    "recorded": 24,
                    "corrected": 1,
                    "unchanged": 0,
                    "present": 23,
                }
            ]
        }
    )

    event_id: UUID
    recorded: int = Field(description="People written down for the first time")
    corrected: int = Field(description="People for whom the sheet says something else than before")
    unchanged: int
    present: int = Field(description="Different people who came to the event so far")


class LineError(BaseModel):
    """One wrong cell."""

    pointer: str = Field(examples=["/email"])
    code: str
    detail: str


class SheetImportParameters(BaseModel):
    """How a sheet is taken in."""

    model_config = {"extra": "ignore"}

    dry_run: bool = Field(False, description="Only say what would become of each row")


class ImportedLine(BaseModel):
    """What became of a row, or would."""

    sheet: str | None = Field(description="Null for CSV")
    row: int = Field(description="As a spreadsheet numbers it: the header is row 1")
    verdict: Told | Literal["rejected"]
    registration_id: UUID | None
    errors: list[LineError]


class SheetImportRead(BaseModel):
    """The verdicts on a sheet."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "01900000-0000-7000-8000-0000000000e1",
                    "dry_run": True,
                    "counts": {"recorded": 1, "corrected": 0, "unchanged": 0, "rejected": 1},
                    "present": 1,
                    "items": [
                        {
                            "sheet": None,
                            "row": 2,
                            "verdict": "recorded",
                            "registration_id": "01900000-0000-7000-8000-0000000000f1",
                            "errors": [],
                        },
                        {
                            "sheet": None,
                            "row": 3,
                            "verdict": "rejected",
                            "registration_id": None,
                            "errors": [
                                {"pointer": "/code", "code": "unknown_code", "detail": "The event has no such code"}
                            ],
                        },
                    ],
                }
            ]
        }
    )

    event_id: UUID
    dry_run: bool
    counts: dict[Told | Literal["rejected"], int]
    present: int = Field(description="Different people who came to the event, or would have")
    items: list[ImportedLine]


class AttendanceRead(BaseModel):
    """Whether a person came, for those who may know."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01900000-0000-7000-8000-0000000000b1",
                    "person": {
                        "id": "01900000-0000-7000-8000-0000000000a2",
                        "name": "Ada Przykładowa",
                        "email": "ada@example.org",
                    },
                    "entity_id": None,
                    "registration_id": "01900000-0000-7000-8000-0000000000f1",
                    "status": "present",
                    "present": True,
                    "origin": "checkin",
                    "on_sheet": None,
                    "first_scan_at": "2026-11-25T16:58:03Z",
                    "minutes": 182,
                    "minutes_source": "scans",
                    "certificate_number": None,
                    "recorded_at": "2026-11-25T16:58:04Z",
                }
            ]
        }
    )

    id: UUID
    person: AttendeeRead
    entity_id: UUID | None
    registration_id: UUID | None
    status: Status = Field(description="no_show: had a seat at an event that is over, and never came")
    present: bool
    origin: Origin | None = Field(description="Who says so; null where nobody has said anything yet")
    on_sheet: bool | None = Field(description="What the last sheet says; null: none names the person")
    first_scan_at: datetime | None
    minutes: int | None = Field(description="How long the person took part; null where absent")
    minutes_source: Source | None = Field(
        description="Scanned entries and exits, a sheet, the sessions scanned at, or the length of the event"
    )
    certificate_number: str | None
    recorded_at: datetime | None


class AttendanceListParameters(PageParameters):
    """Filters of an event's attendance."""

    present: bool | None = None
    status: list[Status] = Field([])


class ParticipationRead(BaseModel):
    """One person at one event: what figures of attendance are counted from. No names."""

    id: UUID
    event_id: UUID
    person_id: UUID = Field(description="A random id: the same person is the same id at every event")
    entity_id: UUID | None = Field(description="The person's entity, as it is after all merges")
    startup: bool = Field(description="Whether that entity is a startup")
    demonstration: bool


class ParticipationListParameters(PageParameters):
    """Filters of participations: people present, at events of this kind and time."""

    counts_as: list[str] = Field([], max_length=50, description="At events of a type that counts as one of these")
    series_counts_as: list[str] = Field([], max_length=50, description="At events of a series that counts as one")
    series: list[Code] = Field([])
    event: list[UUID] = Field([])
    entity: list[UUID] = Field([], max_length=100, description="Of people of one of these entities, after all merges")
    state: list[State] = Field([], description="State of the event")
    startup: bool | None = Field(None, description="Whether the person comes from a startup")
    ended_from: Day | None = Field(None, description="The event ends on or after this day")
    ended_to: Day | None = Field(None, description="The event ends on or before this day")
    demonstration: bool | None = None
