"""Shapes of what is proposed to the registry: as nouns hand it over, as it is sent, as the office reads it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_events.entities.schemas import EntityName
from klaster_shared.pagination import PageParameters

OutgoingState = Literal["waiting", "sent", "refused", "accepted", "rejected", "withdrawn"]
About = Literal["meetings", "readiness"]
Target = Literal["projects", "foreign_hqs"]


class Wish(BaseModel):
    """What a noun wants proposed. `change` is what the registry's PATCH takes, or its POST where there is no record.

    A new record needs `source` and `source_key` (`lsos` and the id of what it grew out of): the registry writes one of
    them once, whatever was repeated on the way.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    about: About
    entity_id: UUID
    collection: Target
    record_id: UUID | None = None
    change: dict[str, Any]
    note: str | None = None


class Told(BaseModel):
    """What the registry tells of a proposal that it has taken."""

    class About(BaseModel):
        """The record."""

        id: UUID

    id: UUID
    target: About


class Standing(BaseModel):
    """What the registry tells of a proposal later."""

    state: Literal["pending", "accepted", "rejected", "withdrawn"]
    answer: str | None
    decided_at: datetime | None


class FateRead(BaseModel):
    """What became of something that is proposed to the registry."""

    state: OutgoingState = Field(
        description="`waiting` to be sent; `sent`: the office decides; `refused` by the registry's rules; then what was"
        " decided there: `accepted`, `rejected`, or `withdrawn` by the entity"
    )
    proposal: UUID | None = Field(description="`/v1/proposals/{id}` of the registry; null: not sent yet")
    record: str | None = Field(description="The record: a new one is there once the office has accepted")
    problem: str | None = Field(description="Why the registry refused it, or why it is tried again")
    answer: str | None = Field(description="What the office says of it")
    decided_at: datetime | None


class OutgoingRead(FateRead):
    """Something that was, or is to be, proposed to the registry."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01930000-0000-7000-8000-000000000007",
                    "about": "readiness",
                    "entity": {"id": "01900000-0000-7000-8000-000000000001", "name": "Fundacja"},
                    "state": "sent",
                    "attempts": 1,
                    "problem": None,
                    "proposal": "0190163d-8694-739b-aea5-966c26f8ad95",
                    "record": "/v1/foreign-hqs/0190163d-8694-739b-aea5-966c26f8ad90",
                    "answer": None,
                    "decided_at": None,
                    "created_at": "2026-11-24T09:00:00Z",
                    "sent_at": "2026-11-24T09:00:05Z",
                }
            ]
        }
    )

    id: UUID = Field(description="Of what it grew out of: a meeting, a declaration")
    about: About
    entity: EntityName = Field(description="For whom it is proposed")
    attempts: int
    created_at: datetime
    sent_at: datetime | None


class OutgoingListParameters(PageParameters):
    """Filters of what is proposed to the registry."""

    state: list[OutgoingState] = Field([])
    about: list[About] = Field([])
    entity: list[UUID] = Field([], max_length=500, description="For one of these, or an entity merged into it")
