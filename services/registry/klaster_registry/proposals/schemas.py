"""Wire shapes of proposals."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import OwnerRead
from klaster_shared.labels import LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import ShortText

Collection = Literal["entities", "labs", "projects", "foreign_hqs"]
State = Literal["pending", "accepted", "rejected", "withdrawn"]
_EXAMPLE: dict[str, Any] = {
    "target": {"collection": "entities", "id": "0190163d-8694-739b-aea5-966c26f8ad91"},
    "change": {"legal_form": "spółka akcyjna", "links": [{"type": "website", "url": "https://www.selvita.com/"}]},
    "note": "Przekształcenie wpisane do KRS 3 listopada",
}


class Part(BaseModel):
    """A part of a proposal: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


_NEW_PROJECT: dict[str, Any] = {
    "target": {"collection": "projects", "id": None},
    "change": {
        "title": {"pl": "Analiza EKG w chmurze", "en": "ECG analysis in the cloud"},
        "partners": [
            {"entity": "0190163d-8694-739b-aea5-966c26f8ad91", "role": "coordinator", "from": "2027-01-01"},
            {"name": "Health Cluster Portugal", "country": "PT", "from": "2027-01-01"},
        ],
        "origin": {"kind": "meeting"},
        "source": "lsos",
        "source_key": "01930000-0000-7000-8000-000000000007",
    },
    "note": "Uzgodnione na spotkaniu",
}


class TargetIn(Part):
    """The record that a proposal is about."""

    collection: Collection
    id: UUID | None = Field(None, description="Null: a new record (projects and organisations abroad)")


class ProposalCreate(Part):
    """A change that a partner proposes to what is its own, or a new record in which it takes part."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE, _NEW_PROJECT]})

    target: TargetIn
    change: Annotated[
        dict[str, Any],
        Field(
            min_length=1,
            description="JSON Merge Patch, as PATCH of that collection takes it; of a new record, what POST takes",
        ),
    ]
    note: ShortText | None = Field(None, description="Why; the office reads it")


class AcceptIn(Part):
    """The office accepts."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "Zgodnie z KRS", "anyway": False}]}
    )

    note: ShortText | None = Field(None, description="An answer to the partner")
    anyway: Truth = Field(False, description="Even where what it would change has changed since")


class RejectIn(Part):
    """The office rejects, saying why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "W KRS widnieje jeszcze poprzednia forma prawna"}]}
    )

    note: ShortText = Field(description="An answer to the partner")


class ProposalListParameters(PageParameters):
    """Filters of the list of proposals."""

    state: list[State] = Field([])
    collection: list[Collection] = Field([])
    target: list[UUID] = Field([], max_length=500, description="Ids of records")
    entity: list[UUID] = Field([], max_length=500, description="Ids of entities that propose")


class ProposalTargetRead(BaseModel):
    """The record that a proposal is about."""

    collection: Collection
    id: UUID = Field(description="Of a new record: the id that it gets once it is accepted")
    name: LabelText | None = Field(description="Null where the record is gone, or not there yet")


class ProposalRead(BaseModel):
    """A proposal, and what became of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "0190163d-8694-739b-aea5-966c26f8ad95",
                    "state": "accepted",
                    "target": {**_EXAMPLE["target"], "name": "Selvita"},
                    "entity": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Selvita"},
                    "before": {"legal_form": "spółka z o.o.", "links": []},
                    "record_version": 7,
                    "proposed_by": "key:0190163d-8694-739b-aea5-966c26f8ad92",
                    "decided_by": "key:0190163d-8694-739b-aea5-966c26f8ad93",
                    "decided_at": "2026-11-24T10:00:00Z",
                    "answer": "Zgodnie z KRS",
                    "version": 2,
                    "created_at": "2026-11-24T09:00:00Z",
                    "updated_at": "2026-11-24T10:00:00Z",
                }
            ]
        }
    )

    id: UUID
    state: State
    target: ProposalTargetRead
    entity: OwnerRead | None = Field(description="Who proposes; null where its record is gone")
    change: dict[str, Any]
    before: dict[str, Any] = Field(description="What the record said in these properties when it was proposed")
    record_version: int = Field(description="The record's version when it was proposed; 0: a new record")
    note: str | None
    proposed_by: str = Field(description="An opaque id")
    decided_by: str | None = Field(description="An opaque id; for the office alone, null for others")
    decided_at: datetime | None
    answer: str | None = Field(description="What the office says of it")
    version: int
    created_at: datetime
    updated_at: datetime
