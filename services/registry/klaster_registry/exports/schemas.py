"""Wire shapes of exports."""

from typing import Literal

from pydantic import BaseModel, Field

Format = Literal["csv", "ndjson", "xlsx", "jsonld", "ror"]
Collection = Literal[
    "entities",
    "labs",
    "lab_services",
    "data_repositories",
    "foreign_hqs",
    "projects",
    "documents",
    "interest_groups",
    "fields",
    "sectors",
    "markets",
    "kinds",
    "groups",
    "networks",
    "advisory_bodies",
    "project_kinds",
    "document_kinds",
    "person_roles",
]


class ExportParameters(BaseModel):
    """What is exported, and how it is written."""

    collection: list[Collection] = Field(
        [],
        max_length=40,
        description="One or several, in this order; left out: entities where the format holds one table, else all",
    )
    format: Format | None = Field(None, description="Wins over Accept; `ndjson` where neither says anything")
