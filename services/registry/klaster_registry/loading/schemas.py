"""Entities as a source states them: what the API takes, with the bounds that real sources need."""

from typing import Annotated

from pydantic import Field

from klaster_registry.entities.places.schemas import BranchIn
from klaster_registry.entities.schemas import EntityCreate, IdentifierIn, LinkIn, NameIn, RelationIn

# Of 36,000 organisations the largest has 1,038 relations and an address of 719 characters.
LongAddress = Annotated[str, Field(pattern=r"^https?://[^\s/\x00-\x1f\x7f]+(/[^\s\x00-\x1f\x7f]*)?$", max_length=2000)]


class LinkStated(LinkIn):
    """An address on the web, as long as a source writes it."""

    url: LongAddress


class EntityStated(EntityCreate):
    """An organisation as a source states it."""

    names: Annotated[list[NameIn], Field(min_length=1, max_length=1000)]
    branches: list[BranchIn] = Field([], max_length=1000)
    links: list[LinkStated] = Field([], max_length=1000)  # type: ignore[assignment]
    identifiers: list[IdentifierIn] = Field([], max_length=1000)
    relations: list[RelationIn] = Field([], max_length=10_000)
