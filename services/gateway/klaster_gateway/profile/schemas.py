"""Wire shape of a profile."""

from pydantic import BaseModel, Field

from klaster_gateway.composing.schemas import Listed, Section
from klaster_gateway.contract.records import (
    DataRepositoryRecord,
    DocumentRecord,
    EntityRecord,
    EventRecord,
    ForeignHqRecord,
    LabRecord,
    LabServiceRecord,
    PlanItemRecord,
    PostRecord,
    ProjectRecord,
    RelatedRecord,
    TermRecord,
)


class Labels(BaseModel):
    """What the codes of the record mean, in the language asked for."""

    interest_groups: list[TermRecord] = Field(description="Those it is or was in")
    fields: list[TermRecord]
    sectors: list[TermRecord]
    groups: list[TermRecord] = Field(description="Groups it is or was in; from when to when says the record")
    networks: list[TermRecord]


class Counted(BaseModel):
    """How many there are."""

    total: int


class Profile(BaseModel):
    """An organisation on one page. Each section says itself what keeps it away."""

    entity: EntityRecord = Field(description="The record: names, seat, memberships, partnerships")
    labels: Section[Labels]
    relations: Section[Listed[RelatedRecord]] = Field(description="To other organisations, both ways")
    people: Section[Counted] = Field(description="How many of its people the caller may see")
    projects: Section[Listed[ProjectRecord]]
    labs: Section[Listed[LabRecord]]
    lab_services: Section[Listed[LabServiceRecord]]
    data_repositories: Section[Listed[DataRepositoryRecord]]
    documents: Section[Listed[DocumentRecord]]
    foreign_partners: Section[Listed[ForeignHqRecord]]
    events: Section[Listed[EventRecord]] = Field(description="That it organises, the latest first")
    offers: Section[Listed[PostRecord]] = Field(
        description="Its posts on the board that wait for an answer, offers and needs, the newest first"
    )
    plan_items: Section[Listed[PlanItemRecord]] = Field(description="It is responsible for")
    attendance: Section[Counted] | None = Field(
        description="How often its people were at events; null for those who do not see it (all but the office)"
    )
