"""Wire shapes of groups, networks, advisory bodies and their members."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_registry.entities.schemas import EntityReference
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_registry.taxonomies.schemas import TermListParameters
from klaster_shared.dates import Day
from klaster_shared.pagination import PageParameters
from klaster_shared.texts import Code


class GroupListParameters(TermListParameters):
    """Filters that all lists of groups share."""

    as_of: Day | None = Field(None, description="The day that memberships are asked for; today")
    international: bool | None = Field(None, description="Flagged `international`")
    with_member: bool | None = Field(None, description="With a member from the register on that day")
    member_kind: list[Code] = Field([], description="With a member of one of these kinds on that day: `coordinator`")
    demonstration: bool | None = Field(
        None,
        description="Whether those members are demonstration data, all of them; goes with `member_kind`, `with_member`",
    )


class TopicGroupListParameters(GroupListParameters):
    """Filters of the list of special interest groups."""

    with_project: bool | None = Field(None, description="A project of it runs in the calendar year of that day")


class NetworkListParameters(GroupListParameters):
    """Filters of the list of networks and programmes."""

    programme: bool | None = Field(None, description="Flagged `programme`")


class AdvisoryBodyListParameters(GroupListParameters):
    """Filters of the list of advisory bodies."""

    advisory: bool | None = Field(None, description="Flagged `advisory`")
    decision: bool | None = Field(None, description="Flagged `decision`: it decides, a board does")


class MemberListParameters(PageParameters):
    """Filters of the list of members."""

    as_of: Day | None = Field(None, description="Members on that day; all there ever were where left out")


class MemberIn(PeriodIn):
    """A new membership."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"entity": "RBW-000073", "from": "2022-02-01"}]})

    entity: EntityReference


class LeaveIn(BaseModel):
    """The end of a membership."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"entity": "RBW-000073", "on": "2024-12-31"}]}
    )

    entity: EntityReference
    on: Day | None = Field(None, description="The last day; today where left out")


_MEMBER: dict[str, Any] = {
    "id": "01936b6e-7a10-7c3e-9d4e-2f6b8c0a1d01",
    "rbw_number": "RBW-000073",
    "name": "Fundacja Klaster LifeScience Kraków",
    "demonstration": False,
    "from": "2022-02-01",
    "to": None,
}


class MemberRead(PeriodRead):
    """A member, and when."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MEMBER]})

    id: UUID = Field(description="The entity")
    rbw_number: str | None
    name: str
    demonstration: bool
