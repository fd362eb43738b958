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

Collection = Literal["entities", "labs"]
State = Literal["pending", "accepted", "rejected", "withdrawn"]
_EXAMPLE: dict[str, Any] = {
    "target": {"collection": "entities", "id": "0190163d-8694-739b-aea5-966c26f8ad91"},
    "change": {"legal_form": "spółka akcyjna", "links": [{"type": "website", "url": "https://www.selvita.com/"}]},
    "note": "Przekształcenie wpisane do KRS 3 listopada",
}


class Part(BaseModel):
    """A part of a proposal: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


class TargetIn(Part):
    """The record that a proposal is about."""

    collection: Collection
    id: UUID


class ProposalCreate(Part):
    """A change that a partner proposes to its own record or laboratory."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    target: TargetIn
    change: Annotated[
        dict[str, Any],
        Field(min_length=1, description="JSON Merge Patch, as PATCH of that collection takes it"),
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
    id: UUID
    name: LabelText | None = Field(description="Null where the record is gone")


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
    record_version: int = Field(description="The record's version when it was proposed")
    note: str | None
    proposed_by: str = Field(description="An opaque id")
    decided_by: str | None = Field(description="An opaque id; for the office alone, null for others")
    decided_at: datetime | None
    answer: str | None = Field(description="What the office says of it")
    version: int
    created_at: datetime
    updated_at: datetime
