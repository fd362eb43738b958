"""Wire shapes of an entity's relations, as they are listed."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from klaster_registry.entities import examples
from klaster_registry.entities.schemas import OwnerRead, RelationKind
from klaster_shared.pagination import PageParameters

RelationIssue = Literal["self_relation", "parent_cycle"]


class RelationListParameters(PageParameters):
    """Which relations of an entity."""

    direction: Literal["out", "in"] = Field(
        "out", description="`out`: what its own record says of others; `in`: what the records of others say of it"
    )


class RelatedRead(BaseModel):
    """A relation as its entity sees it, with the other side where it stands in this register."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RELATED_READ]})

    kind: RelationKind
    direction: Literal["out", "in"]
    label: str
    scheme: str | None
    value: str | None
    entity: OwnerRead | None
    flags: list[str] = Field(description="outside (not in this register), self_relation, parent_cycle")
