"""What this service reads of the registry's feed."""

from uuid import UUID

from pydantic import BaseModel


class FeedChange(BaseModel):
    """One change."""

    kind: str
    collection: str
    id: str
    merged_into: UUID | None = None


class FeedPage(BaseModel):
    """Changes in commit order, and where to go on."""

    items: list[FeedChange]
    next: int
